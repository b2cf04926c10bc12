"""Slack's user groups as a source of groups; their members are people of the catalog, by confirmed addresses.

Facts: Slack's Web API. Errors come with status 200 and `ok` false; `users.list` is paged by a cursor.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from data.catalog.entity import Problem
from data.catalog.sources.directory import DirectoryCheckout, Team, entity_name, told
from data.errors import NotAllowed, Unavailable
from data.http.api import Api
from data.ports.catalog import Checkout, SourceFile

PAGE: Final = "200"
PAGES: Final = 1_000
GROUP_ID: Final = "slack.com/usergroup-id"
PASSING: Final = frozenset(
    {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)

Item = Mapping[str, Any]
Resolve = Callable[[Mapping[str, str]], tuple[Mapping[str, str], Sequence[str]]]


@dataclass(frozen=True, slots=True)
class SlackGroupsSource:
    """`resolve` turns confirmed addresses by account into references of people, and says in sentences which
    accounts it does not believe. Groups have a namespace of their own: no handle takes a team's name."""

    name: str
    url: str
    token: str = field(repr=False)
    resolve: Resolve = field(repr=False)
    namespace: str = "slack"

    @property
    def type(self) -> str:
        return "slack-groups"

    @property
    def location(self) -> str:
        return "the user groups of the workspace"

    def open(self) -> Checkout:
        if not self.token:
            raise NotAllowed("SLACK_BOT_TOKEN is not set.", "The user groups are read with the bot's token.")
        with closing(self._api()) as api:
            _ask(api, "usergroups.list", {})  # refused now rather than in the middle
        return DirectoryCheckout(self.tell)

    def tell(self, known: Mapping[str, str]) -> Iterator[SourceFile]:
        """Everything is asked before anything is told."""
        with closing(self._api()) as api:
            home = str(_ask(api, "auth.test", {}).get("team_id"))
            groups = _ask(api, "usergroups.list", {"include_users": "true"}).get("usergroups")
            people = list(_people(api))
        if not isinstance(groups, list):
            raise Unavailable("Slack answers something that is no list of user groups.")
        emails = {str(one["id"]): email for one in people if (email := _confirmed(one, home))}
        refs, doubts = self.resolve(emails)
        problems = [
            Problem("slack/members", 1, "warning", "owner", doubt, "the address that was known")
            for doubt in doubts
        ]
        yield from told((), _teams(groups, refs), problems, known, self.namespace)

    def _api(self) -> Api:
        return Api(self.url, {"authorization": f"Bearer {self.token}"})


def _ask(api: Api, method: str, asked: Mapping[str, str]) -> Item:
    answer = api.json("GET", f"/{method}", params=asked)
    if not isinstance(answer, dict):
        raise Unavailable(f"{api.host} answers something that is not Slack's.")
    if answer.get("ok"):
        return answer
    error = str(answer.get("error"))
    if error in PASSING:
        raise Unavailable(f"Slack cannot do it at the moment: {error}.")
    raise NotAllowed(
        f"Slack refuses {method}: {error}.", "The app needs usergroups:read, users:read, users:read.email."
    )


def _people(api: Api) -> Iterator[Item]:
    """Every account of the workspace."""
    asked = {"limit": PAGE}
    for _ in range(PAGES):
        answer = _ask(api, "users.list", asked)
        yield from (one for one in answer.get("members") or () if isinstance(one, dict) and one.get("id"))
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return
        asked = {"limit": PAGE, "cursor": cursor}
    raise Unavailable("Slack hands out page after page without an end.")


def _confirmed(user: Item, home: str) -> str:
    """The confirmed address of a full member of the home workspace, "" for everybody else."""
    odd = ("deleted", "is_bot", "is_workflow_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
    if any(user.get(flag) for flag in odd) or user.get("team_id") != home:
        return ""
    profile = user.get("profile") if isinstance(user.get("profile"), dict) else {}
    return str((profile or {}).get("email") or "").lower() if user.get("is_email_confirmed", True) else ""


def _teams(groups: Sequence[Any], refs: Mapping[str, str]) -> Iterator[Team]:
    for group in groups:
        name = entity_name(str(group.get("handle") or ""))
        if name and not group.get("date_delete") and not group.get("is_external"):
            members = sorted({refs[id] for id in group.get("users") or () if id in refs})
            about = str(group.get("description") or "")
            yield Team(
                name,
                str(group.get("name") or ""),
                about,
                "slack-usergroup",
                members,
                {GROUP_ID: str(group.get("id"))},
            )

"""Okta as a source: its active people as users of the catalog, its groups as groups.

Facts: Okta's published OpenAPI description. Lists are paged by the `Link` header; too many calls answer 429 with
`X-Rate-Limit-Reset`, in seconds since the epoch; `/users` leaves the deprovisioned out.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final
from urllib.parse import quote

from data.catalog.entity import DEFAULT_NAMESPACE, Problem
from data.catalog.sources.directory import DirectoryCheckout, Person, Team, entity_name, told
from data.errors import NotAllowed, Unavailable
from data.http.api import Api
from data.ports.catalog import Checkout, SourceFile

PAGE: Final = 200
PAGES: Final = 2_000  # of one list
AT_WORK: Final = frozenset({"ACTIVE", "PASSWORD_EXPIRED", "RECOVERY", "LOCKED_OUT"})
GROUPS: Final = frozenset({"OKTA_GROUP", "APP_GROUP"})  # the built-in group Everyone is no team
USER_ID: Final = "okta.com/user-id"
GROUP_ID: Final = "okta.com/group-id"

_NEXT = re.compile(r'<([^>]+)>\s*;\s*rel="?next"?')

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OktaSource:
    """`groups` are patterns of names; only groups that fit one are taken, and all when there is none.

    A person is named by what stands before the @ of the login, or by the whole login where two would be the same.
    `variable` is where the token stands in the environment, to be said when it is missing.
    """

    name: str
    url: str
    token: str = field(repr=False, default="")
    variable: str = ""
    groups: Sequence[str] = ()
    namespace: str = DEFAULT_NAMESPACE

    @property
    def type(self) -> str:
        return "okta"

    @property
    def location(self) -> str:
        return f"{self.url} ({', '.join(self.groups)})" if self.groups else self.url

    def open(self) -> Checkout:
        if not self.token:
            raise NotAllowed(
                f"{self.variable or 'The token'} is not set.", "Put a token of Okta there that may read."
            )
        with closing(self._api()) as api:
            api.json("GET", "/api/v1/groups", params={"limit": "1"})  # refused now rather than in the middle
        return DirectoryCheckout(self.tell)

    def tell(self, known: Mapping[str, str]) -> Iterator[SourceFile]:
        """Everything is asked before anything is told: half of it would be worse than none."""
        with closing(self._api()) as api:
            people = [one for one in _all(api, "/api/v1/users") if str(one.get("status")) in AT_WORK]
            groups = [one for one in _all(api, "/api/v1/groups") if self._takes(one)]
            if not people:
                raise Unavailable(f"{api.host} says that nobody works here.", "What was known stays.")
            names, problems = _names(groups)
            members = {
                id: [str(one.get("id")) for one in _all(api, f"/api/v1/groups/{quote(id, safe='')}/users")]
                for id in names
            }
        yield from told(
            _people(people, names, members, self.namespace), _teams(groups, names), problems, known, self.namespace
        )

    def _api(self) -> Api:
        return Api(self.url, {"authorization": f"SSWS {self.token}", "accept": "application/json"})

    def _takes(self, group: Item) -> bool:
        name = str(_profile(group).get("name") or "")
        fits = not self.groups or any(fnmatchcase(name, pattern) for pattern in self.groups)
        return fits and str(group.get("type")) in GROUPS


def _all(api: Api, path: str) -> Iterator[Item]:
    """Every item of a list, page by page; Okta names the next page itself, which must be its own."""
    asked: Mapping[str, str] | None = {"limit": str(PAGE)}
    for _ in range(PAGES):
        answer = api.call("GET", path, params=asked)
        items = answer.json()
        if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
            raise Unavailable(f"{api.host} answers something that is no list.")
        yield from items
        following = _NEXT.search(answer.headers.get("link", ""))
        if not following:
            return
        path, asked = following[1], None
    raise Unavailable(f"{api.host} hands out page after page without an end.")


def _names(groups: Sequence[Item]) -> tuple[Mapping[str, str], Sequence[Problem]]:
    """The name of each group by its id. Two groups of one name are none: their people must not be mixed."""
    called = {str(one.get("id")): entity_name(str(_profile(one).get("name") or "")) for one in groups}
    often = Counter(name.lower() for name in called.values())
    names = {id: name for id, name in called.items() if name and often[name.lower()] == 1}
    problems = [
        Problem(
            f"okta/{id}", 1, "error", "name", f"Okta has two groups that would be named {name}.", "other names"
        )
        for id, name in called.items()
        if id not in names
    ]
    return names, problems


def _people(
    users: Sequence[Item], names: Mapping[str, str], members: Mapping[str, Sequence[str]], namespace: str
) -> Iterator[Person]:
    logins = {str(one.get("id")): str(_profile(one).get("login") or "") for one in users}
    often = Counter(entity_name(login.partition("@")[0]).lower() for login in logins.values())
    within: dict[str, list[str]] = {}
    for group, ids in members.items():
        for id in ids:
            within.setdefault(id, []).append(f"group:{namespace}/{names[group]}".lower())
    for user in users:
        id, profile = str(user.get("id")), _profile(user)
        short = entity_name(logins[id].partition("@")[0])
        name = short if often[short.lower()] == 1 else entity_name(logins[id])
        title = str(profile.get("displayName") or f"{profile.get('firstName', '')} {profile.get('lastName', '')}")
        if name:
            yield Person(
                name, str(profile.get("email") or ""), title.strip(), sorted(within.get(id, ())), {USER_ID: id}
            )


def _teams(groups: Sequence[Item], names: Mapping[str, str]) -> Iterator[Team]:
    for group in groups:
        id, profile = str(group.get("id")), _profile(group)
        if id in names:
            title = str(profile.get("name") or "")
            about = str(profile.get("description") or "")
            yield Team(names[id], title if title != names[id] else "", about, "team", (), {GROUP_ID: id})


def _profile(item: Item) -> Item:
    profile = item.get("profile")
    return profile if isinstance(profile, dict) else {}

"""A Slack user as a person who may ask, or the reason why not. Unknown means refused."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.who.me import Identity
from data.errors import NotAllowed, Unavailable, UserError

FRESH = 600.0  # seconds for which a profile is believed without asking again
REFUSED = 60.0  # seconds for which a refusal is; shorter, since people are let in more often than put out
WHEN_SLACK_IS_DOWN = 3600.0  # a person known within the hour may still ask: the bot is needed when things break
PEOPLE = 50_000  # kept at most


@dataclass(frozen=True, slots=True)
class Person:
    """A full member of our workspace. `email` is "" unless Slack confirmed it."""

    id: str
    name: str
    email: str
    timezone: str


class People:
    """Slack's users, asked once and kept for a while. Safe for many threads."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._known: dict[str, tuple[float, Person | UserError]] = {}  # account -> (believed until, what)
        self._lock = threading.Lock()

    def remembered(self, user_id: str) -> Person | None:
        """The person, when asking Slack is not needed."""
        until, known = self._known.get(user_id, (0.0, None))
        return known if isinstance(known, Person) and time.monotonic() < until else None

    def fresh(self, user_id: str, seconds: float) -> Person | None:
        """The person, when Slack said so within so many seconds."""
        until, known = self._known.get(user_id, (0.0, None))
        return known if isinstance(known, Person) and time.monotonic() < until - FRESH + seconds else None

    def asked(self, user_id: str, me: Identity) -> Person:
        """The person as Slack knows them now. Raises NotAllowed with the reason, or Unavailable."""
        found = self._ask(user_id, me, None)
        if isinstance(found, UserError):
            raise type(found)(found.message, found.hint)
        return found

    def email(self, user_id: str, me: Identity | None) -> str:
        """The confirmed address of a full member, "" for everybody else and when Slack does not say."""
        if me is None:
            return ""
        try:
            return self.person(user_id, me).email
        except UserError:
            return ""

    def person(self, user_id: str, me: Identity) -> Person:
        """The person, asking Slack when needed. Raises NotAllowed with the reason, or Unavailable."""
        until, known = self._known.get(user_id, (0.0, None))
        now = time.monotonic()
        if known is None or now >= until:
            known = self._ask(user_id, me, known if now < until + WHEN_SLACK_IS_DOWN else None)
        if isinstance(known, UserError):
            raise type(known)(known.message, known.hint)
        return known

    def _ask(self, user_id: str, me: Identity, before: Person | UserError | None) -> Person | UserError:
        try:
            found: Person | UserError = admitted(self._client.users_info(user=user_id).get("user") or {}, me)
        except SlackApiError as error:
            found = _unknown(str(error.response.get("error")))
        except OSError:
            found = _unknown("unreachable")
        except NotAllowed as error:
            found = error
        if isinstance(found, Unavailable):  # not remembered: the next question asks again
            return before if isinstance(before, Person) else found
        self._remember(user_id, found)
        return found

    def _remember(self, user_id: str, found: Person | UserError) -> None:
        seconds = FRESH if isinstance(found, Person) else REFUSED
        with self._lock:
            if len(self._known) >= PEOPLE:
                self._known.clear()
            self._known[user_id] = (time.monotonic() + seconds, found)


def admitted(user: Mapping[str, Any], me: Identity) -> Person:
    """The person behind a `user` object of Slack. Raises NotAllowed for everybody who is not a full member."""
    reason = refusal(user, me)
    if reason:
        raise NotAllowed(reason, "Ask a colleague who is a full member of the workspace.")
    profile: Mapping[str, Any] = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return Person(
        id=str(user["id"]),
        name=next((str(name) for name in names if name), "somebody"),
        email=str(profile.get("email") or "") if user.get("is_email_confirmed", True) else "",
        timezone=str(user.get("tz") or "UTC"),
    )


def refusal(user: Mapping[str, Any], me: Identity) -> str:
    """Why this user gets nothing from inside, as a sentence; "" when nothing speaks against them."""
    if not user.get("id"):
        return "Slack does not say who you are, so there is no answer."
    if user.get("deleted"):
        return "This account is deactivated."
    if user.get("is_bot") or user.get("is_workflow_bot") or user["id"] == "USLACKBOT":
        return "Bots get no answers."
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return "Guests of the workspace get no answers about internal services."
    if user.get("is_stranger") or not _of_our_workspace(user, me):
        return "People of other workspaces get no answers about internal services."
    return ""


def _of_our_workspace(user: Mapping[str, Any], me: Identity) -> bool:
    if user.get("team_id", me.team_id) == me.team_id:  # Slack names it for everybody; `is_stranger` counts besides
        return True
    grid: Mapping[str, Any] = user.get("enterprise_user") or {}
    ours = bool(me.enterprise_id) and grid.get("enterprise_id") == me.enterprise_id
    return ours and (me.whole_enterprise or me.team_id in (grid.get("teams") or ()))


def _unknown(error: str) -> UserError:
    if error in {"user_not_found", "user_not_visible", "users_not_found"}:
        return NotAllowed("Slack does not know you in this workspace, so there is no answer.")
    hint = "Try again in a minute."
    return Unavailable("Slack does not say who you are at the moment, so there is no answer.", hint)

"""The people and channels of the simulated workspace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from data.documents import Document, load_documents

TEAM = "T0PLAYGRND"
OTHER_TEAM = "T0PARTNERS"
APP = "A0PLAYGRND"
BOT = "B0PLAYGRND"
BOT_USER = "U0PLAYGRND"

Kind = Literal["member", "admin", "guest", "single-channel-guest", "stranger", "bot", "deleted"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a tester can act as.

    `name` is the handle, `role` the line under it on the page. A stranger belongs to another workspace and is seen
    through a shared channel.
    """

    id: str
    name: str
    real_name: str
    email: str = ""
    role: str = ""
    kind: Kind = "member"
    tz: str = "Europe/London"

    @property
    def team_id(self) -> str:
        return OTHER_TEAM if self.kind == "stranger" else TEAM

    def as_slack(self) -> dict[str, Any]:
        """What `users.info` says about this person."""
        profile = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "title": self.role,
            "team": self.team_id,
        }
        if self.email:
            profile["email"] = self.email
        return {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.kind == "deleted",
            "tz": self.tz,
            "profile": profile,
            "is_admin": self.kind == "admin",
            "is_owner": False,
            "is_bot": self.kind == "bot",
            "is_app_user": False,
            "is_restricted": self.kind in {"guest", "single-channel-guest"},
            "is_ultra_restricted": self.kind == "single-channel-guest",
            "is_stranger": self.kind == "stranger",
            "is_email_confirmed": True,
        }


@dataclass(frozen=True, slots=True)
class Place:
    """A channel to create: `people` are ids or names ("*" is every member), `bot` tells whether the app is in."""

    id: str
    name: str
    people: tuple[str, ...] = ("*",)
    private: bool = False
    shared: bool = False
    archived: bool = False
    bot: bool = True
    topic: str = ""


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A user group: `handle` is what people write after @."""

    id: str
    handle: str
    name: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """Everything that a fresh workspace starts with."""

    people: Sequence[Person]
    places: Sequence[Place]
    groups: Sequence[UserGroup] = field(default=())
    name: str = "Acme (demo)"


def default_company() -> Company:
    """A workspace for tests: one person of every kind that the bot must tell apart."""
    return Company(
        people=(
            Person("U0ENGINEER", "engineer", "Erin Engineer", "erin@acme.example", "Engineer, payments"),
            Person("U0SECONDEN", "second-engineer", "Sam Second", "sam@acme.example", "Engineer, storefront"),
            Person("U0TEAMLEAD", "lead", "Lee Lead", "lee@acme.example", "Lead of payments"),
            Person("U0PLATFORM", "platform", "Pat Platform", "pat@acme.example", "Platform engineer", "admin"),
            Person("U0THEGUEST", "guest", "Gus Guest", "gus@contractor.example", "Guest", "guest"),
            Person("U0STRANGER", "stranger", "Sky Stranger", "", "From a partner company", "stranger"),
            Person("U0OTHERBOT", "other-bot", "Other Bot", "", "Another app", "bot"),
            Person("U0DEPARTED", "departed", "Dee Departed", "dee@acme.example", "Left the company", "deleted"),
        ),
        places=(
            Place("C0GENERAL0", "general", ("*", "guest"), topic="Everybody"),
            Place("C0PAYMENTS", "payments", ("engineer", "lead"), private=True, bot=False),
            Place("C0SHARED00", "shared", ("*", "stranger"), shared=True, topic="With a partner company"),
            Place("C0ARCHIVED", "archived", archived=True),
        ),
        groups=(UserGroup("S0PAYMENTS", "payments-team", "Payments", ("engineer", "lead")),),
    )


def load_company(content: bytes) -> Company:
    """The company in a YAML file with `team`, `people` and `channels` (data/demo/people.yaml shows one).

    Raises ValueError where the file is not of that form.
    """
    (document,) = load_documents(content)
    if not isinstance(document, Document):
        raise ValueError(f"line {document.line}: {document.message}")
    try:
        return Company(
            people=tuple(_person(row) for row in document.value["people"]),
            places=tuple(_place(row) for row in document.value["channels"]),
            name=f"{document.value['team']['name']} (demo)",
        )
    except (KeyError, TypeError) as fault:
        raise ValueError(f"people of the demo: {fault!r} is missing or of the wrong type") from fault


_KINDS: Mapping[str, Kind] = {"platform": "admin", "guest": "guest", "stranger": "stranger"}


def _person(row: Mapping[str, Any]) -> Person:
    kind = _KINDS.get(row["role"], "member")
    title = row.get("title", row["role"])
    return Person(
        row["id"], row["name"], row["real_name"], row.get("email", ""), title, kind, row.get("tz", "UTC")
    )


def _place(row: Mapping[str, Any]) -> Place:
    return Place(
        row["id"],
        row["name"],
        tuple(row["members"]),
        private=row.get("private", False),
        shared=row.get("shared", False),
        topic=row.get("topic", ""),
    )

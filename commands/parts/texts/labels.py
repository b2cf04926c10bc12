"""How entities are called and reached in answers: a name, a line, an owner, a channel."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from commands.parts.reply import Md, escape, link, md
from data.catalog.entity import Entity
from data.catalog.indexes.content import Content
from data.catalog.snapshot import Owner

CHANNEL_KEYS = ("slack.com/channel", "idp/slack-channel", "slack/channel", "slack.com/channel-name")
LEAD_KEYS = ("idp/lead", "backstage.io/lead")
_ARCHIVE = re.compile(r"https://[\w-]+(?:\.enterprise)?\.slack\.com/archives/\w+").match


class Contact(NamedTuple):
    """How to reach the people behind an entity: "" where nothing is stated."""

    channel: str  # without #
    channel_md: Md
    lead: str  # as written: a reference or a name
    profile: Mapping[str, str]


_NO_CONTACT = Contact("", Md(""), "", MappingProxyType({}))


def contact(entity: Entity) -> Contact:
    """Read from annotations and links; remembered, since a few teams own everything that is asked for.

    What states none of these words needs no decoding.
    """
    detail = entity.stated
    if "channel" in detail or "lead" in detail or "/archives/" in detail or '"profile"' in detail:
        return _contact(detail)
    return _NO_CONTACT


@lru_cache(maxsize=8192)
def _contact(detail: str) -> Contact:
    details: Mapping[str, Any] = orjson.loads(detail) if detail else {}
    notes: Mapping[str, str] = details.get("annotations", {})
    links: Sequence[Mapping[str, Any]] = details.get("links", ())
    name = next((notes[key] for key in CHANNEL_KEYS if notes.get(key)), "").lstrip("#")
    url = next((str(each["url"]) for each in links if _ARCHIVE(str(each.get("url", "")))), "")
    if not name and url:
        name = url.rstrip("/").rpartition("/")[2]
    shown = link(url, f"#{name}") if url else channel_md(name)
    lead = next((notes[key] for key in LEAD_KEYS if notes.get(key)), "")
    return Contact(name, shown, lead, details.get("profile", {}))


def channel_md(name: str) -> Md:
    """A channel id becomes Slack's own link, a name stays a name."""
    if len(name) > 8 and name[0] in "CG" and name.isascii() and name.isalnum() and name.isupper():
        return Md(f"<#{name}>")
    return Md(f"#{escape(name)}") if name else Md("")


def profile_of(person: Entity) -> Mapping[str, str]:
    """What is stated of displayName, email, picture."""
    return contact(person).profile


def display_name(person: Entity) -> str:
    """A user's own name, as the profile has it."""
    return person.title or profile_of(person).get("displayName") or person.name


def label(entity: Entity) -> str:
    """What people call it; a person by the name in the profile."""
    return display_name(entity) if entity.kind == "User" else entity.label


def named(entity: Entity) -> Md:
    """What people call it, and its name where that differs."""
    called, name = label(entity), entity.name
    return Md(escape(name) if called == name else f"{escape(called)} ({escape(name)})")


def owner_md(owner: Owner) -> Md:
    """The owner in a few words, with the doubt if there is one."""
    if owner.entity is None:
        return md("{} (not in the catalog)", owner.ref) if owner.ref else Md("not stated")
    return Md(named(owner.entity) if owner.certainty == "declared" else f"probably {named(owner.entity)}")


def owner_word(content: Content, entity: Entity | None) -> str:
    """The owner as one short name for a line of a list; "" when unknown."""
    if entity is None:
        return ""
    return content.owner_of(entity.owner).word


def what(entity: Entity) -> str:
    """What it is in a word or two: "service", "openapi API", "service template", "system"."""
    kind = entity.kind if entity.kind == "API" else entity.kind.lower()
    if entity.kind in ("API", "Template") and entity.type.lower() != kind.lower():
        return f"{entity.type} {kind}".strip()
    return entity.type or kind


def cut(text: str, most: int) -> str:
    """At most so many signs, the cut marked."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def plural(count: int, word: str) -> str:
    """The count with its word: "1 team", "1,200 entities"."""
    if count == 1:
        return f"1 {word}"
    return f"{count:,} {word[:-1]}ies" if word.endswith("ty") else f"{count:,} {word}s"

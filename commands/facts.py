"""What several answers say: source and age of a fact, how to reach a team, an entity in a line."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from commands.ask import Ask
from commands.reply import Md, escape, link, md
from data.catalog.entity import Entity
from data.catalog.snapshot import Owner, Snapshot

OLD = timedelta(hours=24)  # a source that was not read for longer is marked
CHANNEL_KEYS = ("slack.com/channel", "idp/slack-channel", "slack/channel", "slack.com/channel-name")
LEAD_KEYS = ("idp/lead", "backstage.io/lead")


def age(now: datetime, then: datetime) -> str:
    """How long ago, in the one unit that people would say."""
    seconds = int((now - then).total_seconds())
    if seconds < 60:
        return "just now"
    for unit, size in (("d", 86_400), ("h", 3_600)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds // 60} min ago"


class Contact(NamedTuple):
    """How to reach the people behind an entity: "" where nothing is stated."""

    channel: str  # without #
    channel_md: Md
    lead: str  # as written: a reference or a name
    url: str  # where the catalog file can be viewed


@lru_cache(maxsize=4096)
def contact(entity: Entity) -> Contact:
    """Read from annotations and links; remembered, since a few teams own everything that is asked for."""
    details = entity.details()
    notes: Mapping[str, str] = details.get("annotations", {})
    links: Sequence[Mapping[str, Any]] = details.get("links", ())
    name = next((notes[key] for key in CHANNEL_KEYS if notes.get(key)), "").lstrip("#")
    url = next((str(each["url"]) for each in links if "slack.com/archives/" in str(each.get("url", ""))), "")
    if not name and url:
        name = url.rstrip("/").rpartition("/")[2]
    shown = link(url, f"#{name}") if url else _channel(name)
    lead = next((notes[key] for key in LEAD_KEYS if notes.get(key)), "")
    return Contact(name, shown, lead, str(details.get("url", "")))


def _channel(name: str) -> Md:
    """A channel id becomes Slack's own link, a name stays a name."""
    if len(name) > 8 and name[0] in "CG" and name.isascii() and name.isalnum() and name.isupper():
        return Md(f"<#{name}>")
    return Md(f"#{escape(name)}") if name else Md("")


def source_note(ask: Ask, entity: Entity) -> Md:
    """Who told us, where, and how long ago: "acme · checkout/catalog-info.yaml:12 · synced 3 min ago"."""
    place = f"{entity.path}:{entity.line}"
    url = contact(entity).url
    shown = link(url, place) if url else escape(place)
    stale = " · *the file no longer reads, this is its last good version*" if entity.stale else ""
    return Md(f"{escape(entity.source)} · {shown} · {freshness(ask, entity.source)}{stale}")


def freshness(ask: Ask, source: str) -> Md:
    """How old what this source told us is, and whether that is too old."""
    state = ask.snapshot.sources.get(source)
    if state is None or state.synced_at is None:
        return Md("never synced")
    old = " :warning:" if state.error or ask.now - state.synced_at > OLD else ""
    return Md(f"synced {age(ask.now, state.synced_at)}{old}")


def owner_md(owner: Owner) -> Md:
    """The owner in a few words, with the doubt if there is one."""
    if owner.entity is None:
        return md("{} (not in the catalog)", owner.ref) if owner.ref else Md("not stated")
    said = md("{} ({})", owner.entity.label, owner.entity.name)
    return said if owner.certainty == "declared" else md("probably {}", said)


def owner_word(snapshot: Snapshot, entity: Entity | None) -> str:
    """The owner as one short name for a line of a list; "" when unknown."""
    if entity is None:
        return ""
    owner = snapshot.owner(entity)
    return owner.entity.name if owner.entity else short(owner.ref)


def short(ref: str) -> str:
    """The name of a canonical reference; with its namespace when that is not the default one."""
    namespace, _, name = ref.partition(":")[2].partition("/")
    return name if namespace == "default" else f"{namespace}/{name}" if name else ref


def line(entity: Entity) -> Md:
    """An entity in one line: name, kind and type, what it is."""
    kind = f"{entity.kind}, {entity.type}" if entity.type else entity.kind
    said = md("*{}* ({})", entity.name, kind)
    return md("{}: {}", said, cut(entity.description, 120)) if entity.description else said


def cut(text: str, most: int) -> str:
    """At most so many signs, the cut marked."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def entity_data(snapshot: Snapshot, entity: Entity) -> dict[str, Any]:
    """An entity for machines: ref, kind, name, title, type, lifecycle, owner (reference or null), source."""
    return {
        "ref": entity.ref,
        "kind": entity.kind,
        "name": entity.name,
        "title": entity.title,
        "type": entity.type,
        "lifecycle": entity.lifecycle,
        "owner": snapshot.owner(entity).ref or None,
        "source": source_data(entity),
    }


def source_data(entity: Entity) -> dict[str, Any]:
    """Where an entity was told, for machines: name, path, line, stale."""
    return {"name": entity.source, "path": entity.path, "line": entity.line, "stale": entity.stale}

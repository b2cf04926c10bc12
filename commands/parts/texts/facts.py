"""Where a fact comes from and how old it is; entities for machines."""

from datetime import datetime, timedelta
from typing import Any

from commands.parts.ask import Ask
from commands.parts.board_now import board_of
from commands.parts.reply import Md, escape, link, md
from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot

OLD = timedelta(hours=24)  # a source that was not read for longer is marked


def age(now: datetime, then: datetime) -> str:
    """How long ago, in the one unit that people would say."""
    seconds = int((now - then).total_seconds())
    if seconds < 60:
        return "just now"
    for unit, size in (("d", 86_400), ("h", 3_600)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds // 60} min ago"


def source_note(ask: Ask, entity: Entity) -> Md:
    """Who told us, where, and how long ago: "acme · checkout/catalog-info.yaml:12 · synced 3 min ago"."""
    return Md(" · ".join(source_facts(ask, entity)))


def source_facts(ask: Ask, entity: Entity) -> tuple[str, str, str]:
    """What `source_note` puts together: the source, the place in it and the age, each safe to show."""
    url, source = entity.url, entity.source
    place = f"{entity.path}:{entity.line}"
    ages = board_of(ask).ages
    said = ages.get(source)
    if said is None:
        said = ages[source] = (escape(source), synced(ask, source))
    age = f"{said[1]} · *the file no longer reads, this is its last good version*" if entity.stale else said[1]
    return said[0], link(url, place) if url else escape(place), age


def synced(ask: Ask, source: str) -> Md:
    """How old what this source told us is, and whether that is too old."""
    state = ask.snapshot.sources.get(source)
    if state is None or state.synced_at is None:
        return Md("never synced")
    old = " :warning:" if state.error or ask.now - state.synced_at > OLD else ""
    return Md(f"synced {age(ask.now, state.synced_at)}{old}")


def sources_note(ask: Ask) -> Md:
    """All sources, and how long ago the oldest of them was read; "" if none ever was."""
    ages = board_of(ask).ages
    said = ages.get("")
    if said is None:
        said = ages[""] = ("", _sources(ask))
    return said[1]


def _sources(ask: Ask) -> Md:
    sources = ask.snapshot.sources
    times = [state.synced_at for state in sources.values() if state.synced_at]
    return md("{} · synced {}", ", ".join(sources), age(ask.now, min(times))) if times else Md("")


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

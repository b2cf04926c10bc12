"""Entities as the lines of a list."""

from collections.abc import Sequence
from functools import lru_cache

from commands.parts.reply import Md, escape, escape_all
from commands.parts.texts.labels import cut
from data.catalog.entity import Entity, short
from data.catalog.indexes.content import Content
from data.catalog.snapshot import Snapshot

LONGEST = 120  # signs of a description, or of a name


def lines(entities: Sequence[Entity]) -> list[Md]:
    """Each in one line: name, kind and type, what it is."""
    return _lines(entities, [""] * len(entities))


def owned_lines(snapshot: Snapshot, entities: Sequence[Entity]) -> list[Md]:
    """Likewise, and whose it is where that is known."""
    ends = owner_ends(snapshot)
    return _lines(entities, [ends[entity.owner] for entity in entities])


def _lines(entities: Sequence[Entity], ends: Sequence[str]) -> list[Md]:
    names = escape_all([entity.name for entity in entities])
    abouts = escape_all([cut(entity.description, LONGEST) for entity in entities])
    return [
        Md(f"*{name}* ({_kind(entity.kind, entity.type)}): {about}{end}")
        if about
        else Md(f"*{name}* ({_kind(entity.kind, entity.type)}){end}")
        for entity, name, about, end in zip(entities, names, abouts, ends, strict=True)
    ]


@lru_cache(maxsize=1024)
def _kind(kind: str, type_: str) -> str:
    """There are few."""
    return escape(f"{kind}, {type_}" if type_ else kind)


class OwnerEnds(dict[str, str]):
    """What ends a line about something owned, by owner as stated: " · team-payments", "" for none."""

    def __init__(self, content: Content) -> None:
        super().__init__()
        self._content = content

    def __missing__(self, owner: str) -> str:
        ref, found, _ = self._content.owner_of(owner)
        name = found.name if found else short(ref)
        end = self[owner] = f" · {escape(cut(name, LONGEST))}" if name else ""
        return end


def owner_ends(snapshot: Snapshot) -> OwnerEnds:
    """Those of these entities: a few own everything."""
    ends = snapshot.recall(OwnerEnds)
    if not isinstance(ends, OwnerEnds):
        ends = OwnerEnds(snapshot.content)
        snapshot.remember(OwnerEnds, ends)
    return ends

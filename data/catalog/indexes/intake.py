"""How rows of the database become the entities of a snapshot: column by column, some hundred rows at a time."""

from collections.abc import Iterable
from functools import partial
from itertools import islice, repeat
from typing import Any, Final

from data.catalog.entity import Entity
from data.catalog.indexes.edges import Pages
from data.catalog.indexes.names import STEP, Row
from data.catalog.lazily import Rest
from data.catalog.packing import packed

Told = tuple[str, str]  # the reference of a group, and its relations as JSON

AT_ONCE: Final = 100  # rows: all their texts fit into the processor's cache
ALIKE: Final = ("kind", "namespace", "owner", "type", "lifecycle", "system", "tags", "source", "detail")

_ALIKE = [Entity._fields.index(name) for name in ALIKE]
_REF, _NAME, _STALE, _RELATIONS, _DETAIL = map(
    Entity._fields.index, ("ref", "name", "stale", "relations", "detail")
)
_entity = partial(tuple.__new__, Entity)  # what Entity._make does, at a third of the price


def take_in(rows: Iterable[Row], rest: Rest) -> tuple[list[Entity], Pages, list[Told]]:
    """The rows, apart from them their relations, and those of groups once more.

    Texts that repeat themselves are kept once; a database gives each row its own copies. The relations, a third of
    all text, go when they have become edges: in pages, so that they leave no holes between the texts that stay.
    """
    pool: dict[str, str] = {}
    taken: list[Entity] = []
    pages, groups = Pages(), list[Told]()
    coming = iter(rows)
    while some := list(islice(coming, AT_ONCE)):
        columns: list[Iterable[Any]] = list(zip(*some, strict=True))
        pages.add([row[_RELATIONS] for row in some])
        groups += [(row[_REF], row[_RELATIONS]) for row in some if row[_REF].startswith("group:")]
        columns[_RELATIONS] = repeat("")
        columns[_STALE] = map(bool, columns[_STALE])
        columns[_DETAIL] = [packed(row[_DETAIL], row[_NAME]) for row in some]
        for at in _ALIKE:
            columns[at] = map(pool.setdefault, columns[at], columns[at])
        taken += map(_entity, zip(*columns, strict=False))
        if not len(taken) % STEP:
            rest()
    return taken, pages, groups

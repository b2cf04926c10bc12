"""Who may tell people: rights hang on users and groups, so a directory's word is not mixed with others."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Final

import orjson

from data.catalog.descriptors.reading import Reading, Row
from data.catalog.entity import Entity, Problem

BELONGING: Final = frozenset({"memberOf", "hasMember", "parentOf", "childOf"})
PEOPLE: Final = ("user:", "group:")

_EXPECTED: Final = "the directory to tell it, or this source in catalog.people_from"


def without_people(readings: Mapping[str, Reading]) -> dict[str, Reading]:
    """What a source says that may not tell people: no users, and of groups neither members nor what is above them.

    What is left out is told as a problem of its file. A group itself (its channel, say) may stand anywhere.
    """
    return {path: _without(reading) for path, reading in readings.items()}


def _without(reading: Reading) -> Reading:
    if not any(_touches(row.entity) for row in reading.rows):
        return reading
    rows, problems = list[Row](), list[Problem]()
    for row in reading.rows:
        if not _touches(row.entity):
            rows.append(row)
            continue
        problems.append(_problem(row.entity))
        rows += _stripped(row)
    return replace(reading, rows=rows, problems=[*reading.problems, *problems])


def _touches(entity: Entity) -> bool:
    return entity.ref.startswith("user:") or any(_belongs(entity, each) for each in _relations(entity))


def _relations(entity: Entity) -> list[list[object]]:
    declared: list[list[object]] = orjson.loads(entity.relations) if entity.relations else []
    return declared


def _belongs(entity: Entity, relation: list[object]) -> bool:
    among = entity.ref.startswith(PEOPLE) or str(relation[1]).startswith(PEOPLE)
    return relation[0] in BELONGING and among


def _stripped(row: Row) -> Iterator[Row]:
    """The entity without what it may not say; its digest differs, so that a change of the rule is a change."""
    if row.entity.ref.startswith("user:"):
        return
    kept = [each for each in _relations(row.entity) if not _belongs(row.entity, each)]
    entity = row.entity._replace(relations=orjson.dumps(kept).decode())
    digest = blake2b(f"{row.digest} without people".encode(), digest_size=16).hexdigest()
    yield Row(entity, digest)


def _problem(entity: Entity) -> Problem:
    what = "This user is" if entity.ref.startswith("user:") else "Members and groups above or below are"
    message = f"{what} not taken: people come from the directory."
    return Problem(entity.path, entity.line, "warning", "people", message, _EXPECTED, entity.ref)

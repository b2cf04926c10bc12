"""Facts: the last good value of each with its source and age, and every value that it had before."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

import orjson
from sqlalchemy import bindparam, insert, select
from sqlmodel import col, delete, update

from data.ports.facts import Fact, Reading, Readings, Value
from data.store.database import Store
from data.store.tables.scores import CollectorRow, FactChangeRow, FactRow

NOTICED = timedelta(hours=1)  # how old the time of an unchanged observation may become before it is written again
AT_ONCE = 500  # references in one question


class Stored(NamedTuple):
    """A row of the table."""

    entity: str
    name: str
    value: str
    source: str
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """How the last run of a collector went; `told_at` None: never well."""

    name: str
    tried_at: datetime
    told_at: datetime | None
    error: str
    facts: int


class Past(NamedTuple):
    """A value that a fact took at a time; None: it was withdrawn."""

    value: Value | None
    source: str
    at: datetime


class _Sorted(NamedTuple):
    """Facts with their values as JSON: never told before, told otherwise, told the same but long ago."""

    fresh: list[tuple[Fact, str]]
    changed: list[tuple[Fact, str]]
    seen: list[tuple[Fact, str]]


def news(store: Store, facts: Iterable[Fact]) -> list[Fact]:
    """Those of the facts that `put` would write: most of what is gathered is as it was."""
    return [fact for part in _sorted_out(store, facts) for kind in part for fact, _ in kind]


def put(store: Store, facts: Iterable[Fact], now: datetime) -> set[str]:
    """Keep these; gives the entities of which a value changed. What is older than what is known is passed over."""
    entities: set[str] = set()
    for part in _sorted_out(store, facts):
        if part.fresh:
            rows = [_row(fact, value) | {"changed_at": now} for fact, value in part.fresh]
            store.connection.execute(insert(FactRow), rows)
        changed = [_row(fact, value) | {"changed_at": now} for fact, value in part.changed]
        _update(store, changed, ("value", "changed_at"))
        _update(store, [_row(fact, value) for fact, value in part.seen])
        told = [*part.fresh, *part.changed]
        _remember(store, [(fact.entity, fact.name, value, fact.source) for fact, value in told], now)
        entities |= {fact.entity for fact, _ in told}
    return entities


def _sorted_out(store: Store, facts: Iterable[Fact]) -> Iterator[_Sorted]:
    """Against what is known, some hundred entities at a time."""
    by_entity: dict[str, dict[str, Fact]] = {}
    for fact in facts:
        by_entity.setdefault(fact.entity, {})[fact.name] = fact
    for entities in _batches(sorted(by_entity)):
        known = {(row.entity, row.name): row for row in _rows(store, entities)}
        yield _compared((fact for ref in entities for fact in by_entity[ref].values()), known)


def _compared(facts: Iterable[Fact], known: Mapping[tuple[str, str], Stored]) -> _Sorted:
    found = _Sorted([], [], [])
    for fact in facts:
        value, row = orjson.dumps(fact.value).decode(), known.get(fact[:2])
        if row is None:
            found.fresh.append((fact, value))
        elif fact.observed_at < row.observed_at:
            continue
        elif row.value != value:
            found.changed.append((fact, value))
        elif row.source != fact.source or fact.observed_at - row.observed_at >= NOTICED:
            found.seen.append((fact, value))
    return found


def _row(fact: Fact, value: str) -> dict[str, object]:
    return {**fact._asdict(), "value": value}


def _update(store: Store, rows: Sequence[Mapping[str, object]], more: Sequence[str] = ()) -> None:
    if rows:
        columns = ("source", "observed_at", *more)
        where = (col(FactRow.entity) == bindparam("the_entity"), col(FactRow.name) == bindparam("the_name"))
        statement = update(FactRow).where(*where).values({name: bindparam(f"new_{name}") for name in columns})
        keys = [{"the_entity": row["entity"], "the_name": row["name"]} for row in rows]
        values = [{f"new_{name}": row[name] for name in columns} for row in rows]
        store.connection.execute(statement, [key | value for key, value in zip(keys, values, strict=True)])


def _remember(store: Store, rows: Iterable[tuple[str, str, str, str]], now: datetime) -> None:
    past = [
        {"entity": entity, "name": name, "value": value, "source": source, "at": now}
        for entity, name, value, source in rows
    ]
    if past:
        store.connection.execute(insert(FactChangeRow), past)


def withdraw(
    store: Store, source: str, told: Collection[tuple[str, str]], kept: Callable[[str, str], bool], now: datetime
) -> set[str]:
    """Forget what this source told before and neither tells now nor keeps; gives the entities."""
    query = select(col(FactRow.entity), col(FactRow.name)).where(col(FactRow.source) == source)
    gone = [key for key in store.connection.execute(query) if key not in told and not kept(*key)]
    for entity, name in gone:
        store.connection.execute(delete(FactRow).where(col(FactRow.entity) == entity, col(FactRow.name) == name))
    _remember(store, [(entity, name, "", source) for entity, name in gone], now)
    return {entity for entity, _ in gone}


def readings(store: Store, entities: Collection[str] | None = None) -> dict[str, Readings]:
    """The facts of these entities, or of all, by reference; what their source could not tell lately is said."""
    troubles = {run.name: run.error for run in runs(store).values()}
    return {
        entity: {row.name: _reading(row, troubles) for row in rows}
        for entity, rows in groupby(_rows(store, entities), lambda row: row.entity)
    }


def _reading(row: Stored, troubles: Mapping[str, str]) -> Reading:
    return Reading(orjson.loads(row.value), row.source, row.observed_at, troubles.get(row.source, ""))


def past(store: Store, entity: str, name: str, most: int = 100) -> Sequence[Past]:
    """The values that one fact took, the newest first."""
    query = (
        select(col(FactChangeRow.value), col(FactChangeRow.source), col(FactChangeRow.at))
        .where(col(FactChangeRow.entity) == entity, col(FactChangeRow.name) == name)
        .order_by(col(FactChangeRow.at).desc(), col(FactChangeRow.id).desc())
        .limit(most)
    )
    rows = store.connection.execute(query)
    return [Past(orjson.loads(value) if value else None, source, at) for value, source, at in rows]


def note_run(store: Store, run: Run) -> None:
    """Write down how a run went; `told_at` of before stays when this one told nothing."""
    values: dict[str, object] = {"tried_at": run.tried_at, "error": run.error}
    if run.told_at is not None:
        values |= {"told_at": run.told_at, "facts": run.facts}
    statement = update(CollectorRow).where(col(CollectorRow.name) == run.name).values(values)
    if not store.connection.execute(statement).rowcount:
        fresh = {"told_at": None, "facts": 0, **values, "name": run.name}
        store.connection.execute(insert(CollectorRow), [fresh])


def runs(store: Store) -> dict[str, Run]:
    """The last run of each collector by its name."""
    columns = [getattr(CollectorRow, name) for name in Run.__dataclass_fields__]
    return {row[0]: Run(*row) for row in store.connection.execute(select(*columns))}


def _rows(store: Store, entities: Collection[str] | None) -> Iterator[Stored]:
    """Ordered by entity."""
    ordered = select(*[getattr(FactRow, name) for name in Stored._fields]).order_by(
        col(FactRow.entity), col(FactRow.name)
    )
    wheres = (
        [()] if entities is None else [(col(FactRow.entity).in_(part),) for part in _batches(sorted(entities))]
    )
    for where in wheres:
        for row in store.connection.execute(ordered.where(*where)):
            yield Stored(*row)


def _batches(refs: Sequence[str]) -> Iterator[Sequence[str]]:
    return (refs[start : start + AT_ONCE] for start in range(0, len(refs), AT_ONCE))

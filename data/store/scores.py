"""Results of scorecards: the present one of each entity, every change, and one line a day for the trend."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Table, func, insert, select
from sqlmodel import SQLModel, col, delete

from data.store.database import Store
from data.store.facts import AT_ONCE
from data.store.tables.scores import LevelDayRow, RuleDayRow, ScoreChangeRow, ScoreRow

KEYS = 4  # columns that name a row of a day


@dataclass(frozen=True, slots=True)
class Result:
    """The result of an entity on a scorecard; `outcomes` by rule: its outcome, or why it is set aside."""

    scorecard: str
    entity: str
    owner: str
    level: str
    points: int
    outcomes: Mapping[str, str]
    first_at: datetime
    changed_at: datetime


class Changed(NamedTuple):
    """One change of a result."""

    scorecard: str
    entity: str
    owner: str
    at: datetime
    level_before: str
    level: str
    outcomes_before: Mapping[str, str]
    outcomes: Mapping[str, str]


class LevelCount(NamedTuple):
    """How many entities of an owner stood at a level at the end of a day."""

    day: date
    scorecard: str
    owner: str
    level: str
    entities: int


class RuleTotal(NamedTuple):
    """What a rule gave for the entities of an owner at the end of a day."""

    day: date
    scorecard: str
    owner: str
    rule: str
    passed: int
    failed: int
    unknown: int


def results(
    store: Store, entities: Collection[str] | None = None, since: datetime | None = None
) -> dict[tuple[str, str], Result]:
    """By scorecard and entity, of these entities or of all; with `since` only what changed then or later."""
    query = select(*[getattr(ScoreRow, name) for name in Result.__dataclass_fields__])
    query = query.where(col(ScoreRow.changed_at) >= since) if since else query
    refs = sorted(entities or ())
    parts = [refs[start : start + AT_ONCE] for start in range(0, len(refs), AT_ONCE)]
    wheres = [()] if entities is None else [(col(ScoreRow.entity).in_(part),) for part in parts]
    found = {}
    for where in wheres:
        for row in store.connection.execute(query.where(*where)):
            result = Result(*[*row[:5], orjson.loads(row[5]), *row[6:]])
            found[result.scorecard, result.entity] = result
    return found


def first_seen(store: Store, entities: Collection[str]) -> dict[str, datetime]:
    """When each of these was first scored; those that never were are missing."""
    found: dict[str, datetime] = {}
    for result in results(store, entities).values():
        found[result.entity] = min(found.get(result.entity, result.first_at), result.first_at)
    return found


def is_first(store: Store) -> bool:
    """Whether nothing was ever scored here."""
    return store.connection.execute(select(func.count()).select_from(ScoreRow)).scalar_one() == 0


def extent(store: Store) -> tuple[int, datetime | None]:
    """How many results there are, and when the newest of them changed."""
    row = store.connection.execute(select(func.count(), func.max(col(ScoreRow.changed_at)))).one()
    return row[0], row[1]


def keep(store: Store, fresh: Sequence[Result]) -> None:
    """Write these instead of what was known of the same entities."""
    if fresh:
        statement = store.insert(ScoreRow)
        names = ("owner", "level", "points", "outcomes", "changed_at")
        statement = statement.on_conflict_do_update(
            index_elements=["scorecard", "entity"], set_={name: statement.excluded[name] for name in names}
        )
        store.connection.execute(statement, [_row(result) for result in fresh])


def _row(result: Result) -> dict[str, Any]:
    row = {name: getattr(result, name) for name in Result.__dataclass_fields__}
    return row | {"outcomes": _json(result.outcomes)}


def drop(store: Store, keys: Iterable[tuple[str, str]]) -> None:
    """Forget the results of what is gone or no longer judged, by (scorecard, entity)."""
    for scorecard, entity in keys:
        where = (col(ScoreRow.scorecard) == scorecard, col(ScoreRow.entity) == entity)
        store.connection.execute(delete(ScoreRow).where(*where))


def note_changes(store: Store, changes: Sequence[Changed]) -> None:
    """Keep what changed."""
    if changes:
        rows = [
            change._asdict()
            | {"outcomes_before": _json(change.outcomes_before), "outcomes": _json(change.outcomes)}
            for change in changes
        ]
        store.connection.execute(insert(ScoreChangeRow), rows)


def changes(store: Store, since: datetime, until: datetime, owner: str = "") -> Iterator[Changed]:
    """Changes in [since, until), in their order; of one owner, or of all."""
    query = select(*[getattr(ScoreChangeRow, name) for name in Changed._fields])
    query = query.where(col(ScoreChangeRow.at) >= since, col(ScoreChangeRow.at) < until)
    query = query.where(col(ScoreChangeRow.owner) == owner) if owner else query
    ordered = query.order_by(col(ScoreChangeRow.at), col(ScoreChangeRow.id))
    for row in store.connection.execute(ordered):
        yield Changed(*[*row[:6], *map(orjson.loads, row[6:])])


def note_day(store: Store, levels: Sequence[LevelCount], rules: Sequence[RuleTotal]) -> None:
    """Write how one day stands so far; what is written of it already is replaced where it differs.

    Several may write the same day at the same moment: the last one counts, and the next round puts it right.
    """
    for day in sorted({row.day for row in levels} | {row.day for row in rules}):
        _replace(store, LevelDayRow, day, [row for row in levels if row.day == day])
        _replace(store, RuleDayRow, day, [row for row in rules if row.day == day])


def _replace(store: Store, model: type[SQLModel], day: date, rows: Sequence[tuple[Any, ...]]) -> None:
    """Only what differs is written: most of a day is as it was ten minutes ago.

    In the order of the keys, so that two that write the same day wait for each other and not in a circle.
    """
    table: Table = model.__table__  # type: ignore[attr-defined]  # tables have it
    names = [column.name for column in table.c]
    query = select(table).where(table.c.day == str(day))
    known = {tuple(row[:KEYS]): tuple(row) for row in store.connection.execute(query)}
    wanted = {(str(day), *row[1:KEYS]): (str(day), *row[1:]) for row in rows}
    for key in sorted(known.keys() - wanted.keys()):
        where = [column == part for column, part in zip(list(table.c)[:KEYS], key, strict=True)]
        store.connection.execute(table.delete().where(*where))
    fresh = [dict(zip(names, row, strict=True)) for key, row in sorted(wanted.items()) if known.get(key) != row]
    if fresh:
        statement = store.insert(model)
        changed = {name: statement.excluded[name] for name in names[KEYS:]}
        statement = statement.on_conflict_do_update(index_elements=names[:KEYS], set_=changed)
        store.connection.execute(statement, fresh)


def days(
    store: Store, since: date, until: date, owner: str = "", scorecard: str = ""
) -> tuple[Sequence[LevelCount], Sequence[RuleTotal]]:
    """Everything written for the days in [since, until], oldest first."""
    told = [
        _days(store, table, [table.c.day >= str(since), table.c.day <= str(until)], owner, scorecard)
        for table in (LevelDayRow.__table__, RuleDayRow.__table__)  # type: ignore[attr-defined]  # tables have it
    ]
    return [LevelCount(*row) for row in told[0]], [RuleTotal(*row) for row in told[1]]


def _days(
    store: Store, table: Table, span: Sequence[Any], owner: str, scorecard: str
) -> Iterator[tuple[Any, ...]]:
    query = select(table).where(*span)
    query = query.where(table.c.owner == owner) if owner else query
    query = query.where(table.c.scorecard == scorecard) if scorecard else query
    for day, *rest in store.connection.execute(query.order_by(table.c.day)):
        yield date.fromisoformat(day), *rest


def _json(outcomes: Mapping[str, str]) -> str:
    return orjson.dumps(dict(outcomes), option=orjson.OPT_SORT_KEYS).decode()

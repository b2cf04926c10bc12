"""What people said about single checks: claimed, snoozed, exempted."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel, col, delete, update

from data.store.database import Store
from data.store.facts import AT_ONCE
from data.store.tables.scores import ClaimRow, ExemptionRow, SnoozeRow

Key = tuple[str, str]
"""A reference and the name of a rule."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """A check that does not count until a time; `request` is the number of the request that was agreed to."""

    request: int
    entity: str
    rule: str
    until: datetime
    reason: str
    person: str
    at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Everything said about the checks of some entities, that counts at one moment."""

    claims: Mapping[Key, tuple[str, datetime]] = field(default_factory=dict)  # person, since when
    snoozes: Mapping[Key, datetime] = field(default_factory=dict)  # until when
    exemptions: Mapping[Key, Exemption] = field(default_factory=dict)


def said(store: Store, now: datetime, entities: Collection[str] | None = None) -> Said:
    """Of these entities, or of all."""
    claims = select(col(ClaimRow.entity), col(ClaimRow.rule), col(ClaimRow.person), col(ClaimRow.at))
    snoozes = select(col(SnoozeRow.entity), col(SnoozeRow.rule), col(SnoozeRow.until))
    snoozes = snoozes.where(col(SnoozeRow.until) > now)
    exempt = select(*_exemption_columns()).where(
        col(ExemptionRow.until) > now, col(ExemptionRow.ended_at).is_(None)
    )
    exemptions = [Exemption(*row) for row in _of(store, exempt, ExemptionRow.entity, entities)]
    return Said(
        {(ref, rule): (who, at) for ref, rule, who, at in _of(store, claims, ClaimRow.entity, entities)},
        {(ref, rule): until for ref, rule, until in _of(store, snoozes, SnoozeRow.entity, entities)},
        {(one.entity, one.rule): one for one in sorted(exemptions, key=lambda one: one.until)},
    )


def _of(store: Store, query: Any, column: Any, entities: Collection[str] | None) -> Iterator[Any]:
    if entities is None:
        yield from store.connection.execute(query)
        return
    refs = sorted(entities)
    for start in range(0, len(refs), AT_ONCE):
        yield from store.connection.execute(query.where(column.in_(refs[start : start + AT_ONCE])))


def claim(store: Store, entity: str, rule: str, person: str, now: datetime) -> str:
    """Note who takes care of it, unless somebody does; gives who does now."""
    row = {"entity": entity, "rule": rule, "person": person, "at": now}
    _insert(store, ClaimRow, row, replace=False)
    query = select(col(ClaimRow.person)).where(col(ClaimRow.entity) == entity, col(ClaimRow.rule) == rule)
    return str(store.connection.execute(query).scalar_one())


def unclaim(store: Store, entity: str, rule: str) -> bool:
    """Nobody takes care of it; False when nobody did."""
    where = (col(ClaimRow.entity) == entity, col(ClaimRow.rule) == rule)
    return store.connection.execute(delete(ClaimRow).where(*where)).rowcount == 1


def snooze(store: Store, entity: str, rule: str, *, until: datetime, person: str, now: datetime) -> None:
    """Nobody is reminded of it until then."""
    row = {"entity": entity, "rule": rule, "until": until, "person": person, "at": now}
    _insert(store, SnoozeRow, row, replace=True)


def exempt(store: Store, exemption: Exemption) -> None:
    """It does not count; the same request once."""
    values = {name: getattr(exemption, name) for name in Exemption.__dataclass_fields__}
    store.connection.execute(store.insert(ExemptionRow).values(**values).on_conflict_do_nothing())


def exemption(store: Store, request: int) -> Exemption | None:
    """By the number of its request."""
    query = select(*_exemption_columns()).where(col(ExemptionRow.request) == request)
    row = store.connection.execute(query).first()
    return Exemption(*row) if row else None


def end_exemption(store: Store, request: int, now: datetime) -> bool:
    """It counts again; False when it did already."""
    where = (col(ExemptionRow.request) == request, col(ExemptionRow.ended_at).is_(None))
    return store.connection.execute(update(ExemptionRow).where(*where).values(ended_at=now)).rowcount == 1


def _exemption_columns() -> tuple[Any, ...]:
    return tuple(getattr(ExemptionRow, name) for name in Exemption.__dataclass_fields__)


def _insert(store: Store, table: type[SQLModel], row: dict[str, Any], *, replace: bool) -> None:
    statement = store.insert(table).values(**row)
    keys = ["entity", "rule"]
    if replace:
        store.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=row))
    else:
        store.connection.execute(statement.on_conflict_do_nothing(index_elements=keys))

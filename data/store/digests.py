"""Digests: which there are, how far each is, and what teams have set for theirs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import func
from sqlmodel import col, select, update

from data.store.database import Store
from data.store.tables.digests import DigestRow, DigestSettingRow, DisownedRow

DigestState = Literal["due", "ready", "posted", "quiet", "unreachable", "failed"]
"""due: to be made; ready: its message waits to be posted; posted; quiet: nothing had changed, so nothing is said;
unreachable: neither a channel nor a lead is known; failed: it was not posted, `error` says why."""

OPEN: Final = ("due", "ready")


@dataclass(frozen=True, slots=True)
class Digest:
    """One digest; the columns of `DigestRow`."""

    id: int
    audience: str
    period: str
    state: DigestState
    due_at: datetime
    place: str
    content: str
    picture: str
    tries: int
    error: str
    changed_at: datetime
    reported: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """What a team has set; "" and None where it has set nothing."""

    team: str
    muted_until: datetime | None = None
    quiet: str = ""
    frequency: str = ""


def plan(store: Store, audience: str, period: str, due_at: datetime, now: datetime) -> int | None:
    """Have a digest made; gives its id, None when there is one for this audience and period already."""
    values = {"audience": audience, "period": period, "state": "due", "due_at": due_at, "changed_at": now}
    statement = store.insert(DigestRow).values(**values, **_BLANK)
    statement = statement.on_conflict_do_nothing(index_elements=["audience", "period"])
    found = store.connection.execute(statement.returning(col(DigestRow.id))).first()
    return found[0] if found else None


_BLANK = {"place": "", "content": "", "picture": "", "sheet": "", "tries": 0, "error": "", "reported": False}


def load(store: Store, id: int) -> Digest | None:
    """One digest."""
    row = store.connection.execute(select(*_DIGEST).where(col(DigestRow.id) == id)).first()
    return Digest(*row) if row else None


def of(store: Store, audience: str, period: str) -> Digest | None:
    """The digest of an audience for a period."""
    where = (col(DigestRow.audience) == audience, col(DigestRow.period) == period)
    row = store.connection.execute(select(*_DIGEST).where(*where)).first()
    return Digest(*row) if row else None


def planned(store: Store, periods: Collection[str]) -> set[tuple[str, str]]:
    """(audience, period) of all digests of these periods."""
    query = select(DigestRow.audience, DigestRow.period).where(col(DigestRow.period).in_(periods))
    return {(row[0], row[1]) for row in store.connection.execute(query).all()}


def count_open(store: Store) -> int:
    """How many are not posted yet."""
    query = select(func.count()).select_from(DigestRow).where(col(DigestRow.state).in_(OPEN))
    return int(store.connection.execute(query).scalar_one())


def find(
    store: Store, states: Collection[str], *, before: datetime | None = None, limit: int = 500
) -> list[Digest]:
    """Digests in these states that have not changed since `before`, oldest first."""
    query = select(*_DIGEST).where(col(DigestRow.state).in_(states)).order_by(col(DigestRow.id)).limit(limit)
    if before is not None:
        query = query.where(col(DigestRow.changed_at) < before)
    return [Digest(*row) for row in store.connection.execute(query).all()]


def posted_since(store: Store, audiences: Collection[str], since: datetime) -> list[Digest]:
    """The digests of these audiences that were posted since then."""
    where = (
        col(DigestRow.audience).in_(audiences),
        col(DigestRow.state) == "posted",
        col(DigestRow.due_at) >= since,
    )
    rows = store.connection.execute(select(*_DIGEST).where(*where).order_by(col(DigestRow.id))).all()
    return [Digest(*row) for row in rows]


def unreported(store: Store, limit: int = 1000) -> list[Digest]:
    """Digests that could not be told, of which the platform team has not heard."""
    troubled = (col(DigestRow.state).in_(("failed", "unreachable")), col(DigestRow.reported).is_(False))
    query = select(*_DIGEST).where(*troubled).order_by(col(DigestRow.id)).limit(limit)
    return [Digest(*row) for row in store.connection.execute(query).all()]


def newest_told(store: Store, audience: str, before: datetime) -> datetime | None:
    """When the newest digest before was due that was posted, or had nothing to say."""
    told = (col(DigestRow.audience) == audience, col(DigestRow.state).in_(("posted", "quiet")))
    query = select(func.max(DigestRow.due_at)).where(*told, col(DigestRow.due_at) < before)
    return store.connection.execute(query).scalar_one()


def ever_posted(store: Store, audience: str) -> bool:
    """Whether this audience has read a digest before."""
    query = select(DigestRow.id).where(col(DigestRow.audience) == audience, col(DigestRow.state) == "posted")
    return store.connection.execute(query.limit(1)).first() is not None


def move(store: Store, id: int, states: Collection[str], now: datetime, **values: Any) -> bool:
    """Change a digest if it is in one of these states; False when somebody else was faster."""
    where = (col(DigestRow.id) == id, col(DigestRow.state).in_(states))
    statement = update(DigestRow).where(*where).values(changed_at=now, **values)
    return store.connection.execute(statement).rowcount == 1


def report(store: Store, ids: Collection[int]) -> None:
    """The platform team hears of these."""
    store.connection.execute(update(DigestRow).where(col(DigestRow.id).in_(ids)).values(reported=True))


def settings(store: Store) -> Mapping[str, Setting]:
    """What teams have set, by reference of the team."""
    return {row[0]: Setting(*row) for row in store.connection.execute(select(*_SETTING)).all()}


def setting(store: Store, team: str) -> Setting:
    """What one team has set."""
    row = store.connection.execute(select(*_SETTING).where(col(DigestSettingRow.team) == team)).first()
    return Setting(*row) if row else Setting(team)


def keep(store: Store, setting: Setting, person: str, now: datetime) -> None:
    """Set it."""
    values = {"muted_until": setting.muted_until, "quiet": setting.quiet, "frequency": setting.frequency}
    values |= {"person": person, "at": now}
    statement = store.insert(DigestSettingRow).values(team=setting.team, **values)
    store.connection.execute(statement.on_conflict_do_update(index_elements=["team"], set_=values))


def disown(store: Store, team: str, entity: str, person: str, span: tuple[datetime, datetime]) -> bool:
    """Somebody says that it is not theirs, from now until then; False when that was said already."""
    now, until = span
    values = {"person": person, "at": now, "until": until}
    statement = store.insert(DisownedRow).values(team=team, entity=entity, **values)
    old = col(DisownedRow.until) <= now
    statement = statement.on_conflict_do_update(index_elements=["team", "entity"], set_=values, where=old)
    said = store.connection.execute(statement.returning(col(DisownedRow.entity)))
    return said.first() is not None  # an insert has no count of rows everywhere


def disowned(store: Store, team: str, now: datetime) -> set[str]:
    """The entities that a team has said are not theirs."""
    query = select(DisownedRow.entity).where(col(DisownedRow.team) == team, col(DisownedRow.until) > now)
    return set(store.connection.execute(query).scalars())


_DIGEST = [getattr(DigestRow, field.name) for field in fields(Digest)]
_SETTING = [getattr(DigestSettingRow, field.name) for field in fields(Setting)]

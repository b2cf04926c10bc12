"""Grants: access that somebody has, had or is about to have. Each has an end before it has a beginning."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement
from sqlmodel import col, insert, select, update

from data.store.database import Store
from data.store.tables.work import GrantRow

GrantState = Literal[
    "opening",  # row and revocation timer are there, the access system may have been called
    "active",
    "ending",  # being taken away, retried for ever
    "ended",
]
ReviewState = Literal["none", "open", "closed"]


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant, made by one request.

    `due_at` is the absolute end; before the access is given it is provisional, then `given_at + seconds`. `key` is
    the id under which the access system knows it. `ended_why` is one of expired, done, revoked, undone, gone.
    """

    id: int  # the request's id
    key: str
    subject: str  # canonical reference of the person
    email: str
    target: str
    environment: str
    seconds: int  # extensions included
    state: GrantState
    recorded_at: datetime
    due_at: datetime
    given_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str = ""
    removed_at: datetime | None = None  # confirmed by reading back
    covered_by: int = 0  # a later grant of the same access; both ids are taken away at its end
    tries: int = 0  # of taking it away
    error: str = ""
    extensions: int = 0
    break_glass: bool = False
    review: ReviewState = "none"
    reviewed_by: str = ""
    review_note: str = ""
    warned_at: datetime | None = None  # "ten minutes left" was said
    next_at: datetime | None = None  # when taking it away is tried again
    alarms: int = 0  # 1 after five minutes without success, 2 after an hour
    nags: int = 0
    nag_at: datetime | None = None

    @property
    def held(self) -> bool:
        """Whether the person has the access, or may have it."""
        return self.state != "ended"


LIVE: tuple[GrantState, ...] = ("opening", "active")


def add(store: Store, grant: Grant) -> bool:
    """Keep a new grant; False when this request has one already."""
    if load(store, grant.id):
        return False
    store.connection.execute(insert(GrantRow).values(**{f.name: getattr(grant, f.name) for f in fields(grant)}))
    return True


def load(store: Store, id: int, lock: bool = False) -> Grant | None:
    """One grant; with `lock` nobody else changes it before this transaction ends."""
    query = select(*_GRANT).where(col(GrantRow.id) == id)
    row = store.connection.execute(query.with_for_update() if lock else query).first()
    return Grant(*row) if row else None


def move(
    store: Store, id: int, *, states: Collection[GrantState], due_was: datetime | None = None, **values: Any
) -> bool:
    """Change a grant if it is still in one of `states` (and was still due then). False: nothing has changed."""
    where: list[ColumnElement[bool]] = [col(GrantRow.id) == id, col(GrantRow.state).in_(sorted(states))]
    if due_was is not None:
        where.append(col(GrantRow.due_at) == due_was)
    return store.connection.execute(update(GrantRow).where(*where).values(**values)).rowcount == 1


def same_access(store: Store, grant: Grant, lock: bool = False) -> list[Grant]:
    """All grants of the same access (person, target, environment) that were not taken away yet, this one included.

    With `lock` they stay as they are until this transaction ends.
    """
    where = (
        col(GrantRow.email) == grant.email,
        col(GrantRow.target) == grant.target,
        col(GrantRow.environment) == grant.environment,
        col(GrantRow.removed_at).is_(None),
    )
    query = select(*_GRANT).where(*where).order_by(col(GrantRow.id))
    return [Grant(*row) for row in store.connection.execute(query.with_for_update() if lock else query).all()]


def unremoved(store: Store) -> list[Grant]:
    """Every grant whose access may still be there."""
    query = select(*_GRANT).where(col(GrantRow.removed_at).is_(None)).order_by(col(GrantRow.due_at))
    return [Grant(*row) for row in store.connection.execute(query).all()]


def due(store: Store, now: datetime, limit: int = 500) -> list[Grant]:
    """Grants that must be taken away now and whose next try has come."""
    where = (col(GrantRow.state).in_([*LIVE, "ending"]), col(GrantRow.due_at) <= now)
    query = select(*_GRANT).where(*where, col(GrantRow.next_at).is_(None) | (col(GrantRow.next_at) <= now))
    return [
        Grant(*row) for row in store.connection.execute(query.order_by(col(GrantRow.due_at)).limit(limit)).all()
    ]


def live(store: Store) -> list[Grant]:
    """Grants that somebody has or is about to have."""
    query = select(*_GRANT).where(col(GrantRow.state).in_(LIVE)).order_by(col(GrantRow.due_at))
    return [Grant(*row) for row in store.connection.execute(query).all()]


def unreviewed(store: Store, now: datetime) -> list[Grant]:
    """Break-glass grants whose review is open and whose next reminder has come."""
    where = (col(GrantRow.review) == "open", col(GrantRow.nag_at) <= now)
    return [Grant(*row) for row in store.connection.execute(select(*_GRANT).where(*where)).all()]


def review(store: Store, id: int, *, nags_were: int | None = None, **values: Any) -> bool:
    """Change an open review (if it was nagged about so often). False: nothing has changed."""
    where = [col(GrantRow.id) == id, col(GrantRow.review) == "open"]
    if nags_were is not None:
        where.append(col(GrantRow.nags) == nags_were)
    return store.connection.execute(update(GrantRow).where(*where).values(**values)).rowcount == 1


def of_person(store: Store, subject: str, live: bool = True, limit: int = 50) -> list[Grant]:
    """The grants of a person, newest first; all that ever were with live=False."""
    query = select(*_GRANT).where(col(GrantRow.subject) == subject)
    query = query.where(col(GrantRow.state) != "ended") if live else query
    return [
        Grant(*row) for row in store.connection.execute(query.order_by(col(GrantRow.id).desc()).limit(limit)).all()
    ]


_GRANT = [getattr(GrantRow, field.name) for field in fields(Grant)]

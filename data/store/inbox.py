"""The durable inbox: what Slack told us is a row before it is acknowledged, and has one effect."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, delete, select, update

from data.store.database import Store
from data.store.tables.catalog import InboxRow

ATTEMPTS = 5  # after so many claims without an end an event is left for people to look at


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was received; `attempts` counts the claims, this one included."""

    id: str
    kind: str
    body: str
    received_at: datetime
    attempts: int


def receive(
    store: Store, id: str, kind: str, body: str, now: datetime, *, claimed_until: datetime | None = None
) -> bool:
    """Keep an event; False when this id was received before (a retry by Slack).

    With `claimed_until` whoever receives it has claimed it for so long as well.
    """
    row = {"id": id, "kind": kind, "body": body, "received_at": now, "claimed_until": claimed_until}
    row["attempts"] = 1 if claimed_until else 0
    statement = store.insert(InboxRow).values(row).on_conflict_do_nothing(index_elements=["id"])
    return store.connection.execute(statement.returning(col(InboxRow.id))).first() is not None


def claim(store: Store, now: datetime, lease: timedelta, limit: int = 10, kind: str = "") -> list[Event]:
    """Take up to `limit` events (of one `kind`), oldest first, that nobody holds; after `lease` others may."""
    of_kind = [col(InboxRow.kind) == kind] if kind else []
    query = (
        select(InboxRow)
        .where(*_open(now), col(InboxRow.attempts) < ATTEMPTS, *of_kind)
        .order_by(col(InboxRow.received_at), col(InboxRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = store.session.exec(query).all()
    for row in rows:
        row.claimed_until = now + lease
        row.attempts += 1
    return [_event(row) for row in rows]


def release(store: Store, id: str) -> None:
    """Give a claim back at once, uncounted: whoever had it did not even begin."""
    free = {"claimed_until": None, "attempts": col(InboxRow.attempts) - 1}
    store.session.exec(update(InboxRow).where(col(InboxRow.id) == id).values(**free))


def done(store: Store, id: str, now: datetime) -> None:
    """The event has had its effect: only its id is still needed, to know it when it is sent again."""
    store.session.exec(update(InboxRow).where(col(InboxRow.id) == id).values(done_at=now, body=""))


def abandoned(store: Store, now: datetime) -> list[Event]:
    """Events that were claimed `ATTEMPTS` times and never done."""
    query = select(InboxRow).where(*_open(now), col(InboxRow.attempts) >= ATTEMPTS)
    return [_event(row) for row in store.session.exec(query.order_by(col(InboxRow.received_at))).all()]


def purge(store: Store, before: datetime) -> int:
    """Forget what was done before `before`; keep at least the hours in which Slack may retry. Returns how many."""
    return store.session.exec(delete(InboxRow).where(col(InboxRow.done_at) < before)).rowcount


def _open(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    held = col(InboxRow.claimed_until)
    return col(InboxRow.done_at).is_(None), or_(held.is_(None), held <= now)


def _event(row: InboxRow) -> Event:
    return Event(row.id, row.kind, row.body, row.received_at, row.attempts)

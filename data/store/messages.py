"""What is to be shown to people: written in the transaction of the change it tells of, delivered afterwards.

A message is drawn anew from the rows whenever it is delivered, so delivering twice or late is harmless.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlmodel import col, delete, select, update

from data.store.database import Store
from data.store.tables.work import MessageRow


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `place` is a channel, or the reference of a person (user:…), who gets it as a DM.

    `kind` says which card is drawn from `subject` (the id of a request or grant); "text" shows `text` itself.
    """

    id: int
    key: str
    kind: str
    subject: int
    place: str
    thread_of: str
    text: str
    posted_channel: str
    posted_ts: str
    wanted: int
    shown: int
    tries: int
    next_at: datetime | None
    claimed_until: datetime | None
    error: str

    @property
    def posted(self) -> bool:
        return bool(self.posted_ts)


def write(
    store: Store,
    now: datetime,
    *,
    key: str,
    kind: str,
    subject: int,
    place: str,
    thread_of: str = "",
    text: str = "",
) -> int | None:
    """Have something shown; gives its id, None when this key has been written before."""
    row = {"kind": kind, "subject": subject, "place": place, "thread_of": thread_of, "text": text, "next_at": now}
    statement = store.insert(MessageRow).values(key=key, **row, **_UNPOSTED)
    statement = statement.on_conflict_do_nothing(index_elements=["key"])
    found = store.connection.execute(statement.returning(col(MessageRow.id))).first()
    return found[0] if found else None


_UNPOSTED = {"posted_channel": "", "posted_ts": "", "wanted": 1, "shown": 0, "tries": 0, "error": ""}


def touch(store: Store, now: datetime, kind: str, subject: int) -> list[tuple[int, int]]:
    """The rows behind these messages have changed: (id, wanted) of each whose delivery must be enqueued.

    Where a delivery is due already, that one will show the newest version.
    """
    these = (col(MessageRow.kind) == kind, col(MessageRow.subject) == subject)
    newer = update(MessageRow).where(*these).values(wanted=col(MessageRow.wanted) + 1)
    store.connection.execute(newer.where(col(MessageRow.next_at).is_not(None)))
    idle = newer.where(col(MessageRow.next_at).is_(None)).values(next_at=now, tries=0).returning(*_VERSION)
    return [(row[0], row[1]) for row in store.connection.execute(idle).all()]


def claim(store: Store, id: int, now: datetime, until: datetime) -> bool:
    """Whether the caller is the only one who delivers this message, until then."""
    free = col(MessageRow.claimed_until).is_(None) | (col(MessageRow.claimed_until) <= now)
    statement = update(MessageRow).where(col(MessageRow.id) == id, free).values(claimed_until=until)
    return store.connection.execute(statement).rowcount == 1


def load(store: Store, id: int) -> Message | None:
    """One message."""
    row = store.connection.execute(select(*_MESSAGE).where(col(MessageRow.id) == id)).first()
    return Message(*row) if row else None


def by_key(store: Store, key: str) -> Message | None:
    """The message with this key."""
    row = store.connection.execute(select(*_MESSAGE).where(col(MessageRow.key) == key)).first()
    return Message(*row) if row else None


def overdue(store: Store, before: datetime, limit: int = 200) -> list[Message]:
    """Messages whose delivery should have happened before; oldest first."""
    query = (
        select(*_MESSAGE).where(col(MessageRow.next_at) < before).order_by(col(MessageRow.next_at)).limit(limit)
    )
    return [Message(*row) for row in store.connection.execute(query).all()]


def forget_unposted(store: Store, kind: str, subject: int) -> None:
    """What was to show this and never was posted is given up, so that it may be written anew."""
    these = (col(MessageRow.kind) == kind, col(MessageRow.subject) == subject, col(MessageRow.posted_ts) == "")
    store.connection.execute(delete(MessageRow).where(*these))


def shown(store: Store, id: int, wanted: int, channel: str, ts: str, *, now: datetime) -> bool:
    """It is posted and shows version `wanted`. True when the rows have not moved on meanwhile.

    Else it is due now, also if a newer version was shown in between: this one may have come to lie over it.
    """
    values: dict[str, Any] = {"posted_channel": channel, "posted_ts": ts, "shown": wanted, "tries": 0}
    values |= {"error": "", "claimed_until": None, "next_at": now}
    store.connection.execute(update(MessageRow).where(col(MessageRow.id) == id).values(**values))
    current = (col(MessageRow.id) == id, col(MessageRow.wanted) == wanted)
    return store.connection.execute(update(MessageRow).where(*current).values(next_at=None)).rowcount == 1


def later(store: Store, id: int, *, place: str = "", error: str, next_at: datetime | None) -> None:
    """It could not be shown: try again at `next_at` (None: never), perhaps at another place."""
    values: dict[str, Any] = {"tries": col(MessageRow.tries) + 1, "error": error, "next_at": next_at}
    values["claimed_until"] = None
    if place:
        values |= {"place": place, "posted_channel": "", "posted_ts": ""}
    store.connection.execute(update(MessageRow).where(col(MessageRow.id) == id).values(**values))


_VERSION = [getattr(MessageRow, name) for name in ("id", "wanted")]
_MESSAGE = [getattr(MessageRow, field.name) for field in fields(Message)]

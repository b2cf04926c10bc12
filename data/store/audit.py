"""The audit: one row for each transition, in one chain that does not fork.

`append` locks the one head row, so writers queue up on either database, and the lock lasts until their commit:
append last in a transaction. The digest is SHA-256 over the previous digest and the stored body, byte for byte, so
that verifying needs no second idea of how a row is written down.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement
from sqlmodel import col, insert, or_, select, update

from data.secrets import without_secrets
from data.store.database import Store
from data.store.tables.work import AuditHeadRow, AuditRow, RequestRow

GENESIS = "0" * 64
PAGE = 1000  # rows in memory at once
_SEQ = (col(AuditRow.seq),)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written down. `what` is a stable word such as request.approved; `detail` holds plain JSON values.

    `actor` is the person's reference, "system" for the house itself; `request` 0 when it belongs to none.
    """

    what: str
    actor: str
    slack_id: str = ""
    target: str = ""
    request: int = 0
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """One row as it lies in the audit."""

    seq: int
    at: datetime
    actor: str
    what: str
    target: str
    request: int
    body: str
    previous: str
    digest: str

    def decoded(self) -> dict[str, Any]:
        """The body: seq, at, actor, slack_id, what, target, request, detail."""
        decoded: dict[str, Any] = orjson.loads(self.body)
        return decoded


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many rows, and the digest of the last."""

    seq: int
    digest: str


def append(store: Store, entry: Entry, now: datetime) -> int:
    """Write one row at the end of the chain; gives its number. Others wait from here to the commit."""
    head = head_of(store, lock=True)
    seq = head.seq + 1
    body = _body(entry, seq, now)
    digest = digest_of(head.digest, body)
    columns = {"actor": _clean(entry.actor), "what": entry.what, "target": _clean(entry.target)}
    row = {"seq": seq, "at": now, **columns, "request": entry.request, "body": body}
    store.connection.execute(insert(AuditRow).values(**row, previous=head.digest, digest=digest))
    store.connection.execute(update(AuditHeadRow).where(col(AuditHeadRow.id) == 1).values(seq=seq, digest=digest))
    store.told.append(_line(entry, seq))
    return seq


def _line(entry: Entry, seq: int) -> str:
    """What the log says of it: the row, what, and who and what by their references. Never a reason or a text."""
    action = entry.detail.get("action")
    request = f"request {entry.request}" + (f" ({action})" if action else "") if entry.request else ""
    about = (request, entry.target, f"by {entry.actor}" if entry.actor else "")
    return str(_clean(f"audit {seq}: {entry.what}: {', '.join(filter(None, about))}"))


def head_of(store: Store, lock: bool = False) -> Head:
    """The end of the chain; with `lock` nobody else appends before this transaction ends."""
    query = select(AuditHeadRow.seq, AuditHeadRow.digest).where(col(AuditHeadRow.id) == 1)
    row = store.connection.execute(query.with_for_update() if lock else query).one()
    return Head(row.seq, row.digest)


def digest_of(previous: str, body: str) -> str:
    """The digest that chains `body` to what came before."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def records(
    store: Store,
    *,
    target: str = "",
    actor: str = "",
    person: str = "",
    request: int = 0,
    since: datetime | None = None,
    until: datetime | None = None,
    newest: int = 0,
) -> Iterator[Record]:
    """Rows in order of the chain, `until` exclusive; `newest` gives only so many of the last ones.

    `person` is a reference: what they did, what was done about them, and all that became of the requests that they
    made or that were for them, whoever did it.
    """
    query = select(*(column for column in AuditRow.__table__.columns))  # type: ignore[attr-defined]  # SQLModel types it nowhere
    query = query.where(*_about(target, actor, person, request))
    if since:
        query = query.where(col(AuditRow.at) >= since)
    if until:
        query = query.where(col(AuditRow.at) < until)
    if newest:
        rows = store.connection.execute(query.order_by(col(AuditRow.seq).desc()).limit(newest)).all()
        yield from (Record(*row) for row in reversed(rows))
        return
    last = 0
    while rows := store.connection.execute(
        query.where(col(AuditRow.seq) > last).order_by(*_SEQ).limit(PAGE)
    ).all():
        yield from (Record(*row) for row in rows)
        last = rows[-1].seq


def _about(target: str, actor: str, person: str, request: int) -> Iterator[ColumnElement[bool]]:
    if target:
        yield col(AuditRow.target) == target
    if actor:
        yield col(AuditRow.actor) == actor
    if person:
        yield _concerns(person)
    if request:
        yield col(AuditRow.request) == request


def _concerns(person: str) -> ColumnElement[bool]:
    theirs = select(RequestRow.id).where(
        or_(col(RequestRow.requester) == person, col(RequestRow.beneficiary) == person)
    )
    return or_(col(AuditRow.actor) == person, col(AuditRow.target) == person, col(AuditRow.request).in_(theirs))


def stamp(at: datetime) -> str:
    """A time as it stands in the audit: UTC to the microsecond, always equally long."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _body(entry: Entry, seq: int, now: datetime) -> str:
    fields = {
        "seq": seq,
        "at": stamp(now),
        "actor": entry.actor,
        "slack_id": entry.slack_id,
        "what": entry.what,
        "target": entry.target,
        "request": entry.request,
        "detail": dict(entry.detail),
    }
    return orjson.dumps(_clean(fields), option=orjson.OPT_SORT_KEYS).decode()


def _clean(value: Any) -> Any:
    """Without secrets and without lone surrogates, which no database takes."""
    if isinstance(value, str):
        return without_secrets(value.encode("utf-8", "replace").decode().replace("\0", "�"))
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, Mapping):
        return {str(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [_clean(item) for item in items]
    return value

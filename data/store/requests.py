"""Requests: what somebody asked for, who agreed, and how far it has come.

Every change of state is one conditional UPDATE (`move`), so that of two clicks at once one wins. Callers append
the audit row and enqueue the work in the same transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, Literal

import orjson
from sqlalchemy import ColumnElement, Row, bindparam
from sqlmodel import col, insert, select, update

from data.store.database import Store
from data.store.tables.work import ApprovalRow, RequestRow, StepRow

State = Literal[
    "pending",  # waits for approvals
    "approved",  # agreed, the work is enqueued
    "running",  # a worker is at it, or it waits for the next try of a step
    "done",
    "failed",  # a person may retry, undo or hand over
    "undoing",
    "undone",
    "denied",
    "cancelled",
    "expired",
]


@dataclass(frozen=True, slots=True)
class Asked:
    """A team that was asked when the request was made, for showing only: rights are computed at every click."""

    name: str  # the policy's word, such as owners
    ref: str  # the group, "" when it did not resolve
    members: tuple[str, ...]  # references of people, sorted


@dataclass(frozen=True, slots=True)
class Request:
    """One request. People are canonical references of User entities, never Slack ids.

    `parameters` are the validated values of the form, frozen; `fingerprint` is the hash of everything that an
    approver agrees to and stands in the card's buttons. `revision` moves with every change, so that a card knows
    whether it is old. `attempt` counts starts of the run (retry by a person included).
    """

    id: int
    action: str
    title: str  # what happens, one line, server-derived
    target: str  # canonical reference, "" when the action has none
    environment: str
    duration: int  # seconds, 0 when the action has none
    requester: str
    beneficiary: str
    reason: str
    parameters: Mapping[str, Any]
    fingerprint: str
    policy: str
    rule: str  # which rule decided, such as "rule 2, idp.yaml:14"
    verdict: str  # the decision's sentence
    needed: int  # approvals, 0 when none was needed
    distinct_teams: bool
    asked: tuple[Asked, ...]
    break_glass: bool
    state: State
    revision: int
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None = None
    decided_by: str = ""  # the person of the last click; "" when the policy allowed it at once
    decision_note: str = ""  # why it was denied or cancelled
    looking_by: str = ""  # said "I'm looking"
    escalated_at: datetime | None = None
    attempt: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str = ""  # the sentence of the failure
    handed_to: str = ""  # who was asked to take a failed run over
    marker: str = ""  # what the steps put on the things they make; unknown outside
    email: str = ""  # the beneficiary's, as the catalog knew it
    channel: str = ""  # where the card is posted
    nudged_at: datetime | None = None  # last reminder
    key: str | None = None  # what makes a repeated submission the same request
    holder: str = ""  # which start of the run may write


@dataclass(frozen=True, slots=True)
class Approval:
    """One person agreed. It counts only while the person holds a right (recomputed at every click)."""

    request: int
    person: str
    at: datetime
    note: str = ""


StepState = Literal["waiting", "running", "done", "failed", "undone", "skipped"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the frozen plan. `tries` counts the starts, also those that ended with the process."""

    request: int
    position: int  # from 0
    name: str  # schema: the action's function is found by it
    title: str
    state: StepState
    tries: int
    started_at: datetime | None
    finished_at: datetime | None
    result: Mapping[str, Any]
    error: str


@dataclass(frozen=True, slots=True)
class RunView:
    """Everything that a request's card shows, read in one transaction."""

    request: Request
    approvals: tuple[Approval, ...]
    steps: tuple[Step, ...]


def add(store: Store, request: Request, plan: Sequence[tuple[str, str]]) -> Request | None:
    """Keep a new request (its id is ignored and given back) with the (name, title) of its steps.

    None when a request with the same key is there already.
    """
    row = {name: _stored(value) for name, value in _flat(request).items() if name != "id"}
    statement = store.insert(RequestRow).values(**row).on_conflict_do_nothing(index_elements=["key"])
    created = store.connection.execute(statement.returning(*_ID)).first()
    if created is None:
        return None
    id = created[0]
    steps = [{"request": id, "position": i, "name": n, "title": t, **_NEW_STEP} for i, (n, t) in enumerate(plan)]
    if steps:
        store.connection.execute(insert(StepRow), steps)
    return replace(request, id=id)


_NEW_STEP = {"state": "waiting", "tries": 0, "result": "{}", "error": ""}


def load(store: Store, id: int, lock: bool = False) -> Request | None:
    """One request; with `lock` nobody else changes it before this transaction ends."""
    row = store.connection.execute(_LOCK_ONE if lock else _ONE, {"id": id}).first()
    return _request(row) if row else None


def by_key(store: Store, key: str) -> Request | None:
    """The request that an earlier submission of the same form made."""
    row = store.connection.execute(select(*_REQUEST).where(col(RequestRow.key) == key)).first()
    return _request(row) if row else None


def move(
    store: Store,
    id: int,
    *,
    states: Collection[State],
    revision: int | None = None,
    held_by: str | None = None,
    **values: Any,
) -> bool:
    """Change a request if it is still in one of `states` (and at `revision`, and held by `held_by`).

    False: somebody else was faster, nothing has changed.
    """
    where: list[ColumnElement[bool]] = [col(RequestRow.id) == id, col(RequestRow.state).in_(sorted(states))]
    if revision is not None:
        where.append(col(RequestRow.revision) == revision)
    if held_by is not None:
        where.append(col(RequestRow.holder) == held_by)
    statement = update(RequestRow).where(*where).values(revision=col(RequestRow.revision) + 1, **values)
    return store.connection.execute(statement).rowcount == 1


def find(  # the filters of `/idp requests`, `approvals` and `runs`
    store: Store,
    *,
    states: Collection[State] = (),
    requester: str = "",
    target: str = "",
    action: str = "",
    limit: int = 50,
) -> list[Request]:
    """Requests, newest first."""
    query = select(*_REQUEST)
    if states:
        query = query.where(col(RequestRow.state).in_(sorted(states)))
    for column, value in (
        (RequestRow.requester, requester),
        (RequestRow.target, target),
        (RequestRow.action, action),
    ):
        query = query.where(col(column) == value) if value else query
    rows = store.connection.execute(query.order_by(col(RequestRow.id).desc()).limit(limit)).all()
    return [_request(row) for row in rows]


def approvals(store: Store, id: int) -> tuple[Approval, ...]:
    """Who has agreed, in the order of the clicks."""
    query = select(ApprovalRow.request, ApprovalRow.person, ApprovalRow.at, ApprovalRow.note)
    query = query.where(col(ApprovalRow.request) == id).order_by(col(ApprovalRow.at), col(ApprovalRow.person))
    return tuple(Approval(*row) for row in store.connection.execute(query).all())


def approve(store: Store, approval: Approval) -> None:
    """Keep one agreement. The caller knows that there is none of this person yet, and holds the request."""
    store.connection.execute(insert(ApprovalRow).values(**asdict(approval)))


def steps(store: Store, id: int) -> tuple[Step, ...]:
    """The plan with how far it has come."""
    return tuple(_step(row) for row in store.connection.execute(_STEPS, {"id": id}).all())


def set_step(store: Store, id: int, position: int, **values: Any) -> None:
    """Change one step. Only the holder of the run does that: check with `move` in the same transaction."""
    stored = {name: _stored(value) for name, value in values.items()}
    where = (col(StepRow.request) == id, col(StepRow.position) == position)
    store.connection.execute(update(StepRow).where(*where).values(**stored))


def view(store: Store, id: int) -> RunView | None:
    """Everything that the card of a request shows."""
    request = load(store, id)
    return RunView(request, approvals(store, id), steps(store, id)) if request else None


_ID = [getattr(RequestRow, "id")]  # noqa: B009  # untyped on purpose: SQLModel types it as a value that may be None
_REQUEST = [getattr(RequestRow, field.name) for field in fields(Request)]
_STEP = [getattr(StepRow, field.name) for field in fields(Step)]
# Made once: with as many columns, making the statement costs more than running it.
_ONE = select(*_REQUEST).where(col(RequestRow.id) == bindparam("id"))
_LOCK_ONE = _ONE.with_for_update()
_STEPS = select(*_STEP).where(col(StepRow.request) == bindparam("id")).order_by(col(StepRow.position))


def _request(row: Row[Any]) -> Request:
    values = dict(row._mapping)
    values["parameters"] = orjson.loads(values["parameters"])
    asked = orjson.loads(values["asked"])
    values["asked"] = tuple(Asked(team["name"], team["ref"], tuple(team["members"])) for team in asked)
    return Request(**values)


def _step(row: Row[Any]) -> Step:
    values = dict(row._mapping)
    return Step(**{**values, "result": orjson.loads(values["result"])})


def _flat(request: Request) -> dict[str, Any]:
    return {field.name: getattr(request, field.name) for field in fields(request)}


def _stored(value: Any) -> Any:
    """Mappings and tuples become JSON text; everything else is a column's own type."""
    return orjson.dumps(value).decode() if isinstance(value, Mapping | tuple) else value

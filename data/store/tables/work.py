"""The tables of what the house does: requests, their steps and messages, grants, the audit, replicas.

Alembic migrations create them; a test compares the two. `data.store.tables.catalog` has the catalog's.
"""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from data.store.tables.catalog import UtcDateTime


class RequestRow(SQLModel, table=True):
    """One request; `data.store.requests.Request` says what the columns mean. JSON columns are canonical JSON."""

    __tablename__ = "request"
    __table_args__ = (
        Index("request_state", "state", "expires_at"),
        Index("request_requester", "requester", "id"),
        Index("request_target", "target", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str | None = Field(unique=True)  # what makes a repeated submission the same request
    marker: str  # what the steps put on the things they make
    action: str
    title: str
    target: str
    environment: str
    duration: int
    requester: str
    beneficiary: str
    email: str
    reason: str = Field(sa_type=Text)
    parameters: str = Field(sa_type=Text)
    fingerprint: str
    policy: str
    rule: str
    verdict: str = Field(sa_type=Text)
    needed: int
    distinct_teams: bool
    asked: str = Field(sa_type=Text)
    channel: str
    break_glass: bool
    state: str
    revision: int
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    nudged_at: datetime | None = Field(sa_type=UtcDateTime)  # last reminder or escalation
    decided_at: datetime | None = Field(sa_type=UtcDateTime)
    decided_by: str
    decision_note: str = Field(sa_type=Text)
    looking_by: str
    escalated_at: datetime | None = Field(sa_type=UtcDateTime)
    attempt: int
    holder: str  # which start of the run may write; an older one notices here that it was overtaken
    started_at: datetime | None = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(sa_type=UtcDateTime)
    error: str = Field(sa_type=Text)
    handed_to: str


class ApprovalRow(SQLModel, table=True):
    """One person's agreement to one request."""

    __tablename__ = "approval"

    request: int = Field(primary_key=True)
    person: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    note: str = Field(sa_type=Text)


class StepRow(SQLModel, table=True):
    """One step of a frozen plan."""

    __tablename__ = "step"

    request: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    name: str
    title: str
    state: str
    tries: int
    started_at: datetime | None = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(sa_type=UtcDateTime)
    result: str = Field(sa_type=Text)
    error: str = Field(sa_type=Text)


class MessageRow(SQLModel, table=True):
    """Something to be shown to people: written with the change it tells of, posted and updated afterwards.

    `kind` says which card is drawn from the rows of `subject` (a request or a grant). `wanted` moves with every
    change of those rows, `shown` is what people see; they differ while a delivery is due.
    """

    __tablename__ = "message"
    __table_args__ = (Index("message_subject", "subject", "kind"), Index("message_next", "next_at"))

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    subject: int
    place: str  # a channel, or the reference of a person
    thread_of: str  # key of the message whose thread this belongs to, "" for none
    text: str = Field(sa_type=Text)
    posted_channel: str
    posted_ts: str
    wanted: int
    shown: int
    tries: int
    next_at: datetime | None = Field(sa_type=UtcDateTime)  # None: nothing is due
    claimed_until: datetime | None = Field(sa_type=UtcDateTime)  # somebody is delivering it
    error: str = Field(sa_type=Text)


class GrantRow(SQLModel, table=True):
    """One grant of access; `data.store.grants.Grant` says what the columns mean."""

    __tablename__ = "access_grant"
    __table_args__ = (
        Index("access_grant_state", "state", "due_at"),
        Index("access_grant_subject", "email", "target", "environment"),
    )

    id: int = Field(sa_column=Column("id", primary_key=True, autoincrement=False))
    key: str = Field(unique=True)
    subject: str
    email: str
    target: str
    environment: str
    seconds: int
    state: str
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    given_at: datetime | None = Field(sa_type=UtcDateTime)
    warned_at: datetime | None = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(sa_type=UtcDateTime)
    ended_why: str
    removed_at: datetime | None = Field(sa_type=UtcDateTime)
    covered_by: int
    tries: int
    next_at: datetime | None = Field(sa_type=UtcDateTime)
    alarms: int
    error: str = Field(sa_type=Text)
    extensions: int
    break_glass: bool
    review: str
    reviewed_by: str
    review_note: str = Field(sa_type=Text)
    nags: int
    nag_at: datetime | None = Field(sa_type=UtcDateTime)


class DelegationRow(SQLModel, table=True):
    """Who may approve in whose place, and until when; one for each holder."""

    __tablename__ = "delegation"

    holder: str = Field(primary_key=True)
    delegate: str
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)


class AuditRow(SQLModel, table=True):
    """One transition. `body` holds the canonical bytes that `digest` was computed over; the other columns repeat
    parts of it for searching. Triggers refuse UPDATE, DELETE, TRUNCATE and a second row of one number."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("audit_target", "target", "seq"),
        Index("audit_actor", "actor", "seq"),
        Index("audit_request", "request", "seq"),
    )

    seq: int = Field(sa_column=Column("seq", primary_key=True, autoincrement=False))
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str
    what: str
    target: str
    request: int
    body: str = Field(sa_type=Text)
    previous: str = Field(unique=True)
    digest: str


class AuditHeadRow(SQLModel, table=True):
    """The one row that the next audit row is chained to; writers queue up on it."""

    __tablename__ = "audit_head"

    id: int = Field(primary_key=True)
    seq: int
    digest: str


class ReplicaRow(SQLModel, table=True):
    """A process that works, and when it was last alive; only PostgreSQL needs it."""

    __tablename__ = "replica"

    executor: str = Field(primary_key=True)
    last_seen: datetime = Field(sa_type=UtcDateTime)

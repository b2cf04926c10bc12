"""Requests with their approvals, steps and messages; grants; delegations; the audit; replicas."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _long_texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _flags(*names: str) -> list[sa.Column[bool]]:
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]


def _times(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=nullable) for name in names]


def upgrade() -> None:
    _requests()
    _approvals_and_steps()
    _messages()
    _grants()
    _audit()
    _audit_guards()
    op.create_table("replica", sa.Column("executor", sa.String(), primary_key=True), *_times("last_seen"))


def _requests() -> None:
    op.create_table(
        "request",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), unique=True),
        *_texts("marker", "action", "title", "target", "environment"),
        *_numbers("duration"),
        *_texts("requester", "beneficiary", "email"),
        *_long_texts("reason", "parameters"),
        *_texts("fingerprint", "policy", "rule"),
        *_long_texts("verdict"),
        *_numbers("needed"),
        *_flags("distinct_teams"),
        *_long_texts("asked"),
        *_texts("channel"),
        *_flags("break_glass"),
        *_texts("state"),
        *_numbers("revision"),
        *_times("created_at", "expires_at"),
        *_times("nudged_at", "decided_at", nullable=True),
        *_texts("decided_by"),
        *_long_texts("decision_note"),
        *_texts("looking_by"),
        *_times("escalated_at", nullable=True),
        *_numbers("attempt"),
        *_texts("holder"),
        *_times("started_at", "finished_at", nullable=True),
        *_long_texts("error"),
        *_texts("handed_to"),
    )
    op.create_index("request_state", "request", ["state", "expires_at"])
    op.create_index("request_requester", "request", ["requester", "id"])
    op.create_index("request_target", "request", ["target", "id"])


def _approvals_and_steps() -> None:
    op.create_table(
        "approval",
        sa.Column("request", sa.Integer(), primary_key=True),
        sa.Column("person", sa.String(), primary_key=True),
        *_times("at"),
        *_long_texts("note"),
    )
    op.create_table(
        "delegation",
        sa.Column("holder", sa.String(), primary_key=True),
        *_texts("delegate"),
        *_times("since", "until"),
    )
    op.create_table(
        "step",
        sa.Column("request", sa.Integer(), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        *_texts("name", "title", "state"),
        *_numbers("tries"),
        *_times("started_at", "finished_at", nullable=True),
        *_long_texts("result", "error"),
    )


def _messages() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        *_texts("kind"),
        *_numbers("subject"),
        *_texts("place", "thread_of"),
        *_long_texts("text"),
        *_texts("posted_channel", "posted_ts"),
        *_numbers("wanted", "shown", "tries"),
        *_times("next_at", "claimed_until", nullable=True),
        *_long_texts("error"),
    )
    op.create_index("message_subject", "message", ["subject", "kind"])
    op.create_index("message_next", "message", ["next_at"])


def _grants() -> None:
    op.create_table(
        "access_grant",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        *_texts("subject", "email", "target", "environment"),
        *_numbers("seconds"),
        *_texts("state"),
        *_times("recorded_at", "due_at"),
        *_times("given_at", "warned_at", "ended_at", nullable=True),
        *_texts("ended_why"),
        *_times("removed_at", nullable=True),
        *_numbers("covered_by", "tries"),
        *_times("next_at", nullable=True),
        *_numbers("alarms"),
        *_long_texts("error"),
        *_numbers("extensions"),
        *_flags("break_glass"),
        *_texts("review", "reviewed_by"),
        *_long_texts("review_note"),
        *_numbers("nags"),
        *_times("nag_at", nullable=True),
    )
    op.create_index("access_grant_state", "access_grant", ["state", "due_at"])
    op.create_index("access_grant_subject", "access_grant", ["email", "target", "environment"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        *_times("at"),
        *_texts("actor", "what", "target"),
        *_numbers("request"),
        *_long_texts("body"),
        sa.Column("previous", sa.String(), nullable=False, unique=True),
        *_texts("digest"),
    )
    for column in ("target", "actor", "request"):
        op.create_index(f"audit_{column}", "audit", [column, "seq"])
    head = op.create_table(
        "audit_head", sa.Column("id", sa.Integer(), primary_key=True), *_numbers("seq"), *_texts("digest")
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "digest": "0" * 64}])


def _audit_guards() -> None:
    statements = _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE
    for statement in statements:
        op.execute(statement)


# REPLACE deletes without firing the DELETE trigger, hence the trigger before INSERT.
_SQLITE = (
    "CREATE TRIGGER audit_update BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit is not changed'); END",
    "CREATE TRIGGER audit_delete BEFORE DELETE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit is not changed'); END",
    "CREATE TRIGGER audit_insert BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE seq >= NEW.seq)"
    " BEGIN SELECT RAISE(ABORT, 'the audit is not changed'); END",
    "CREATE TRIGGER audit_head_update BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq"
    " BEGIN SELECT RAISE(ABORT, 'the audit goes forward only'); END",
    "CREATE TRIGGER audit_head_delete BEFORE DELETE ON audit_head"
    " BEGIN SELECT RAISE(ABORT, 'the audit is not changed'); END",
    "CREATE TRIGGER audit_head_insert BEFORE INSERT ON audit_head WHEN EXISTS (SELECT 1 FROM audit_head)"
    " BEGIN SELECT RAISE(ABORT, 'the audit is not changed'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the audit is not changed'; END $$",
    "CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_head_guard BEFORE DELETE OR TRUNCATE ON audit_head"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head FOR EACH ROW WHEN (NEW.seq <= OLD.seq)"
    " EXECUTE FUNCTION audit_refuse()",
)

"""Development workspaces."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("live_key", sa.String(), unique=True),
        sa.Column("request", sa.Integer(), unique=True),
        *_texts("system", "remote", "name", "template", "owner", "email", "target", "team"),
        sa.Column("seconds", sa.Integer(), nullable=False),
        *_texts("state", "wanted", "wanted_by"),
        *_times("wanted_at", "extend_to"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *_times("created_at", "building_since", "running_since", "due_at", "warned_for", "seen_at"),
        sa.Column("cost", sa.Integer()),
        *_long_texts("web_url", "editor_url", "error", "log"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("tries", "alarms", "starts")),
        *_times("next_at"),
    )
    for name, columns in _INDEXES.items():
        op.create_index(f"workspace_{name}", "workspace", columns)


_INDEXES = {
    "owner": ["owner", "state"],
    "target": ["target", "state"],
    "next": ["next_at"],
    "due": ["state", "due_at"],
    "remote": ["system", "remote"],
}


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _long_texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _times(*names: str) -> list[sa.Column[datetime]]:
    return [sa.Column(name, sa.DateTime(timezone=True)) for name in names]

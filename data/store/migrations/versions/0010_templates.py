"""Versions of golden paths, and how services stand to them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "template_version",
        sa.Column("path", sa.String(), primary_key=True),
        sa.Column("version", sa.String(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "template_check",
        sa.Column("entity", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("path", "version", "target", "outcome")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("edited", "conflicts", "note")),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("template_check_path", "template_check", ["path"])

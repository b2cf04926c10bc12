"""Services made from golden paths, and forms of several pages."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "made_service",
        sa.Column("request", sa.Integer(), primary_key=True, autoincrement=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("ref", "repository", "url", "path", "version", "commit")
        ),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("made_service_ref", "made_service", ["ref"])
    op.create_table(
        "form_draft",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )

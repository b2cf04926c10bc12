"""What the checkout of each source asked to be told the next time."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    source = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "notes",
        sa.Column("source", source, primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
    )

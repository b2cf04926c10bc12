"""Whole documents are no longer kept: nothing asked for them.

Dropped at once, not a release later, since no version was released that writes them.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("entity", "body")

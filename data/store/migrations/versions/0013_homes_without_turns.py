"""Who shows a Home no longer counts that they begin, only that it was shown."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("home", "wanted")

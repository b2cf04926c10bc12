"""The few files that every sync asks for are found without looking at all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    odd = sa.text("stamp = '' OR targets <> '[]' OR reads <> '[]'")
    op.create_index("file_odd", "file", ["source"], sqlite_where=odd, postgresql_where=odd)

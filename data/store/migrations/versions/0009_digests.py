"""Weekly digests, what teams set for them, and the Homes that people look at."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _digests()
    op.create_table(
        "digest_setting",
        sa.Column("team", sa.String(), primary_key=True),
        _time("muted_until", nullable=True),
        *_texts("quiet", "frequency", "person"),
        _time("at"),
    )
    op.create_table(
        "digest_disowned",
        sa.Column("team", sa.String(), primary_key=True),
        sa.Column("entity", sa.String(), primary_key=True),
        *_texts("person"),
        _time("at"),
        _time("until"),
    )
    op.create_table(
        "home",
        sa.Column("account", sa.String(), primary_key=True),
        *_texts("person"),
        _time("opened_at"),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        *_texts("fingerprint"),
    )
    op.create_index("home_person", "home", ["person"])
    op.create_index("home_opened", "home", ["opened_at"])


def _digests() -> None:
    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_texts("audience", "period", "state"),
        _time("due_at"),
        *_texts("place"),
        sa.Column("content", sa.Text(), nullable=False),
        *_texts("picture"),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        _time("changed_at"),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("audience", "period"),
    )
    op.create_index("digest_period", "digest", ["period", "state"])
    op.create_index("digest_state", "digest", ["state"])

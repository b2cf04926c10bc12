"""The catalog with its sources, files, entities and problems, and the inbox."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _ordered() -> sa.String:
    return sa.String().with_variant(sa.String(collation="C"), "postgresql")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _long_texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _keys(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, _ordered(), primary_key=True) for name in names]


def upgrade() -> None:
    _catalog()
    _sources()
    _entities()
    _problems()
    _inbox()


def _catalog() -> None:
    table = op.create_table("catalog", sa.Column("id", sa.Integer(), primary_key=True), *_numbers("version"))
    op.bulk_insert(table, [{"id": 1, "version": 0}])


def _sources() -> None:
    op.create_table(
        "source",
        *_keys("name"),
        *_texts("type", "location"),
        *_numbers("precedence"),
        *_texts("fingerprint"),
        *_numbers("revision"),
        sa.Column("synced_at", sa.DateTime(timezone=True)),
        sa.Column("tried_at", sa.DateTime(timezone=True)),
        *_texts("error", "held"),
        *_numbers("files", "documents", "entities", "problems"),
    )
    op.create_table(
        "file",
        *_keys("source", "path"),
        *_texts("stamp", "digest"),
        *_long_texts("targets", "reads"),
        *_numbers("documents"),
        sa.Column("stale", sa.Boolean(), nullable=False),
    )


def _entities() -> None:
    op.create_table(
        "entity",
        *_keys("source", "path", "ref"),
        *_texts("kind", "namespace", "name", "title"),
        *_long_texts("description"),
        *_texts("owner", "type", "lifecycle", "system"),
        *_long_texts("tags"),
        *_numbers("line"),
        sa.Column("stale", sa.Boolean(), nullable=False),
        *_long_texts("relations", "detail"),
        *_texts("digest"),
        sa.Column("wins", sa.Boolean(), nullable=False),
        *_long_texts("body"),
    )
    op.create_index("entity_ref", "entity", ["ref"])
    losers = sa.text("NOT wins")
    op.create_index("entity_loser", "entity", ["ref"], sqlite_where=losers, postgresql_where=losers)


def _problems() -> None:
    op.create_table(
        "problem",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source", _ordered(), nullable=False),
        sa.Column("path", _ordered(), nullable=False),
        *_texts("origin"),
        *_numbers("line"),
        *_texts("level", "code"),
        *_long_texts("message", "expected"),
        *_texts("ref"),
    )
    op.create_index("problem_source_path", "problem", ["source", "path"])


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", sa.String(), primary_key=True),
        *_texts("kind"),
        *_long_texts("body"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True)),
        *_numbers("attempts"),
        sa.Column("done_at", sa.DateTime(timezone=True)),
    )
    op.create_index("inbox_open", "inbox", ["done_at", "claimed_until"])

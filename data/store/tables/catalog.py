"""The tables. Alembic migrations create them; a test compares the two.

Sync writes them with bulk statements, never through objects; the classes say what a row is.
"""

from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, Dialect, Index, String, Text, TypeDecorator, text
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in and out on every database; a naive time is refused, because nobody knows what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # the signature is SQLAlchemy's
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # the signature is SQLAlchemy's
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _ordered() -> String:
    """Text that sorts by code point on every database, as file names do."""
    return String().with_variant(String(collation="C"), "postgresql")


class CatalogRow(SQLModel, table=True):
    """One row: `version` moves with every change of what the catalog answers."""

    __tablename__ = "catalog"

    id: int = Field(primary_key=True)
    version: int


class SourceRow(SQLModel, table=True):
    """One configured source and how its last sync went. `precedence` 0 wins over 1."""

    __tablename__ = "source"

    name: str = Field(sa_column=Column(_ordered(), primary_key=True))
    type: str
    location: str
    precedence: int = -1
    fingerprint: str = ""  # what must be equal for the remembered stamps to mean anything
    revision: int = 0  # moves with every sync; two syncs at once notice each other by it
    synced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str = ""
    held: str = ""
    files: int = 0
    documents: int = 0
    entities: int = 0
    problems: int = 0


ODD = "stamp = '' OR targets <> '[]' OR reads <> '[]'"  # the few files of which a sync must know more


class FileRow(SQLModel, table=True):
    """What we remember of one file.

    `targets` is a JSON list of the Location targets named in it, `reads` one of what its placeholders name, each
    with its stamp. The digest covers the content of both the file and its `reads`; "" asks for the file to be read
    again.
    """

    __tablename__ = "file"
    __table_args__ = (Index("file_odd", "source", sqlite_where=text(ODD), postgresql_where=text(ODD)),)

    source: str = Field(sa_column=Column(_ordered(), primary_key=True))
    path: str = Field(sa_column=Column(_ordered(), primary_key=True))
    stamp: str
    digest: str
    targets: str = Field(sa_type=Text)
    reads: str = Field(sa_type=Text)
    documents: int
    stale: bool


class NotesRow(SQLModel, table=True):
    """What the checkout of a source asked to be told the next time, which only it understands."""

    __tablename__ = "notes"

    source: str = Field(sa_column=Column(_ordered(), primary_key=True))
    text: str = Field(sa_type=Text)


class EntityRow(SQLModel, table=True):
    """One entity as one file tells it; `wins` marks the telling that answers when several name one reference."""

    __tablename__ = "entity"
    __table_args__ = (
        Index("entity_ref", "ref"),
        # On PostgreSQL it has the same condition; saying so here would import that dialect into every process.
        Index("entity_loser", "ref", sqlite_where=text("NOT wins")),
    )

    source: str = Field(sa_column=Column(_ordered(), primary_key=True))
    path: str = Field(sa_column=Column(_ordered(), primary_key=True))
    ref: str = Field(sa_column=Column(_ordered(), primary_key=True))
    kind: str
    namespace: str
    name: str
    title: str
    description: str = Field(sa_type=Text)
    owner: str
    type: str
    lifecycle: str
    system: str
    tags: str = Field(sa_type=Text)
    line: int
    stale: bool
    relations: str = Field(sa_type=Text)
    detail: str = Field(sa_type=Text)
    digest: str
    wins: bool


class CompanionRow(SQLModel, table=True):
    """A text that a source brought along and that holds no entities, such as the CODEOWNERS of a repository."""

    __tablename__ = "companion"

    source: str = Field(sa_column=Column(_ordered(), primary_key=True))
    path: str = Field(sa_column=Column(_ordered(), primary_key=True))
    content: str = Field(sa_type=Text)


class ProblemRow(SQLModel, table=True):
    """Something wrong in a file. `origin` is "file" (found in its text) or "walk" (found on the way to it)."""

    __tablename__ = "problem"
    __table_args__ = (Index("problem_source_path", "source", "path"),)

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(sa_type=_ordered())
    path: str = Field(sa_type=_ordered())
    origin: str
    line: int
    level: str
    code: str
    message: str = Field(sa_type=Text)
    expected: str = Field(sa_type=Text)
    ref: str


class TakeoverRow(SQLModel, table=True):
    """A change of owner that waits: `held` answers and approves until one of its people agrees to `claimed`."""

    __tablename__ = "takeover"

    ref: str = Field(sa_column=Column(_ordered(), primary_key=True))
    held: str
    claimed: str
    source: str  # who told the new owner, and where
    path: str
    since: datetime = Field(sa_type=UtcDateTime)


class ToldRow(SQLModel, table=True):
    """Something that was told to people and shall not be told again; `key` is a hash of what it was."""

    __tablename__ = "told"

    key: str = Field(primary_key=True)
    told_at: datetime = Field(sa_type=UtcDateTime)


class InboxRow(SQLModel, table=True):
    """Something Slack told us, kept until it has had its effect."""

    __tablename__ = "inbox"
    __table_args__ = (Index("inbox_open", "done_at", "claimed_until"),)

    id: str = Field(primary_key=True)
    kind: str
    body: str = Field(sa_type=Text)
    received_at: datetime = Field(sa_type=UtcDateTime)
    claimed_until: datetime | None = Field(sa_type=UtcDateTime)
    attempts: int
    done_at: datetime | None = Field(sa_type=UtcDateTime)

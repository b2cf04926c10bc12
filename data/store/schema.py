"""Which revision the database is at, and how it gets to ours. Alembic is imported only when there is work."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, MetaData, inspect
from sqlmodel import SQLModel

from data.errors import Conflict

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x1D9  # any number, but always the same: replicas that start at once wait for each other

_TABLES = ("catalog", "digests", "golden_paths", "scores", "templates", "work", "workspaces")


@dataclass(frozen=True, slots=True)
class Guests:
    """The tables of the engine: on PostgreSQL in a `schema` of their own, on SQLite among ours.

    `revision` is the table that says which form they have; `left_out` are those that it fills by itself.
    """

    schema: str
    revision: str
    left_out: frozenset[str]


def metadata() -> MetaData:
    """All tables of ours, whichever modules define them."""
    for name in (*(f"data.store.tables.{name}" for name in _TABLES), "data.store.people"):
        import_module(name)
    return SQLModel.metadata


def revisions() -> list[str]:
    """Our revisions in their order: each file in migrations/versions is named <revision>_<what>.py."""
    return sorted(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision_of(connection: Connection) -> str | None:
    """The revision the database is at, None before the first migration."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return str(row[0]) if row else None


def is_current(connection: Connection) -> bool:
    """Whether nothing is to be done. Raises Conflict when the database is ahead of this program."""
    revision, ours = revision_of(connection), revisions()
    if revision is not None and revision not in ours:
        raise Conflict(
            f"The database is at revision {revision}, which this version of idp does not know.",
            "A newer version has migrated it. Run that version, or give this one a database of its own.",
        )
    return revision == ours[-1]


def prepare() -> None:
    """Load what an upgrade needs, which takes half a second: no transaction is open yet for which others wait."""
    import_module("alembic.command")  # a start without work does not pay it


def upgrade(connection: Connection, progress: Callable[[str], None]) -> bool:
    """Run what is missing inside the transaction of `connection`; False when another replica was faster."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    if is_current(connection):
        return False
    from alembic import command  # see `prepare`
    from alembic.config import Config

    progress(f"Migrating the database from {revision_of(connection) or 'nothing'} to {revisions()[-1]}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return True

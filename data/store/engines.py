"""How each kind of database is opened, so that both behave alike."""

import os
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from data.errors import Invalid, Unavailable

BUSY_SECONDS = 30  # how long a writer waits for another one on SQLite
PAGE_BYTES = 16_384  # an entity takes about 2,000: of the usual 4,096 nearly half would stay empty
POOL = {"pool_size": 8, "max_overflow": 24, "pool_timeout": 20}

WRITING: dict[str, object] = {}
READING: dict[str, dict[str, object]] = {
    "sqlite": {"reading": True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


def parse_url(text: str) -> URL:
    """Read IDP_DATABASE_URL. Raises Invalid, which never repeats the URL."""
    hint = "Write sqlite:///var/idp.db or postgresql://user:password@host/name."
    try:
        url = make_url(text)
    except ArgumentError:
        raise Invalid("The database URL cannot be read.", hint) from None
    if url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite":
        raise Invalid(f"The database URL names {url.drivername!r}, which is not known.", hint)
    if url.database in {None, "", ":memory:"}:
        raise Invalid("The database URL names no file.", hint)
    return url


def make_engine(url: URL) -> Engine:
    """An engine that has not connected yet."""
    if url.drivername == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **POOL)
        event.listen(engine, "do_connect", _on_sqlite_opening)
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
        return engine
    arguments = {"connect_timeout": 10, "application_name": "idp"}
    return create_engine(url, connect_args=arguments, pool_pre_ping=True, **POOL)


def _on_sqlite_opening(dialect: Dialect, _record: Any, arguments: Sequence[Any], options: dict[str, Any]) -> Any:
    """Open a database that only lies there, as on a read-only disk, without the files beside it that a write-ahead
    log needs even for reading. None: as usual."""
    path = Path(str(arguments[0]))
    if not path.is_file() or _written(path):
        return None
    return dialect.connect(f"{path.absolute().as_uri()}?immutable=1", **{**options, "uri": True})


def _written(path: Path) -> bool:
    """Whether anybody may be writing a database: we could, or somebody else does."""
    return os.access(path.parent, os.W_OK, effective_ids=True) or path.with_name(f"{path.name}-wal").exists()


def _on_sqlite_connect(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own idea of when to begin would let two readers deadlock as they turn into writers.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    # FULL: what was acknowledged survives a power cut.
    connection.execute("PRAGMA synchronous=FULL")


def _on_sqlite_begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def trouble(error: SQLAlchemyError, where: str) -> tuple[str, str]:
    """What is wrong, and what to do, for people."""
    code = getattr(_cause(error), "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN} or is_read_only(error):
        what = "opened" if code == sqlite3.SQLITE_CANTOPEN else "written"
        return (
            f"The database {where} cannot be {what}.",
            "Which user may write it (with SQLite, its folder as well)?",
        )
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
        hint = "Make room on its disk (or raise the limit of the process); what was confirmed before is kept."
        return f"The database {where} cannot grow: its disk is full, or refuses to write.", hint
    return "The database does not answer.", "Try again; `idp doctor` tells more."


def is_read_only(error: SQLAlchemyError) -> bool:
    """Whether PostgreSQL refused to write: a standby, or a user that may only read."""
    return getattr(_cause(error), "sqlstate", "") == "25006"


def _cause(error: SQLAlchemyError) -> BaseException | None:
    """What the driver said, None where it was not asked."""
    return error.orig if isinstance(error, DBAPIError) else None


DAMAGED = (
    "Put a backup in its place. Without one, move it away and run `idp sync`: that reads the catalog again, but "
    "requests and the audit are lost."
)


def prepare_file(path: str) -> None:
    """Make the folder of a SQLite file and switch the file to write-ahead logging, which readers need."""
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        connection.execute(f"PRAGMA page_size={PAGE_BYTES}")  # counts for a new file only
    except (OSError, sqlite3.OperationalError) as error:
        why = (error.strerror if isinstance(error, OSError) else "") or str(error)
        raise Unavailable(
            f"The database {path} cannot be opened.", f"{why}. Does IDP_DATABASE_URL name it?"
        ) from error
    try:
        _switch_to_wal(connection, path)
    finally:
        connection.close()


def _switch_to_wal(connection: sqlite3.Connection, path: str) -> None:
    """SQLite does not wait here by itself when another process holds the file, so this does."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
                raise Unavailable(f"The database {path} cannot be written.", "Who may write the file?") from error
            if time.monotonic() > deadline:
                raise Unavailable(f"The database {path} is in use.", str(error)) from error
            time.sleep(0.05)
        except sqlite3.DatabaseError as error:
            raise Unavailable(f"The file {path} is not a database.", DAMAGED) from error

"""The database: SQLite for the processes of one machine, PostgreSQL for any number of replicas."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, get_ident
from typing import cast

from sqlalchemy import Connection, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, SQLModel

from data.errors import Conflict, Unavailable
from data.store import engines, schema

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Store:
    """One open transaction; queries of `data.store` take it as their first argument.

    `told`: lines for the log that are true once this transaction is committed, and not said otherwise.
    `asked`: work of which once is enough for all that this transaction changes, and which it has asked for.
    """

    session: Session
    told: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    @property
    def connection(self) -> Connection:
        return self.session.connection()

    @property
    def kind(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self.connection.dialect.name

    def insert(self, table: type[SQLModel]) -> sqlite.Insert:
        """An INSERT that may say ON CONFLICT, which each database has in its own dialect with the same words."""
        if self.kind == "postgresql":
            from sqlalchemy.dialects import postgresql  # a tenth of a second, which no start on SQLite pays

            return cast(sqlite.Insert, postgresql.insert(table))
        return sqlite.insert(table)


class Database:
    """Where everything is kept: `sqlite:///var/idp.db` (relative to the working folder) or `postgresql://…`.

    Raises Invalid for any other URL, without repeating it: it may hold a password. Nothing is opened before the
    first use.
    """

    def __init__(self, url: str) -> None:
        self._url = engines.parse_url(url)
        self._engine = engines.make_engine(self._url)
        # SQLite lets writers try again at growing intervals: one turn after the other is quicker, and fair.
        self._turn: AbstractContextManager[object] = _Turn() if self.kind == "sqlite" else nullcontext()

    def __repr__(self) -> str:
        return f"Database({self.location})"

    @property
    def kind(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    @property
    def location(self) -> str:
        """Where it is, for people: the file, or host and name; never a user or password."""
        if self.kind == "sqlite":
            return self._url.database or ""
        return f"{self._url.host or 'local'}/{self._url.database or ''}"

    @property
    def url(self) -> str:
        """With its password: for opening the same database by other means, never for people or logs."""
        return self._url.render_as_string(hide_password=False)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """One writing transaction: committed at the end, rolled back when anything is raised.

        On SQLite it holds the only write lock from its first moment, so read-then-write needs no retries.
        Raises Unavailable when the database does not answer, and RuntimeError on SQLite for a programmer who opens
        one inside another: it would wait for itself.
        """
        with self._turn, self._session(engines.WRITING) as store:
            yield store
            store.session.commit()
        for line in store.told:
            log.info("%s", line)

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """One reading transaction: sees one state, never waits for a writer, cannot write."""
        with self._session(engines.READING[self.kind]) as store:
            yield store

    @contextmanager
    def _session(self, options: dict[str, object]) -> Iterator[Store]:
        with self.answering(), Session(self._engine) as session:
            session.connection(execution_options=options)
            yield Store(session)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """For those who use the same database by other means too. Raises Unavailable when it does not answer."""
        try:
            yield
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            log.warning("database %s: %s", self.location, " ".join(str(getattr(error, "orig", error)).split()))
            raise Unavailable(*engines.trouble(error, self.location)) from error
        except DatabaseError as error:
            if engines.is_read_only(error):
                raise Unavailable(*engines.trouble(error, self.location)) from error
            if self.kind != "sqlite" or type(error) is not DatabaseError:  # its subclasses tell of bugs
                raise
            log.warning("database %s: %s", self.location, error.orig)
            said = f"The file {self.location} is no database, or it is damaged."
            raise Unavailable(said, engines.DAMAGED) from error

    def migrate(self, progress: Callable[[str], None] | None = None) -> bool:
        """Bring the schema up to date; True when there was something to do. Safe for replicas starting at once.

        Raises Conflict when a newer version of the program has migrated the database already.
        """
        if self.kind == "sqlite":
            engines.prepare_file(self.location)
        with self.reading() as store:
            if schema.is_current(store.connection):
                return False
        schema.prepare()
        with self.store() as store:
            return schema.upgrade(store.connection, progress or (lambda _: None))

    def check(self) -> None:
        """Raise Unavailable when the database does not answer, Conflict when it is not there or not our schema."""
        if self.kind == "sqlite" and not Path(self.location).exists():
            hint = "Run `idp sync`, which makes and fills it (`idp migrate` only makes it)."
            raise Conflict(f"There is no database {self.location} yet.", hint)
        with self.reading() as store:
            if not schema.is_current(store.connection):
                raise Conflict("The database is not migrated yet.", "Run `idp migrate`.")

    def close(self) -> None:
        """Give all connections back; those still in use by work that goes on are closed as it ends."""
        event.listen(self._engine, "checkin", _close_late)
        self._engine.dispose()


class _Turn:
    """Lets one thread write after the other."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._writer = 0

    def __enter__(self) -> None:
        if self._writer == get_ident():
            raise RuntimeError("This thread writes already: hand its Store on, or end its transaction first.")
        self._lock.acquire()
        self._writer = get_ident()

    def __exit__(self, *_error: object) -> None:
        self._writer = 0
        self._lock.release()


def _close_late(_connection: object, record: ConnectionPoolEntry) -> None:
    """A pool that was disposed of would keep what is given back to it, open, where nobody uses it again."""
    record.invalidate()

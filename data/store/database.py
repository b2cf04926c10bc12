"""The database: SQLite for one process group on one machine, PostgreSQL for any number of replicas."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Store:
    """One open transaction; queries of `data.store` take it as their first argument."""

    session: Session

    @property
    def connection(self) -> Connection:
        return self.session.connection()


class Database:
    """Where everything is kept: `sqlite:///var/idp.db` (relative to the working folder) or `postgresql://…`.

    Raises Invalid for any other URL, without repeating it: it may hold a password. Nothing is opened before the
    first use.
    """

    def __init__(self, url: str) -> None: ...

    @property
    def kind(self) -> str:
        """ "sqlite" or "postgresql"."""
        raise NotImplementedError

    @property
    def location(self) -> str:
        """Where it is, for people: the file, or host and name; never a user or password."""
        raise NotImplementedError

    @contextmanager
    def store(self) -> Iterator[Store]:
        """One writing transaction: committed at the end, rolled back when anything is raised.

        On SQLite it holds the only write lock from its first moment, so read-then-write needs no retries.
        Raises Unavailable when the database does not answer.
        """
        raise NotImplementedError

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """One reading transaction: sees one state, never waits for a writer, cannot write."""
        raise NotImplementedError

    def migrate(self, progress: Callable[[str], None] | None = None) -> bool:
        """Bring the schema up to date; True when there was something to do. Safe for replicas starting at once.

        Raises Conflict when a newer version of the program has migrated the database already.
        """
        raise NotImplementedError

    def check(self) -> None:
        """Raise Unavailable when the database does not answer, Conflict when its schema is not ours."""
        raise NotImplementedError

    def close(self) -> None:
        """Give all connections back."""
        raise NotImplementedError

"""Rows of a table, out of a SQLite database and into the same table of a PostgreSQL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import psycopg
from sqlalchemy import Connection, Integer, Table, func, select, update

from data.errors import Conflict, Unavailable
from data.store.database import Store
from data.store.sync_rows import insert_rows

PAGE = 2_000  # rows in memory at once
SINGLE = {"catalog": "version", "audit_head": "seq"}  # migrations put their one row in; 0: nothing has happened

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Pair:
    """A table as it is read and as it is written: of the same columns, perhaps in another schema."""

    old: Table
    new: Table


@dataclass
class Copying:
    """Copies one table after the other. `replaced` counts the rows in which a NUL had to become another sign."""

    old: Store
    new: Store
    progress: Progress
    replaced: int = 0

    def copy(self, pair: Pair) -> int:
        """Gives how many rows."""
        write = partial(_replace if pair.old.name in SINGLE else _append, self.new, pair.new)
        copied = 0
        found = self.old.connection.execute(select(pair.old), execution_options={"yield_per": PAGE})
        for page in found.partitions():
            try:
                write([self._kept(row) for row in page])
            except psycopg.DataError as error:
                why = error.diag.message_primary or str(error)
                raise Conflict(f"A row of {pair.old.name} cannot be kept by PostgreSQL: {why}.") from error
            except psycopg.OperationalError as error:
                raise Unavailable(
                    "The new database does not answer any more.", "Nothing was carried over."
                ) from error
            copied += len(page)
            self.progress(pair.old.name, copied)
        return copied

    def _kept(self, row: Sequence[object]) -> tuple[object, ...]:
        """As PostgreSQL can keep it: without NUL in texts, which the audit and our own writers never have."""
        if not any(isinstance(value, str) and "\0" in value for value in row):
            return tuple(row)
        self.replaced += 1
        return tuple(value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in row)


def _append(new: Store, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    quote = new.connection.dialect.identifier_preparer.quote
    insert_rows(new, quoted(new.connection, table), [quote(column.name) for column in table.columns], rows)


def _replace(new: Store, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    """The one row that migrations put there; the audit's head only moves forward, so from 0 to 0 it stays."""
    for row in rows:
        values = dict(zip(table.columns.keys(), row, strict=True))
        if values[SINGLE[table.name]]:
            new.connection.execute(update(table).values(values))


def go_on_counting(new: Store, table: Table) -> None:
    """The next id follows the highest that was copied."""
    for column in table.primary_key:
        if isinstance(column.type, Integer) and column.autoincrement:
            highest = select(func.max(column)).scalar_subquery()
            counter = func.pg_get_serial_sequence(quoted(new.connection, table), column.name)
            new.connection.execute(
                select(func.setval(counter, highest)).where(highest.is_not(None), counter.is_not(None))
            )


def quoted(connection: Connection, table: Table) -> str:
    """The name of a table, with its schema, for a statement."""
    return connection.dialect.identifier_preparer.format_table(table)

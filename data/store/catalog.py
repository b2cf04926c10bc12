"""Questions to the catalog's tables. The read model asks them once for each version; commands never do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from data.catalog.entity import Entity, Problem
from data.store.database import Store
from data.store.tables.catalog import SourceRow
from data.store.takeovers import waiting, with_held_owners


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source and how its last sync went.

    `synced_at` is the last good sync, `tried_at` the last attempt; `error` is the sentence of the last attempt if
    it failed, `held` the sentence of a mass removal that waits for a person. `precedence` 0 wins over 1.
    """

    name: str
    type: str
    location: str
    synced_at: datetime | None = None
    tried_at: datetime | None = None
    error: str = ""
    entities: int = 0
    problems: int = 0
    held: str = ""
    files: int = 0
    documents: int = 0
    precedence: int = 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """A telling of `ref` that does not answer, because `winner_source`'s comes first."""

    ref: str
    source: str
    path: str
    line: int
    winner_source: str
    winner_path: str
    winner_line: int

    def problem(self) -> Problem:
        """What the author of the losing file should know."""
        if self.source == self.winner_source:
            first = f"line {self.winner_line} of {self.winner_path}"
        else:
            first = f"line {self.winner_line} of {self.winner_path} in the source {self.winner_source}"
        message = f"{self.ref} is described twice; {first} comes first and answers."
        return Problem(self.path, self.line, "warning", "duplicate", message, "one description of each", self.ref)


def catalog_version(store: Store) -> int:
    """Moves with every change of what the catalog answers; 0 before the first sync."""
    return int(store.connection.exec_driver_sql("SELECT version FROM catalog").scalar_one())


def load_entities(store: Store) -> Iterator[tuple[Any, ...]]:
    """All entities that answer, each a tuple in the order of the fields of Entity; no particular order of rows.

    Where a change of owner waits, the owner is the one who has not agreed yet.

    Some after the others: each row has its own copy of every text; all of them at once would double the memory.
    """
    rows = chain.from_iterable(_entities(store))
    return with_held_owners(rows, {each.ref: each for each in waiting(store)})


def _entities(store: Store) -> Iterator[Sequence[tuple[Any, ...]]]:
    # Rows of the driver itself: at 100,000 entities SQLAlchemy's own would cost twice the query.
    cursor = store.connection.connection.cursor()
    try:
        cursor.execute(f"SELECT {', '.join(Entity._fields)} FROM entity WHERE wins")  # noqa: S608  # our own names
        while rows := cursor.fetchmany(100):
            yield rows
    finally:
        cursor.close()


def load_sources(store: Store) -> list[SourceState]:
    """All sources, the one that wins first."""
    names = [field.name for field in fields(SourceState)]
    rows = store.session.exec(select(SourceRow).order_by(col(SourceRow.precedence), col(SourceRow.name)))
    return [SourceState(**{name: getattr(row, name) for name in names}) for row in rows]


def load_problems(store: Store, source: str = "") -> list[tuple[str, Problem]]:
    """(source, problem) by source, path and line; conflicts between files and sources are among them."""
    query = text(
        "SELECT source, path, line, level, code, message, expected, ref FROM problem"
        " WHERE :source = '' OR source = :source"
    )
    found = [(row[0], Problem(*row[1:])) for row in store.connection.execute(query, {"source": source})]
    found += [(c.source, c.problem()) for c in load_conflicts(store) if source in {"", c.source}]
    found += [(t.source, t.problem()) for t in waiting(store) if source in {"", t.source}]
    return sorted(found, key=lambda pair: (pair[0], pair[1].path, pair[1].line))


def load_conflicts(store: Store) -> list[Conflict]:
    """Every telling that loses against another one of the same reference."""
    query = text(
        "SELECT l.ref, l.source, l.path, l.line, w.source, w.path, w.line FROM entity l"
        " JOIN entity w ON w.ref = l.ref AND w.wins WHERE NOT l.wins ORDER BY l.ref, l.source, l.path"
    )
    return [Conflict(*row) for row in store.connection.execute(query)]


def load_companions(store: Store) -> list[tuple[str, str, str]]:
    """(source, path, content) of the texts that sources brought along; pages of documentation without text."""
    query = "SELECT source, path, CASE WHEN path LIKE '%.md' THEN '' ELSE content END FROM companion"
    return [(source, path, content) for source, path, content in store.connection.execute(text(query))]

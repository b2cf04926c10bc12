"""Questions to the catalog's tables. The read model asks them once for each version; commands never do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.catalog.entity import Problem
from data.store.database import Store


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


def catalog_version(store: Store) -> int:
    """Moves with every change of what the catalog answers; 0 before the first sync."""
    raise NotImplementedError


def load_entities(store: Store) -> list[tuple[Any, ...]]:
    """All entities that answer, each a tuple in the order of the fields of Entity; no particular order of rows."""
    raise NotImplementedError


def load_sources(store: Store) -> list[SourceState]:
    """All sources, the one that wins first."""
    raise NotImplementedError


def load_problems(store: Store, source: str = "") -> list[tuple[str, Problem]]:
    """(source, problem) by source, path and line; conflicts between files and sources are among them."""
    raise NotImplementedError


def load_conflicts(store: Store) -> list[Conflict]:
    """Every telling that loses against another one of the same reference."""
    raise NotImplementedError


def load_body(store: Store, ref: str) -> str | None:
    """The whole document of the entity that answers to `ref`, as JSON."""
    raise NotImplementedError

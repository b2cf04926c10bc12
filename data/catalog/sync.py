"""Sync: what a source says now, compared with what we know, written in one transaction."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from data.ports import CatalogSource
from data.store.database import Database

Progress = Callable[[str, int], None]  # (name of the source, files looked at so far), every 200 files


@dataclass(frozen=True, slots=True)
class Report:
    """What one sync of one source did.

    References are canonical. `owner_changed` holds (ref, old owner, new owner). `problems`, `files` and
    `documents` count what the source holds now, not what changed. `held` is the sentence of a mass removal that
    was not carried out, `error` the sentence of a sync that failed and changed nothing.
    """

    source: str
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    owner_changed: list[tuple[str, str, str]] = field(default_factory=list)
    entities: int = 0
    problems: int = 0
    files: int = 0
    read: int = 0  # files whose content was looked at
    documents: int = 0
    seconds: float = 0.0
    held: str = ""
    error: str = ""


def sync(
    database: Database,
    source: CatalogSource,
    *,
    now: Callable[[], datetime],
    precedence: int = 0,
    allow_removals: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Bring what the store knows of one source up to date; never raises UserError, but reports it.

    The last good state stays when the source fails. A sync that would remove more than 30 % of the source's
    entities, and at least 10, removes none of them (everything else is taken) until `allow_removals` says so.
    """
    raise NotImplementedError


def sync_all(
    database: Database,
    sources: Sequence[CatalogSource],
    *,
    now: Callable[[], datetime],
    only: Collection[str] = (),
    allow_removals: bool = False,
    progress: Progress | None = None,
) -> list[Report]:
    """Sync the configured sources in their order, which is their precedence, and forget the others.

    `only` names the sources to sync (all when empty); NotFound names the one that is not configured.
    """
    raise NotImplementedError


def forget(database: Database, keep: Collection[str]) -> list[str]:
    """Drop every source that is no longer configured, with all it told; returns their names."""
    raise NotImplementedError

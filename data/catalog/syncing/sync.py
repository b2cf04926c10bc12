"""Sync: what a source says now, compared with what we know, written in one transaction."""

import gc
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import datetime

from data.catalog.syncing.apply import Terms, apply, fail
from data.catalog.syncing.collect import collect
from data.catalog.syncing.people import without_people
from data.catalog.syncing.report import Report
from data.errors import Conflict, NotFound, Unavailable, UserError
from data.ports.catalog import CatalogSource
from data.store import sync_rows
from data.store.database import Database
from data.store.sync_memory import remember

__all__ = ["Progress", "Report", "forget", "sync", "sync_all"]

Progress = Callable[[str, int], None]  # (name of the source, files looked at so far), every 200 files

ATTEMPTS = 8  # when others sync the same source at the same time; each round one of them gets through


def sync(
    database: Database,
    source: CatalogSource,
    *,
    now: Callable[[], datetime],
    precedence: int = 0,
    allow_removals: bool = False,
    hold_takeovers: bool = False,
    tells_people: bool = True,
    progress: Progress | None = None,
) -> Report:
    """Bring what the store knows of one source up to date; never raises UserError, but reports it.

    The last good state stays when the source fails. A sync that would remove more than 30 % of the source's
    entities, and at least 10, removes none of them (everything else is taken) until `allow_removals` says so.
    With `hold_takeovers` a new owner of an entity waits until the old one agrees (see data.store.takeovers);
    without `tells_people` its users and memberships are left out (see data.catalog.syncing.people).
    Two syncs of one source at once never mix: the slower one starts again from what the faster one wrote.
    """
    terms = Terms(source, precedence, allow_removals, hold_takeovers, tells_people)
    tick = (lambda count: progress(source.name, count)) if progress else (lambda _: None)
    started = time.perf_counter()
    try:
        with _collector_off():
            report = _until_alone(database, terms, now, tick)
    except UserError as error:
        report = Report(source.name, error=f"{error.message} {error.hint}".strip())
        _record(database, terms, now(), report.error)
    return replace(report, seconds=time.perf_counter() - started)


@contextmanager
def _collector_off() -> Iterator[None]:
    """A sync makes many objects and no circles of them; looking for some took a third of one without changes."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _until_alone(
    database: Database, terms: Terms, now: Callable[[], datetime], tick: Callable[[int], None]
) -> Report:
    for _ in range(ATTEMPTS - 1):
        try:
            return _once(database, terms, now(), tick)
        except Conflict:
            continue
    return _once(database, terms, now(), tick)


def _once(database: Database, terms: Terms, now: datetime, tick: Callable[[int], None]) -> Report:
    memory = remember(database, terms.source.name, terms.fingerprint)
    with closing(terms.source.open()) as checkout:
        found = collect(checkout, terms.source.name, memory, tick, anew=terms.allow_removals)
    if not terms.tells_people:
        found.readings = without_people(found.readings)
    with database.store() as store:
        return apply(store, terms, memory, found, now)


def _record(database: Database, terms: Terms, now: datetime, error: str) -> None:
    with (
        suppress(Unavailable),
        database.store() as store,
    ):  # when it is the database that fails, the report says so
        fail(store, terms, now, error)


def sync_all(
    database: Database,
    sources: Sequence[CatalogSource],
    *,
    now: Callable[[], datetime],
    only: Collection[str] = (),
    allow_removals: bool = False,
    hold_takeovers: bool = False,
    people_from: Collection[str] | None = None,
    progress: Progress | None = None,
) -> list[Report]:
    """Sync the configured sources in their order, which is their precedence, and forget the others.

    `only` names the sources to sync (all when empty); NotFound names the one that is not configured. `people_from`
    names those that may tell people; None: all.
    """
    names = [source.name for source in sources]
    for name in only:
        if name not in names:
            raise NotFound(f"There is no source {name}.", f"Configured are: {', '.join(names) or 'none'}.")
    forget(database, names)
    return [
        sync(
            database,
            source,
            now=now,
            precedence=precedence,
            allow_removals=allow_removals,
            hold_takeovers=hold_takeovers,
            tells_people=people_from is None or source.name in people_from,
            progress=progress,
        )
        for precedence, source in enumerate(sources)
        if not only or source.name in only
    ]


def forget(database: Database, keep: Collection[str]) -> list[str]:
    """Drop every source that is no longer configured, with all it told; returns their names."""
    with database.store() as store:
        sync_rows.lock(store)
        names = sync_rows.drop_sources(store, keep)
        if names:
            sync_rows.choose_winners(store)
            sync_rows.raise_version(store)
        return names

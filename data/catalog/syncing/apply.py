"""Writing what a sync found, in the transaction of the caller."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from data.catalog.descriptors.reading import Reading
from data.catalog.entity import Problem
from data.catalog.syncing.changes import Changes, compare
from data.catalog.syncing.collect import Collected, Looked
from data.catalog.syncing.report import Report
from data.errors import Conflict
from data.ports.catalog import CatalogSource
from data.store import sync_rows, takeovers
from data.store.database import Store
from data.store.sync_memory import Memory
from data.store.sync_rows import OldProblem
from data.store.tables.catalog import SourceRow

READER = "5"  # raise it when the same file reads differently than before: then nothing remembered is trusted


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a source is synced; `fingerprint` must be equal for remembered stamps to mean anything.

    `tells_people`: its users and memberships count (see data.catalog.syncing.people).
    """

    source: CatalogSource
    precedence: int
    allow_removals: bool
    hold_takeovers: bool = False
    tells_people: bool = True

    @property
    def fingerprint(self) -> str:
        people = "" if self.tells_people else " without people"
        return f"{READER} {self.source.type} {self.source.location}{people}"


def apply(store: Store, terms: Terms, memory: Memory, found: Collected, now: datetime) -> Report:
    """Write the differences; the version moves only when the catalog answers differently.

    Raises Conflict when another sync of the source has written since `memory` was taken.
    """
    sync_rows.lock(store)
    row = sync_rows.source_named(store, terms.source.name)
    if row.revision != memory.revision:
        raise Conflict(f"Another sync of {row.name} was faster.", "Sync again.")
    changes = _changes(store, row.name, memory, found, terms.allow_removals)
    moved = row.precedence != terms.precedence
    before = _owners(store, changes, moved) if terms.hold_takeovers else {}
    _write_entities(store, row.name, changes)
    files_differ = _write_files(store, row.name, memory, found, changes)
    if found.notes != memory.notes:
        sync_rows.set_notes(store, row.name, found.notes)
    differs = _write_problems(store, row.name, found, changes)
    differs |= _write_companions(store, row.name, found)
    differs |= bool(changes.delete or changes.insert or changes.stale or moved)
    _describe(row, terms, now)
    row.revision, row.synced_at, row.error = row.revision + 1, now, ""
    taken_over: list[str] = []
    row.held, row.entities = _held(row.name, changes), changes.entities
    store.session.flush()
    if differs:
        sync_rows.choose_winners(store, None if moved else changes.refs)
        taken_over = takeovers.hold(store, before, now) if terms.hold_takeovers else []
        sync_rows.raise_version(store)
    if files_differ:
        row.files, row.documents = sync_rows.count_files(store, row.name)
    row.problems = sync_rows.count_problems(store, row.name)
    return replace(_report(row, changes, len(found.looked)), taken_over=taken_over)


def _owners(store: Store, changes: Changes, moved: bool) -> Mapping[str, takeovers.Telling]:
    """Who owns what may have another owner after this: what is told anew, or anything twice told if `moved`."""
    refs = {row.ref for row in changes.delete} | {str(row[0]) for row in changes.insert}
    return takeovers.tellings(store, refs | set(sync_rows.told_twice(store)) if moved else refs)


def fail(store: Store, terms: Terms, now: datetime, error: str) -> None:
    """The sync did not get through: what was known stays, and people can see why."""
    row = sync_rows.source_named(store, terms.source.name)
    if row.synced_at is None:
        _describe(row, terms, now)
    row.tried_at, row.error = now, error


def _describe(row: SourceRow, terms: Terms, now: datetime) -> None:
    row.type, row.location, row.tried_at = terms.source.type, terms.source.location, now
    row.precedence, row.fingerprint = terms.precedence, terms.fingerprint


def _report(row: SourceRow, changes: Changes, read: int) -> Report:
    return Report(
        source=row.name,
        added=changes.added,
        changed=changes.changed,
        removed=changes.removed,
        owner_changed=changes.owner_changed,
        entities=row.entities,
        problems=row.problems,
        files=row.files,
        read=read,
        documents=row.documents,
        held=row.held,
    )


def _changes(store: Store, name: str, memory: Memory, found: Collected, allow_removals: bool) -> Changes:
    """Compare what is new with the rows that it may replace, and with other tellings of the same references."""
    touched = found.readings.keys() | found.broken.keys() | found.gone
    touched = touched and touched & memory.stamps.keys()
    if not (touched or found.readings):
        return Changes(entities=memory.entities)
    old = sync_rows.old_rows(store, name, "path", touched)
    if memory.entities:
        refs = {row.ref for row in old} | {row.entity.ref for file in found.readings.values() for row in file.rows}
        old += [row for row in sync_rows.old_rows(store, name, "ref", refs) if row.path not in touched]
    return compare(old, found, entities=memory.entities, allow_removals=allow_removals, forced=memory.forced)


def _held(name: str, changes: Changes) -> str:
    if not changes.held_of:
        return ""
    count = f"{changes.would_remove} of {changes.held_of}"
    return f"{count} entities would be removed; they stay until `idp sync {name} --allow-removals` says so."


def _write_entities(store: Store, name: str, changes: Changes) -> None:
    paths, refs = [row.path for row in changes.delete], [row.ref for row in changes.delete]
    sync_rows.delete_keys(store, "entity", name, path=paths, ref=refs)
    sync_rows.mark_stale(store, name, changes.stale)
    sync_rows.insert_rows(store, "entity", sync_rows.ENTITY_COLUMNS, changes.insert)


def _write_files(store: Store, name: str, memory: Memory, found: Collected, changes: Changes) -> bool:
    """Replace what is kept of files; True when rows came or went."""
    rows = [
        _file_row(name, path, found.looked[path], reading, changes) for path, reading in found.readings.items()
    ]
    rows += [(name, path, "", "", "[]", "[]", 0, True) for path in found.broken if path not in memory.stamps]
    gone = found.gone - changes.kept_paths
    replaced = [path for path in found.readings if path in memory.stamps]
    sync_rows.delete_keys(store, "file", name, path=[*replaced, *gone])
    sync_rows.insert_rows(store, "file", sync_rows.FILE_COLUMNS, rows)
    unreadable = [*found.broken, *(changes.held_paths - found.seen)]
    sync_rows.forget_stamps(store, name, [path for path in unreadable if memory.digests.get(path)])
    moved = [(p, at.stamp, _json(at.reads)) for p, at in found.looked.items() if p not in found.readings]
    sync_rows.set_stamps(store, name, moved)
    return bool(rows or gone)


def _write_companions(store: Store, name: str, found: Collected) -> bool:
    """Replace the texts that were read again or are gone; True when there were any."""
    over = found.readings.keys() | found.gone
    gone = [path for path in sync_rows.companions_of(store, name) if path in over] if over else []
    sync_rows.delete_keys(store, "companion", name, path=gone)
    rows = [(name, path, content) for path, content in found.companions.items()]
    sync_rows.insert_rows(store, "companion", sync_rows.COMPANION_COLUMNS, rows)
    return bool(rows or gone)


def _file_row(name: str, path: str, at: Looked, reading: Reading, changes: Changes) -> tuple[object, ...]:
    # Without a stamp the next sync looks again, because a removal waits.
    held, stale = path in changes.held_paths, path in changes.kept_paths
    stamp, digest = ("", "") if held else (at.stamp, at.digest)
    return name, path, stamp, digest, _json(reading.targets), _json(at.reads), reading.documents, stale


def _json(values: Sequence[object]) -> str:
    return orjson.dumps(values).decode() if values else "[]"


def _write_problems(store: Store, name: str, found: Collected, changes: Changes) -> bool:
    """Replace the problems of files that were read or are gone; True when any problem came or went."""
    old = set(sync_rows.old_problems(store, name))
    gone = found.gone - changes.kept_paths
    replaced = gone | found.broken.keys() | found.readings.keys()
    now = {problem for problem in old if problem.origin == "file" and problem.path not in replaced}
    now |= {problem for problem in old if problem.path in found.left_alone}
    now |= set(_rows("walk", found.walk)) | set(_rows("file", found.broken.values()))
    now |= set(_rows("file", (problem for reading in found.readings.values() for problem in reading.problems)))
    fresh, over = now - old, old - now
    sync_rows.delete_problems(store, name, over)
    sync_rows.insert_rows(store, "problem", sync_rows.PROBLEM_COLUMNS, [(name, *row) for row in sorted(fresh)])
    return bool(fresh or over)


def _rows(origin: str, problems: Iterable[Problem]) -> Iterable[OldProblem]:
    for p in problems:
        message, expected, ref = _storable(p.message), _storable(p.expected), _storable(p.ref)
        yield OldProblem(p.path, origin, p.line, p.level, p.code, message, expected, ref)


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL and nobody keeps half a surrogate pair; both may be quoted from a hostile file."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()

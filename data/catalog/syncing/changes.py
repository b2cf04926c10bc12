"""The second half of a sync, as a pure comparison: rows we keep and files as they are now -> what to write."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from data.catalog.descriptors.reading import Reading
from data.catalog.syncing.collect import Collected
from data.store.sync_rows import OldRow

HOLD_SHARE = 0.30  # a sync that removes more than this share of a source's entities
HOLD_COUNT = 10  # and at least so many is held


class Answer(NamedTuple):
    """Who answers for one reference inside the source: the first file by name."""

    path: str
    digest: str
    owner: str


@dataclass(slots=True)
class Changes:
    """What one sync writes to the entities of a source, and what it reports."""

    delete: list[OldRow] = field(default_factory=list)
    insert: list[tuple[Any, ...]] = field(default_factory=list)
    stale: list[OldRow] = field(default_factory=list)
    kept_paths: set[str] = field(default_factory=set)  # some of their entities are a last good version
    held_paths: set[str] = field(default_factory=set)  # among them those that a held removal keeps
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    owner_changed: list[tuple[str, str, str]] = field(default_factory=list)
    entities: int = 0
    would_remove: int = 0
    held_of: int = 0  # how many entities there were when a removal was held, else 0

    @property
    def refs(self) -> set[str]:
        """The references of which a row goes or comes."""
        return {row.ref for row in self.delete} | {row[0] for row in self.insert}


def compare(
    old: Sequence[OldRow], now: Collected, *, entities: int, allow_removals: bool, forced: bool
) -> Changes:
    """Compare rows of a source with what was collected.

    `old` are all rows of the files that were read, are broken or gone, and all of the references that these tell
    or told; `entities` is how many the source had. `forced` writes also what seems to be the same.
    """
    by_path = _by_path(old)
    replaced = {path for path in by_path if path not in now.seen or path in now.broken or path in now.readings}
    kept = _last_good(by_path, now)
    before = _answers(old)
    after = _answers([row for row in old if row.path not in replaced] + kept, now.readings)
    changes = Changes(would_remove=len(before.keys() - after.keys()))
    if not allow_removals and HOLD_COUNT <= changes.would_remove > HOLD_SHARE * entities:
        held = [by_path[before[ref].path][ref] for ref in before.keys() - after.keys()]
        kept += held
        changes.held_of, changes.held_paths = entities, {row.path for row in held}
        after |= _answers(held)
    same = (
        set()
        if forced
        else {path for path in now.readings if path in by_path and _says_the_same(by_path[path], now, path)}
    )
    keep = {(row.path, row.ref) for row in kept}
    changes.kept_paths, changes.stale = {row.path for row in kept}, [row for row in kept if not row.stale]
    changes.delete = [row for path in replaced - same for row in by_path[path].values() if row[:2] not in keep]
    changes.insert = [
        (*told.entity, told.digest, True)
        for path, reading in now.readings.items()
        if path not in same
        for told in reading.rows
    ]
    _report(changes, before, after)
    changes.entities = entities + len(changes.added) - len(changes.removed)
    return changes


def _by_path(rows: Iterable[OldRow]) -> dict[str, dict[str, OldRow]]:
    paths: dict[str, dict[str, OldRow]] = {}
    for row in rows:
        paths.setdefault(row.path, {})[row.ref] = row
    return paths


def _last_good(by_path: Mapping[str, Mapping[str, OldRow]], now: Collected) -> list[OldRow]:
    """Rows that go on answering because what told them cannot be read: whole files, and documents inside files."""
    kept = [row for path in now.broken for row in by_path.get(path, {}).values()]
    for path, reading in now.readings.items():
        if any(problem.level == "error" and problem.code != "duplicate" for problem in reading.problems):
            there = {row.entity.ref for row in reading.rows}
            kept += [row for ref, row in by_path.get(path, {}).items() if ref not in there]
    return kept


def _answers(old: Iterable[OldRow], readings: Mapping[str, Reading] | None = None) -> dict[str, Answer]:
    """Who answers for each reference: of several files the first by name."""
    answers: dict[str, Answer] = {}
    for row in old:
        if row.ref not in answers or row.path < answers[row.ref].path:
            answers[row.ref] = Answer(row.path, row.digest, row.owner)
    for path, reading in (readings or {}).items():
        for told in reading.rows:
            ref = told.entity.ref
            if ref not in answers or path < answers[ref].path:
                answers[ref] = Answer(path, told.digest, told.entity.owner)
    return answers


def _says_the_same(rows: Mapping[str, OldRow], now: Collected, path: str) -> bool:
    """Whether a file that was read again, such as after a new comment at its end, needs no new rows."""
    told = {(row.entity.ref, row.digest, row.entity.line, False) for row in now.readings[path].rows}
    return told == {(row.ref, row.digest, row.line, bool(row.stale)) for row in rows.values()}


def _report(changes: Changes, before: Mapping[str, Answer], after: Mapping[str, Answer]) -> None:
    changes.added = sorted(after.keys() - before.keys())
    changes.removed = sorted(before.keys() - after.keys())
    for ref in sorted(before.keys() & after.keys()):
        was, now = before[ref], after[ref]
        if was.digest != now.digest:
            changes.changed.append(ref)
        if was.owner != now.owner:
            changes.owner_changed.append((ref, was.owner, now.owner))

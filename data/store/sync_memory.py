"""What a sync remembers of a source: what the last one left behind, read no further than it is needed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import orjson

from data.store.database import Database
from data.store.sync_rows import batched, fetch
from data.store.tables.catalog import ODD, SourceRow

Reads = Sequence[tuple[str, str]]  # what placeholders name, as written, with its stamp
Rows = Sequence[tuple[str, str, str]]  # of files: path, stamp, digest


@dataclass
class Memory:
    """What the last sync left: the revision it was, how many files, and by the paths of the few that have them the
    targets of Locations, and what placeholders named with the stamp of each; `again` are files without a stamp.
    `rows` gives those of all files, or without those that stand: it is told how many, and some of the others.

    `notes` is what the checkout asked to be told again. `forced` says that nothing of it means anything any more
    (another place, another way of reading): only the keys of `stamps` are true.
    """

    revision: int = 0
    rows: Callable[[int, Sequence[str]], Rows] = lambda _standing, _others: ()
    files: int = 0
    again: Collection[str] = ()
    targets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    reads: Mapping[str, Reads] = field(default_factory=dict)
    notes: str = ""
    entities: int = 0
    forced: bool = True
    _standing: tuple[int, Sequence[str]] = (0, ())

    def set_aside(self, standing: int, others: Sequence[str]) -> None:
        """So many files stand, and these do not: from here on nobody asks for those that stand."""
        self._standing = standing, others

    @cached_property
    def stamps(self) -> Mapping[str, str]:
        """By path."""
        return {path: "" if self.forced else stamp for path, stamp, _ in self._rows}

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """By path."""
        return {} if self.forced else {path: digest for path, _, digest in self._rows}

    @cached_property
    def _rows(self) -> Rows:
        return self.rows(*self._standing)


def remember(database: Database, name: str, fingerprint: str) -> Memory:
    """What is kept of a source; empty for one that is new."""
    with database.reading() as store:
        source = store.session.get(SourceRow, name)
        if source is None:
            return Memory()
        rows = partial(_rows, database, name, source.files)
        if source.fingerprint != fingerprint:
            return Memory(source.revision, rows, source.files, entities=source.entities)
        query = f"SELECT path, stamp, targets, reads FROM file WHERE source = ? AND ({ODD})"  # noqa: S608  # ours
        found = fetch(store, query, name)
        return Memory(
            source.revision,
            rows,
            source.files,
            again={path for path, stamp, *_ in found if not stamp},
            targets={path: orjson.loads(targets) for path, _, targets, _ in found if targets != "[]"},
            reads={path: orjson.loads(reads) for path, *_, reads in found if reads != "[]"},
            notes="".join(row[0] for row in fetch(store, "SELECT text FROM notes WHERE source = ?", name)),
            entities=source.entities,
            forced=False,
        )


def _rows(database: Database, name: str, files: int, standing: int, others: Sequence[str]) -> Rows:
    """Those of the others, if these are all that do not stand, else of all files.

    Read when something has moved: another sync that was faster in between is noticed by the revision.
    """
    query = "SELECT path, stamp, digest FROM file WHERE source = ?"
    with database.reading() as store:
        rows: list[tuple[str, str, str]] = []
        for batch in batched(others, 500):
            rows += fetch(store, f"{query} AND path IN ({', '.join('?' * len(batch))})", name, *batch)
        return rows if standing + len(rows) == files else fetch(store, query, name)

"""What sync remembers of a source and how it writes: bulk statements on tuples, never objects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import orjson
from sqlalchemy import bindparam, text
from sqlmodel import select

from data.catalog.entity import Entity
from data.ports import Known
from data.store.database import Store
from data.store.models import SourceRow

ENTITY_COLUMNS = (*Entity._fields, "digest", "wins", "body")
FILE_COLUMNS = ("source", "path", "stamp", "digest", "targets", "reads", "documents", "stale")
COMPANION_COLUMNS = ("source", "path", "content")
OWNED = [(table, "source") for table in ("problem", "entity", "companion", "file")] + [("source", "name")]
PROBLEM_COLUMNS = ("source", "path", "origin", "line", "level", "code", "message", "expected", "ref")


_LOCK = 0x1DA  # any number, but always the same


class OldRow(NamedTuple):
    """One entity row as it is kept, as far as a comparison needs it."""

    path: str
    ref: str
    digest: str
    owner: str
    line: int
    stale: bool


class OldProblem(NamedTuple):
    """One problem row without its source."""

    path: str
    origin: str
    line: int
    level: str
    code: str
    message: str
    expected: str
    ref: str


@dataclass(frozen=True, slots=True)
class Memory:
    """What the last sync left: the revision it was, stamps and digests by path, what placeholders named by path.

    `forced` says that the stamps mean nothing any more (another place, another way of reading).
    """

    revision: int
    known: Mapping[str, Known]
    digests: Mapping[str, str]
    reads: Mapping[str, Sequence[str]]
    precedence: int
    entities: int
    forced: bool


def lock(store: Store) -> None:
    """One sync writes at a time, whatever its source; on SQLite every writing transaction is alone anyway."""
    if store.kind == "postgresql":
        store.connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def batched(values: Iterable[str], size: int) -> Iterator[list[str]]:
    """The values in lists of at most `size`."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch


def remember(store: Store, name: str, fingerprint: str) -> Memory:
    """What is kept of a source; empty for one that is new."""
    source = store.session.get(SourceRow, name)
    if source is None:
        return Memory(0, {}, {}, {}, -1, 0, forced=True)
    forced = source.fingerprint != fingerprint
    known: dict[str, Known] = {}
    digests: dict[str, str] = {}
    reads: dict[str, Sequence[str]] = {}
    for path, stamp, digest, targets, named in _fetch(
        store, "SELECT path, stamp, digest, targets, reads FROM file WHERE source = ?", name
    ):
        if targets == named == "[]" and not forced:
            known[path], digests[path] = Known(stamp), digest
            continue
        # What placeholders name is not covered by the stamp: such a file is looked at every time.
        known[path] = Known("" if forced or named != "[]" else stamp, tuple(orjson.loads(targets)))
        digests[path], reads[path] = "" if forced else digest, orjson.loads(named)
    return Memory(source.revision, known, digests, reads, source.precedence, source.entities, forced)


def old_rows(store: Store, source: str, column: str, values: Iterable[str]) -> list[OldRow]:
    """The entity rows of a source whose `column` ("path" or "ref") is one of the values."""
    query = text(
        f"SELECT {', '.join(OldRow._fields)} FROM entity WHERE source = :source AND {column} IN :values"  # noqa: S608  # ours
    ).bindparams(bindparam("values", expanding=True))
    rows: list[OldRow] = []
    for batch in batched(values, 500):
        found = store.connection.execute(query, {"source": source, "values": batch})
        rows += map(OldRow._make, found.all())
    return rows


def old_problems(store: Store, source: str) -> list[OldProblem]:
    """Every problem row of a source."""
    query = f"SELECT {', '.join(OldProblem._fields)} FROM problem WHERE source = ?"  # noqa: S608  # names of ours
    return list(map(OldProblem._make, _fetch(store, query, source)))


def companions_of(store: Store, source: str) -> list[str]:
    """The paths of the texts that a source brought along."""
    return [path for (path,) in _fetch(store, "SELECT path FROM companion WHERE source = ?", source)]


def _fetch(store: Store, query: str, value: str) -> list[tuple[Any, ...]]:
    """Rows of the driver itself: for ten thousand files SQLAlchemy's own would cost more than reading them."""
    cursor = store.connection.connection.cursor()
    try:
        cursor.execute(query if store.kind == "sqlite" else query.replace("?", "%s"), (value,))
        return list(cursor.fetchall())
    finally:
        cursor.close()


def insert_rows(store: Store, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert tuples in the order of `columns`, the fastest way each database has."""
    cursor = store.connection.connection.cursor()
    names = ", ".join(columns)
    try:
        if store.kind == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608  # names of ours
    finally:
        cursor.close()


def delete_keys(store: Store, table: str, source: str, **keys: Sequence[str]) -> None:
    """Delete the rows of a source whose columns equal each tuple of `keys` (columns of one length)."""
    condition = " AND ".join(f"{name} = :{name}" for name in keys)
    values = [{"source": source, **dict(zip(keys, row, strict=True))} for row in zip(*keys.values(), strict=True)]
    if values:
        query = text(f"DELETE FROM {table} WHERE source = :source AND {condition}")  # noqa: S608  # names of ours
        store.connection.execute(query, values)


def delete_problems(store: Store, source: str, gone: Iterable[OldProblem]) -> None:
    """Delete these problem rows."""
    condition = " AND ".join(f"{name} = :{name}" for name in OldProblem._fields)
    query = text(f"DELETE FROM problem WHERE source = :source AND {condition}")  # noqa: S608  # names of ours
    if values := [{"source": source, **problem._asdict()} for problem in gone]:
        store.connection.execute(query, values)


def mark_stale(store: Store, source: str, rows: Iterable[OldRow]) -> None:
    """These entities keep answering, as the last good version of what can no longer be read."""
    query = text("UPDATE entity SET stale = :yes WHERE source = :source AND path = :path AND ref = :ref")
    if values := [{"yes": True, "source": source, "path": row.path, "ref": row.ref} for row in rows]:
        store.connection.execute(query, values)


def set_stamps(store: Store, source: str, stamps: Mapping[str, str]) -> None:
    """The files look touched but say what they said."""
    query = text("UPDATE file SET stamp = :stamp WHERE source = :source AND path = :path")
    if values := [{"source": source, "path": path, "stamp": stamp} for path, stamp in stamps.items()]:
        store.connection.execute(query, values)


def forget_stamps(store: Store, source: str, paths: Iterable[str]) -> None:
    """The files cannot be read: the next sync looks at them again, whatever their stamps say."""
    query = text("UPDATE file SET stamp = '', digest = '', stale = :yes WHERE source = :source AND path = :path")
    if values := [{"yes": True, "source": source, "path": path} for path in paths]:
        store.connection.execute(query, values)


def choose_winners(store: Store) -> None:
    """Of several tellings of one reference the source with the lower precedence answers, then the first path."""
    better = (
        "EXISTS (SELECT 1 FROM entity o JOIN source os ON os.name = o.source"
        " JOIN source ms ON ms.name = entity.source WHERE o.ref = entity.ref"
        " AND (os.precedence, o.source, o.path) < (ms.precedence, entity.source, entity.path))"
    )
    several = "SELECT ref FROM entity GROUP BY ref HAVING count(*) > 1"
    query = f"UPDATE entity SET wins = NOT wins WHERE (NOT wins OR ref IN ({several})) AND wins = {better}"  # noqa: S608  # no value in it
    store.connection.execute(text(query))


def raise_version(store: Store) -> None:
    """Tell every replica that the catalog answers differently now."""
    store.connection.execute(text("UPDATE catalog SET version = version + 1"))


def count_rows(store: Store, source: str) -> tuple[int, int, int]:
    """(files, documents, problems) of a source; a conflict counts as a problem of the one that loses."""
    query = text(
        "SELECT count(*), coalesce(sum(documents), 0), (SELECT count(*) FROM problem WHERE source = :source)"
        " + (SELECT count(*) FROM entity WHERE source = :source AND NOT wins) FROM file WHERE source = :source"
    )
    files, documents, problems = store.connection.execute(query, {"source": source}).one()
    return files, documents, problems


def source_named(store: Store, name: str) -> SourceRow:
    """The row of a source, made when it is new."""
    row = store.session.get(SourceRow, name)
    if row is None:
        row = SourceRow(name=name, type="", location="")
        store.session.add(row)
    return row


def drop_sources(store: Store, keep: Iterable[str]) -> list[str]:
    """Delete everything that sources not in `keep` told; returns their names."""
    names = sorted(set(store.session.exec(select(SourceRow.name))) - set(keep))
    for name in names:
        for table, column in OWNED:
            query = text(f"DELETE FROM {table} WHERE {column} = :name")  # noqa: S608  # names of ours
            store.connection.execute(query, {"name": name})
    return names

"""How a sync reads and writes its rows: bulk statements on tuples, never objects."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import bindparam, text
from sqlmodel import select

from data.catalog.entity import Entity
from data.store.database import Store
from data.store.tables.catalog import SourceRow

ENTITY_COLUMNS = (*Entity._fields, "digest", "wins")
FILE_COLUMNS = ("source", "path", "stamp", "digest", "targets", "reads", "documents", "stale")
COMPANION_COLUMNS = ("source", "path", "content")
OWNED = [(table, "source") for table in ("problem", "entity", "companion", "file", "notes")] + [("source", "name")]
PROBLEM_COLUMNS = ("source", "path", "origin", "line", "level", "code", "message", "expected", "ref")


_MANY = 2_000  # references from which on one look at all is cheaper
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


def lock(store: Store) -> None:
    """One sync writes at a time, whatever its source; on SQLite every writing transaction is alone anyway."""
    if store.kind == "postgresql":
        store.connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def batched(values: Iterable[str], size: int) -> Iterator[list[str]]:
    """The values in lists of at most `size`."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch


def old_rows(store: Store, source: str, column: str, values: Iterable[str]) -> list[OldRow]:
    """The entity rows of a source whose `column` ("path" or "ref") is one of the values."""
    # for references SQLite would walk through all rows of the source, had it an index to find them by
    found_by = "path IN :values AND source" if column == "path" else "ref IN :values AND source || ''"
    query = text(
        f"SELECT {', '.join(OldRow._fields)} FROM entity WHERE {found_by} = :source"  # noqa: S608  # ours
    ).bindparams(bindparam("values", expanding=True))
    rows: list[OldRow] = []
    for batch in batched(values, 500):
        found = store.connection.execute(query, {"source": source, "values": batch})
        rows += map(OldRow._make, found.all())
    return rows


def old_problems(store: Store, source: str) -> list[OldProblem]:
    """Every problem row of a source."""
    query = f"SELECT {', '.join(OldProblem._fields)} FROM problem WHERE source = ?"  # noqa: S608  # names of ours
    return list(map(OldProblem._make, fetch(store, query, source)))


def companions_of(store: Store, source: str) -> list[str]:
    """The paths of the texts that a source brought along."""
    return [path for (path,) in fetch(store, "SELECT path FROM companion WHERE source = ?", source)]


def fetch(store: Store, query: str, *values: str) -> list[tuple[Any, ...]]:
    """Rows of the driver itself: for ten thousand files SQLAlchemy's own would cost more than reading them."""
    cursor = store.connection.connection.cursor()
    try:
        cursor.execute(query if store.kind == "sqlite" else query.replace("?", "%s"), values)
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


def set_stamps(store: Store, source: str, stamps: Iterable[tuple[str, str, str]]) -> None:
    """The files look touched but say what they said; gives (path, stamp, JSON of reads) of each."""
    query = text("UPDATE file SET stamp = :stamp, reads = :reads WHERE source = :source AND path = :path")
    if values := [{"source": source, "path": p, "stamp": stamp, "reads": reads} for p, stamp, reads in stamps]:
        store.connection.execute(query, values)


def set_notes(store: Store, source: str, notes: str) -> None:
    """Keep the notes of a checkout for the next one of the source."""
    store.connection.execute(text("DELETE FROM notes WHERE source = :source"), {"source": source})
    insert_rows(store, "notes", ("source", "text"), [(source, notes)])


def forget_stamps(store: Store, source: str, paths: Iterable[str]) -> None:
    """The files cannot be read: the next sync looks at them again, whatever their stamps say."""
    query = text("UPDATE file SET stamp = '', digest = '', stale = :yes WHERE source = :source AND path = :path")
    if values := [{"yes": True, "source": source, "path": path} for path in paths]:
        store.connection.execute(query, values)


def told_twice(store: Store) -> list[str]:
    """The references that several files tell."""
    query = "SELECT ref FROM entity GROUP BY ref HAVING count(*) > 1"
    return [ref for (ref,) in store.connection.execute(text(query))]


def choose_winners(store: Store, refs: Collection[str] | None = None) -> None:
    """Of several tellings of one reference the source with the lower precedence answers, then the first path.

    `refs` are the references whose tellings have changed, None for any.
    """
    better = (
        "EXISTS (SELECT 1 FROM entity o JOIN source os ON os.name = o.source"
        " JOIN source ms ON ms.name = entity.source WHERE o.ref = entity.ref"
        " AND (os.precedence, o.source, o.path) < (ms.precedence, entity.source, entity.path))"
    )
    flip = "UPDATE entity SET wins = NOT wins WHERE"
    if refs is None or len(refs) > _MANY:
        several = "SELECT ref FROM entity GROUP BY ref HAVING count(*) > 1"
        store.connection.execute(text(f"{flip} (NOT wins OR ref IN ({several})) AND wins = {better}"))
        return
    these = text(f"{flip} ref IN :refs AND wins = {better}").bindparams(bindparam("refs", expanding=True))
    for batch in batched(refs, 500):
        store.connection.execute(these, {"refs": batch})


def raise_version(store: Store) -> None:
    """Tell every replica that the catalog answers differently now."""
    store.connection.execute(text("UPDATE catalog SET version = version + 1"))


def count_files(store: Store, source: str) -> tuple[int, int]:
    """(files, documents) of a source."""
    query = text("SELECT count(*), coalesce(sum(documents), 0) FROM file WHERE source = :source")
    files, documents = store.connection.execute(query, {"source": source}).one()
    return files, documents


def count_problems(store: Store, source: str) -> int:
    """Problems of a source; a conflict counts as a problem of the one that loses.

    Those are found by the index over the few losers: a condition on the source would look at all its entities.
    """
    query = text(
        "SELECT (SELECT count(*) FROM problem WHERE source = :source)"
        " + (SELECT count(CASE WHEN source = :source THEN 1 END) FROM entity WHERE NOT wins)"
    )
    return int(store.connection.execute(query, {"source": source}).scalar_one())


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

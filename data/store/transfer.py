"""Carries everything of a SQLite database over into an empty PostgreSQL: one reading, one writing transaction.

Besides our own tables there are those of the engine that runs work, with all that waits, runs and has ended: what
was agreed goes on, and nothing that was done once is done again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import MetaData, Table, column, func, inspect, select, table, text

from data.errors import Conflict, Invalid, NotFound
from data.store import audit, audit_check, schema
from data.store.copying import SINGLE, Copying, Pair, Progress, go_on_counting, quoted
from data.store.database import Database, Store
from data.store.schema import Guests

LEFT_OUT = frozenset({"replica"})  # who works on the old database does not work on the new one
PATIENCE = "30s"  # for somebody else's transaction on the new database to end
NAMED = 8  # tables in a sentence


@dataclass(frozen=True, slots=True)
class Transferred:
    """Rows by table, those without any left out; `replaced` texts held a NUL, which PostgreSQL cannot keep.

    `audit` is what checking the chain at its new place gave.
    """

    rows: dict[str, int]
    replaced: int
    audit: audit_check.Verdict


def check_ends(source: Database, target: Database) -> None:
    """Raises unless this is from SQLite, at our revision, to PostgreSQL. Opens the source only."""
    if target.kind != "postgresql":
        raise Invalid(
            f"IDP_DATABASE_URL names no PostgreSQL, but the file {target.location}.",
            "Set it to the new database, postgresql://user:password@host/name. SQLite files are simply copied.",
        )
    if source.kind != "sqlite":
        raise Invalid(
            "Only a SQLite database is carried over.", "From one PostgreSQL to another use pg_dump and pg_restore."
        )
    if not Path(source.location).is_file():
        raise NotFound(
            f"There is no file {source.location}.", "Write --from sqlite:///var/idp.db, the old database."
        )
    with source.reading() as old:
        if not schema.is_current(old.connection):
            revision = schema.revision_of(old.connection)
            was = f"is at revision {revision}" if revision else "holds nothing of idp"
            raise Conflict(
                f"The database {source.location} {was}, not at {schema.revisions()[-1]}.", _older(source)
            )


def _older(source: Database) -> str:
    return f"Is it the right file? Then run once: IDP_DATABASE_URL=sqlite:///{source.location} idp migrate"


def transfer(source: Database, target: Database, guests: Guests, progress: Progress) -> Transferred:
    """Copy all rows; `target` is migrated, the engine's tables included, and nobody serves from `source`.

    `progress` gets (table, rows so far). All or nothing: whatever is raised leaves the target as it was. Raises
    Conflict when the target is not empty, when the forms differ, or for a value that PostgreSQL cannot keep.
    """
    with source.reading() as old, target.store() as new:
        pairs = [*_ours(), *_theirs(old, new, guests, source)]
        _hold(new, pairs)
        _refuse_unless_empty(old, new, pairs, source, target)
        copying = Copying(old, new, progress)
        rows = {pair.old.name: copying.copy(pair) for pair in pairs}
        for pair in pairs:
            go_on_counting(new, pair.new)
        return Transferred(
            {name: count for name, count in rows.items() if count}, copying.replaced, _checked(old, new)
        )


def _ours() -> Iterator[Pair]:
    for each in schema.metadata().sorted_tables:
        if each.name not in LEFT_OUT:
            yield Pair(each, each)


def _theirs(old: Store, new: Store, guests: Guests, source: Database) -> Iterator[Pair]:
    """The engine's tables; none where it was never opened, as when the database was only synced."""
    if not inspect(old.connection).has_table(guests.revision):
        return
    forms = [
        each.connection.execute(
            select(column("version")).select_from(table(guests.revision, schema=where))
        ).scalar()
        for each, where in ((old, None), (new, guests.schema))
    ]
    if forms[0] != forms[1]:
        raise Conflict(
            f"The waiting work in {source.location} has another form ({forms[0]}, not {forms[1]}).", _older(source)
        )
    there = MetaData(schema=guests.schema)
    there.reflect(new.connection)
    here = frozenset(inspect(old.connection).get_table_names())
    for each in there.sorted_tables:
        if each.name in here - guests.left_out:
            mirrored = Table(each.name, MetaData(), autoload_with=old.connection)
            yield Pair(mirrored, mirrored.to_metadata(MetaData(), schema=guests.schema))


def _hold(new: Store, pairs: Sequence[Pair]) -> None:
    """Nobody else reads or writes there: a replica that is started too early waits, and then sees all of it."""
    names = ", ".join(quoted(new.connection, pair.new) for pair in pairs)
    new.connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
    new.connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))


def _refuse_unless_empty(
    old: Store, new: Store, pairs: Sequence[Pair], source: Database, target: Database
) -> None:
    found = {pair.old.name: _rows_in(new, pair.new) for pair in pairs}
    if not any(found.values()):
        return
    head = audit.head_of(old)
    if head.seq and head in [audit.Head(each.seq, each.digest) for each in audit.records(new, newest=1)]:
        raise Conflict(
            f"The database {target.location} has all of {source.location} already.", "Start `idp serve` on it."
        )
    told = [f"{name} {count:,}" for name, count in sorted(found.items()) if count]
    more = f" and {len(told) - NAMED} tables more" if len(told) > NAMED else ""
    raise Conflict(
        f"The database {target.location} is not empty. Rows in it: {', '.join(told[:NAMED])}{more}.",
        "Make a new one, as with createdb, and name that in IDP_DATABASE_URL.",
    )


def _rows_in(new: Store, where: Table) -> int:
    query = select(func.count()).select_from(where)
    if where.name in SINGLE:
        query = query.where(where.c[SINGLE[where.name]] != 0)
    return int(new.connection.execute(query).scalar_one())


def _checked(old: Store, new: Store) -> audit_check.Verdict:
    """The chain at its new place. One that was broken before stays so; any other difference stops it all."""
    verdict = audit_check.verify(new)
    if not verdict.holds and verdict != audit_check.verify(old):
        raise Conflict(f"The audit did not arrive as it was: {verdict.reason}", "Nothing was carried over.")
    return verdict

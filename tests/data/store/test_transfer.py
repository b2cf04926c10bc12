"""A SQLite database that becomes a PostgreSQL: every row of every table, or none."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from data.errors import Conflict, UserError
from data.store import audit, audit_check, schema
from data.store.database import Database, Store
from data.store.schema import Guests
from data.store.tables.catalog import NotesRow
from data.store.tables.scores import CollectorRow
from data.store.transfer import LEFT_OUT, Transferred, check_ends, transfer

AT = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
NOBODY = Guests("dbos", "dbos_migrations", frozenset())  # these databases have no engine
TABLES = [table for table in schema.metadata().sorted_tables if table.name not in LEFT_OUT]

COUNTED = ("request", "message", "workspace", "digest", "problem", "fact_change", "score_change")


def made(kind: sa.types.TypeEngine[Any], turn: int) -> Any:
    """A value that a column takes; another one for another turn."""
    kinds = {sa.Boolean: bool(turn % 2), sa.Integer: 2_000_000_000 + turn, sa.Float: turn + 0.5, sa.DateTime: AT}
    return next((value for known, value in kinds.items() if isinstance(kind, known)), f"größe\t\\N\n{{}} {turn}")


def put(store: Store, table: sa.Table, turn: int, *left_out: str) -> None:
    kinds = {each["name"]: each["type"] for each in sa.inspect(store.connection).get_columns(table.name)}
    values = {name: made(kind, turn) for name, kind in kinds.items() if name not in left_out}
    store.connection.execute(table.insert().values(values))


@pytest.fixture
def source(sqlite: Database) -> Database:
    """Two rows in every table, the audit's chained."""
    with sqlite.store() as store:
        for turn in (1, 2):
            audit.append(store, audit.Entry("request.approved", "system", detail={"turn": turn}), AT)
            for table in TABLES:
                if table.name not in {"audit", "audit_head", "catalog"}:
                    put(store, table, turn)
        store.connection.execute(sa.text("UPDATE catalog SET version = 41"))
    return sqlite


@pytest.fixture
def target(new_postgres: Callable[[str], str], migrated_postgres: str) -> Iterator[Database]:
    with closing(Database(new_postgres(migrated_postgres))) as database:
        yield database


def rows(database: Database) -> dict[str, list[Any]]:
    with database.reading() as store:
        return {t.name: sorted(map(tuple, store.connection.execute(sa.select(t))), key=str) for t in TABLES}


def carried(source: Database, target: Database) -> Transferred:
    check_ends(source, target)
    return transfer(source, target, NOBODY, lambda *_: None)


def test_every_row_of_every_table_arrives_as_it_was(source: Database, target: Database) -> None:
    before = rows(source)
    done = carried(source, target)
    assert rows(target) == before == rows(source)
    assert done.rows == {name: len(found) for name, found in before.items()}
    assert (done.audit.holds, done.audit.rows, done.replaced) == (True, 2, 0)


def test_new_rows_take_the_numbers_after_the_old_ones(source: Database, target: Database) -> None:
    carried(source, target)
    with target.store() as store:
        for name in COUNTED:
            table = schema.metadata().tables[name]
            put(store, table, 3, "id")
            assert store.connection.execute(sa.select(sa.func.max(table.c.id))).scalar() == 2_000_000_003


def test_every_table_that_counts_is_among_them(target: Database) -> None:
    """Those with a counter of their own, but for the single rows, which nobody adds to."""
    query = "SELECT table_name FROM information_schema.columns WHERE column_default LIKE 'nextval%'"
    with target.reading() as store:
        found = set(store.connection.execute(sa.text(query)).scalars()) - {"catalog", "audit_head"}
    assert found == set(COUNTED)


def test_the_chain_of_the_audit_goes_on(source: Database, target: Database) -> None:
    with source.reading() as store:
        posted = audit.head_of(store)
    carried(source, target)
    with target.store() as store:
        audit.append(store, audit.Entry("run.done", "system"), AT)
        found = audit_check.verify(store, [posted])
    assert (found.holds, found.rows) == (True, 3)


def test_an_audit_that_was_broken_before_is_told(source: Database, target: Database) -> None:
    with source.store() as store:
        store.connection.execute(sa.text("DROP TRIGGER audit_update"))
        store.connection.execute(sa.text("UPDATE audit SET body = '{}' WHERE seq = 2"))
    assert carried(source, target).audit.bad == 2


def test_a_nul_becomes_a_sign_that_postgresql_keeps(source: Database, target: Database) -> None:
    with source.store() as store:
        store.connection.execute(sa.update(NotesRow.__table__).values(text="a\0b"))  # type: ignore[attr-defined]  # SQLModel has it, its types do not
    assert carried(source, target).replaced == 2
    assert {row[-1] for row in rows(target)["notes"]} == {"a\ufffdb"}


def nothing_in(database: Database) -> bool:
    return {name for name, found in rows(database).items() if found} == {"catalog", "audit_head"}


def test_a_value_that_does_not_fit_is_named_and_nothing_arrives(source: Database, target: Database) -> None:
    with source.store() as store:
        store.connection.execute(sa.update(CollectorRow.__table__).values(facts=2**40))  # type: ignore[attr-defined]  # see above
    with pytest.raises(Conflict, match="A row of collector cannot be kept by PostgreSQL"):
        carried(source, target)
    assert nothing_in(target)


def test_what_ends_in_the_middle_leaves_nothing_and_can_be_done_again(source: Database, target: Database) -> None:
    def cut(table: str, _count: int) -> None:
        if table == "step":
            with psycopg.connect(target.url.replace("+psycopg", ""), autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'idp' AND datname = current_database()"
                )

    with pytest.raises(UserError):
        transfer(source, target, NOBODY, cut)
    assert nothing_in(target)
    carried(source, target)
    assert rows(target) == rows(source)


def test_a_target_with_rows_is_refused_and_one_that_has_it_all_is_told_so(
    source: Database, target: Database
) -> None:
    with target.store() as store:
        put(store, NotesRow.__table__, 1)  # type: ignore[attr-defined]  # see above
    with pytest.raises(Conflict, match=r"is not empty. Rows in it: notes 1\."):
        carried(source, target)
    with target.store() as store:
        store.connection.execute(sa.text("DELETE FROM notes"))
    carried(source, target)
    with pytest.raises(Conflict, match=r"has all of .* already"):
        carried(source, target)


def test_ends_that_do_not_fit_are_told_before_anything_is_opened(
    sqlite: Database, target: Database, tmp_path: Path, migrated_sqlite: Path
) -> None:
    def refused(source: Database, other: Database) -> str:
        with closing(source), pytest.raises(UserError) as told:
            check_ends(source, other)
        return f"{told.value.message} {told.value.hint}"

    def file(name: str, statement: str = "") -> Database:
        shutil.copy(migrated_sqlite, tmp_path / name)
        database = Database(f"sqlite:///{tmp_path}/{name}")
        if statement:
            with database.store() as store:
                store.connection.execute(sa.text(statement))
        return database

    (tmp_path / "text").write_bytes(b"no database at all, but long enough to be looked at as one" * 100)
    (tmp_path / "nothing").touch()
    assert "names no PostgreSQL" in refused(file("a"), sqlite)
    assert "pg_dump" in refused(Database(target.url), target)
    assert "There is no file" in refused(Database(f"sqlite:///{tmp_path}/away/idp.db"), target)
    assert not (tmp_path / "away").exists()
    assert "is no database" in refused(Database(f"sqlite:///{tmp_path}/text"), target)
    assert "holds nothing of idp" in refused(Database(f"sqlite:///{tmp_path}/nothing"), target)
    older = refused(file("older", "UPDATE alembic_version SET version_num = '0009'"), target)
    assert "is at revision 0009" in older
    assert f"IDP_DATABASE_URL=sqlite:///{tmp_path}/older idp migrate" in older
    assert "newer version" in refused(file("newer", "UPDATE alembic_version SET version_num = '9999'"), target)

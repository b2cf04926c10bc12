"""Transactions, replicas that start at once, and what a person is told when the database is not there."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from data.errors import Conflict, Invalid, Unavailable
from data.store import schema
from data.store.database import Database, Store
from data.store.tables import catalog


def _version(store: Store) -> int:
    return int(store.connection.exec_driver_sql("SELECT version FROM catalog").scalar_one())


def _set_version(store: Store, version: int) -> None:
    store.connection.exec_driver_sql(f"UPDATE catalog SET version = {version}")


def test_many_writers_that_read_first_lose_nothing(database: Database) -> None:
    def add_ten(_: int) -> None:
        for _ in range(10):
            with database.store() as store:
                if store.kind == "postgresql":
                    store.connection.exec_driver_sql("SELECT 1 FROM catalog FOR UPDATE")
                _set_version(store, _version(store) + 1)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(add_ten, range(16)))
    with database.reading() as store:
        assert _version(store) == 160


def test_a_raised_error_leaves_nothing_behind(database: Database) -> None:
    with suppress(ZeroDivisionError), database.store() as store:
        _set_version(store, 7)
        raise ZeroDivisionError
    with database.reading() as store:
        assert _version(store) == 0


def test_a_reader_sees_one_state_while_a_writer_commits(database: Database) -> None:
    with database.reading() as reader:
        assert _version(reader) == 0
        with database.store() as writer:
            _set_version(writer, 7)
        assert _version(reader) == 0
    with database.reading() as reader:
        assert _version(reader) == 7


def test_a_reader_cannot_write_and_the_next_writer_can(sqlite: Database) -> None:
    with pytest.raises(Unavailable), sqlite.reading() as store:
        _set_version(store, 7)
    with sqlite.store() as store:
        _set_version(store, 8)


def test_a_writer_inside_a_writer_is_told_and_does_not_wait_for_itself(sqlite: Database) -> None:
    with pytest.raises(RuntimeError, match="writes already"), sqlite.store(), sqlite.store():
        pass
    with sqlite.store() as store:
        _set_version(store, 8)


def test_replicas_that_start_at_once_migrate_once(empty_url: str) -> None:
    code = f"from data.store.database import Database; print(Database({empty_url!r}).migrate())"
    starts = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    outputs = sorted(start.communicate(timeout=300)[0].strip() for start in starts)
    assert outputs == ["False", "False", "False", "True"]
    with closing(Database(empty_url)) as database:
        database.check()


def test_migrations_make_exactly_the_tables_that_the_code_describes(database: Database) -> None:
    assert catalog.CatalogRow.__tablename__ == "catalog"
    with database.reading() as store:
        context = MigrationContext.configure(store.connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    with database.store() as store:
        store.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Conflict, match="9999"):
        database.migrate()
    with pytest.raises(Conflict, match="9999"):
        database.check()


def test_a_database_without_tables_is_told_from_one_that_is_ready(empty_url: str) -> None:
    database = Database(empty_url)
    with pytest.raises(Conflict) as raised:
        database.check()
    assert "idp migrate" in raised.value.hint
    said: list[str] = []
    assert database.migrate(said.append)
    assert said == [f"Migrating the database from nothing to {schema.revisions()[-1]}"]
    database.check()
    assert not database.migrate()
    database.close()


@pytest.mark.parametrize("url", ["mysql://u:hunter2@h/x", "hunter2", "sqlite://", "sqlite:///:memory:", ""])
def test_a_url_that_cannot_work_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Invalid) as raised:
        Database(url)
    assert "hunter2" not in f"{raised.value.message} {raised.value.hint}"


def test_nobody_reads_the_password(caplog: pytest.LogCaptureFixture) -> None:
    database = Database("postgresql://idp:hunter2@127.0.0.1:1/idp")
    with pytest.raises(Unavailable) as raised, database.store():
        pass
    said = f"{raised.value.message}{raised.value.hint}{database!r}{database.location}{caplog.text}"
    assert "hunter2" not in said
    assert "127.0.0.1" in said


def test_the_folder_of_the_file_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/var/deep/idp.db")
    assert database.migrate()
    database.close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "idp.db"
    file.write_text("Dear diary, today I was not a database. " * 100)
    with pytest.raises(Unavailable, match=r"idp\.db is not a database") as told:
        Database(f"sqlite:///{file}").migrate()
    assert "the audit are lost" in told.value.hint


def test_a_folder_that_cannot_be_made_is_told_without_numbers() -> None:
    with pytest.raises(Unavailable, match="cannot be opened") as told:
        Database("sqlite:////dev/null/var/idp.db").migrate()
    assert told.value.hint == "Not a directory. Does IDP_DATABASE_URL name it?"


def test_work_goes_on_after_the_server_dropped_every_connection(database: Database) -> None:
    with database.reading() as store:
        assert _version(store) == 0
    if database.kind == "postgresql":
        with database.store() as store:
            store.connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    with database.store() as store:
        _set_version(store, 1)


def test_what_is_in_use_while_the_database_is_closed_is_closed_afterwards(database: Database) -> None:
    with database.reading() as store:
        used: Any = store.connection.connection.dbapi_connection
        database.close()
        assert store.connection.exec_driver_sql("SELECT 1").scalar_one() == 1
    with pytest.raises(Exception, match="closed"):
        used.cursor()


def test_a_full_disk_is_said_as_one_and_what_was_written_stays(sqlite: Database) -> None:
    def grow() -> None:
        with sqlite.store() as store:
            pages = store.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            store.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")  # as a disk without room would
            store.connection.exec_driver_sql("CREATE TABLE more (x)")
            store.connection.exec_driver_sql("INSERT INTO more VALUES (zeroblob(1000000))")

    with pytest.raises(Unavailable, match="cannot grow: its disk is full"):
        grow()
    sqlite.check()

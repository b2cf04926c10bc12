"""A database that may only be read: questions are answered, and whoever writes is told why not."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from data.errors import Unavailable
from data.store.catalog import catalog_version
from data.store.database import Database, Store

NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, where the tests have them: root may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder(migrated_sqlite: Path) -> Iterator[Path]:
    """With a database in it; open to others than who runs the tests, which pytest's own folders are not."""
    place = Path(tempfile.mkdtemp(prefix="idp-read-only-"))
    shutil.copy(migrated_sqlite, place / "idp.db")
    (place / "idp.db").chmod(0o444)
    place.chmod(0o555)
    yield place
    place.chmod(0o755)
    shutil.rmtree(place)


def set_version(store: Store) -> None:
    store.connection.exec_driver_sql("UPDATE catalog SET version = 7")


def test_a_file_in_a_folder_that_may_not_be_written_is_read_and_left_alone(folder: Path) -> None:
    with closing(Database(f"sqlite:///{folder}/idp.db")) as database, as_nobody():
        database.check()
        with database.reading() as store:
            assert catalog_version(store) == 0
        with pytest.raises(Unavailable, match=r"idp\.db cannot be written") as refused, database.store() as store:
            set_version(store)
        assert "Which user may write it" in refused.value.hint
    assert [file.name for file in folder.iterdir()] == ["idp.db"]


def test_while_somebody_else_writes_the_newest_is_read(folder: Path) -> None:
    url = f"sqlite:///{folder}/idp.db"
    (folder / "idp.db").chmod(0o644)
    folder.chmod(0o755)
    with closing(Database(url)) as writer, closing(Database(url)) as database:
        with writer.store() as store:
            set_version(store)
        for file in folder.iterdir():
            file.chmod(0o444)
        folder.chmod(0o555)
        with as_nobody(), database.reading() as store:
            assert catalog_version(store) == 7  # it stands in the log beside the file


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_postgresql_that_refuses_to_write_says_so(database: Database) -> None:
    url = f"{database.url}&options=-c%20default_transaction_read_only%3Don"
    with closing(Database(url)) as first, closing(Database(url)) as second:
        with pytest.raises(Unavailable, match="cannot be written"), first.store() as store:
            set_version(store)
        second.check()
        with second.reading() as store:
            assert catalog_version(store) == 0

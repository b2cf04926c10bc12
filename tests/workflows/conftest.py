"""Houses that act, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.workflows.house import House, build, launch


@pytest.fixture
def idle_house(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A house in which nobody works yet, with a clock that stands still."""
    house = build(database_url, tmp_path, clock)
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

"""A team whose digests come by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import Clock
from tests.workflows.digests.hand import Hand
from tests.workflows.digests.mondays import BAD, GOOD, led
from tests.workflows.digests.scored import learn, team
from tests.workflows.house import House


@pytest.fixture
def hand(clock: Clock) -> Hand:
    clock.time = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
    return Hand(clock)


@pytest.fixture
def payments(database_url: str, tmp_path: Path, hand: Hand) -> Iterator[House]:
    """One team with two services, one of them in order; scored since a week."""
    house = led(database_url, tmp_path, hand, [team("payments"), team("platform")], {"payments": 2})
    hand.clock.advance(days=-6)
    learn(house.idp, {"payments-0": BAD, "payments-1": GOOD})
    hand.clock.advance(days=6)
    yield house
    house.engine.close()
    house.idp.database.close()

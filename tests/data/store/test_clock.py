"""All replicas count by the database's clock, whatever their own machines think."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from data.store.clock import DatabaseClock
from data.store.database import Database

SOON = timedelta(seconds=2)


@pytest.fixture
def postgresql(new_postgres: Callable[[str], str]) -> Iterator[Database]:
    database = Database(new_postgres("template1"))
    yield database
    database.close()


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < SOON


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_machine_whose_clock_is_off_counts_right_and_says_so(
    postgresql: Database, hours: int, caplog: pytest.LogCaptureFixture
) -> None:
    off = timedelta(hours=hours)
    clock = DatabaseClock(postgresql, lambda: datetime.now(UTC) + off)
    assert near(clock(), datetime.now(UTC) + off)
    assert near(datetime.now(UTC) + clock.adjust(), datetime.now(UTC) + off)
    assert near(clock(), datetime.now(UTC))
    clock.adjust()
    assert [r.message for r in caplog.records] == [
        f"the clock of this machine is {hours * 3600:+} s off the database's"
    ]


def test_a_clock_that_is_set_changes_nothing_in_between(
    postgresql: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    wall = [timedelta()]
    clock = DatabaseClock(postgresql, lambda: datetime.now(UTC) + wall[0])
    clock.adjust()
    for hours in (2, -2):
        wall[0] = timedelta(hours=hours)
        assert near(clock(), datetime.now(UTC))
    clock.adjust()
    wall[0] = timedelta()
    clock.adjust()
    assert caplog.records[-1].message == "the clock of this machine agrees with the database's again"


def test_it_goes_on_and_is_aware(postgresql: Database) -> None:
    clock = DatabaseClock(postgresql)
    clock.adjust()
    first = clock()
    assert first.utcoffset() == timedelta()
    assert first <= clock()

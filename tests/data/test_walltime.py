from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.walltime import moment_of, wall_of, zone_named

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Africa/Casablanca",
]
START = datetime.fromisoformat("2005-01-01")
WALLS = st.integers(0, 30 * 365 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("wall", "zone", "moment"),
    [
        ("2026-07-01 09:00", "Europe/Berlin", "2026-07-01 07:00"),
        ("2026-12-01 09:00", "Europe/Berlin", "2026-12-01 08:00"),
        ("2026-10-25 02:30", "Europe/Berlin", "2026-10-25 00:30"),  # comes twice: the first
        ("2026-03-29 02:30", "Europe/Berlin", "2026-03-29 01:00"),  # skipped: the moment of the change
        ("2026-10-04 02:10", "Australia/Lord_Howe", "2026-10-03 15:30"),  # half an hour is skipped there
        ("2011-12-30 12:00", "Pacific/Apia", "2011-12-30 10:00"),  # a whole day was
    ],
)
def test_what_the_clock_on_the_wall_means(wall: str, zone: str, moment: str) -> None:
    expected = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert moment_of(datetime.fromisoformat(wall), ZoneInfo(zone)) == expected


@given(WALLS, WALLS, st.sampled_from(ZONES))
def test_later_on_the_wall_is_never_earlier(one: datetime, other: datetime, zone: str) -> None:
    first, second = sorted((one, other))
    assert moment_of(first, ZoneInfo(zone)) <= moment_of(second, ZoneInfo(zone))


@given(WALLS, st.sampled_from(ZONES))
def test_the_clock_shows_it_then_or_has_just_jumped_over_it(wall: datetime, zone: str) -> None:
    moment = moment_of(wall, ZoneInfo(zone))
    shown = wall_of(moment, ZoneInfo(zone))
    before = wall_of(moment - timedelta(seconds=1), ZoneInfo(zone))
    assert shown == wall or before < wall < shown


@pytest.mark.parametrize(
    "name", ["", "Mars/Base", "../etc/passwd", "/etc/passwd", "Europe", "x" * 500, "Europe/Berlin\n"]
)
def test_there_is_no_such_zone(name: str) -> None:
    assert zone_named(name) is None

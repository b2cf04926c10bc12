"""When digests are due: every week once, at nine on the team's wall, whatever clocks do."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from data.digests import Quiet, read_frequency, read_quiet
from workflows.digests.calendar import (
    Rhythm,
    due,
    is_quiet,
    moment,
    monday_of,
    next_moment,
    note_moment,
    takes_place,
    week_due,
    week_of,
)

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Africa/Casablanca",
)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", [time(9, 0), time(2, 30), time(0, 0)])
def test_a_year_has_its_weeks_once_each_at_the_same_time_on_the_wall(zone: str, at: time) -> None:
    rhythm, now = Rhythm(ZoneInfo(zone), at=at), datetime(2026, 1, 1, tzinfo=UTC)
    begun: dict[str, datetime] = {}
    while now < datetime(2027, 1, 8, tzinfo=UTC):
        week = week_due(rhythm, now)
        if week:
            begun.setdefault(week, now)
        now += timedelta(hours=1)
    assert len(begun) == 53  # 2026-W02 to W53, and the first week of 2027
    for week, first in begun.items():
        wall = moment(rhythm, week).astimezone(rhythm.zone)
        assert (wall.weekday(), wall.strftime("%G-W%V")) == (0, week)
        skipped = wall.time() != at
        assert not skipped or at == time(2, 30)  # only a time that the change of the clock skips is moved
        assert timedelta(0) <= first - moment(rhythm, week) <= timedelta(hours=1)


def test_quiet_hours_move_it_to_their_end() -> None:
    rhythm = Rhythm(ZoneInfo("Europe/Berlin"), quiet=read_quiet("18:00-10:30"))
    assert moment(rhythm, "2026-W47") == datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
    late = Rhythm(ZoneInfo("Europe/Berlin"), at=time(23, 0), quiet=read_quiet("22:00-07:00"))
    assert moment(late, "2026-W47") == datetime(2026, 11, 17, 6, 0, tzinfo=UTC)
    assert is_quiet(late, datetime(2026, 11, 16, 22, 0, tzinfo=UTC))
    assert not due(late, "2026-W47", datetime(2026, 11, 17, 22, 0, tzinfo=UTC))  # late, and quiet again


def test_a_digest_of_the_end_of_a_week_is_not_lost_with_the_week() -> None:
    sunday = Rhythm(ZoneInfo("UTC"), day=6, at=time(20, 0), quiet=read_quiet("18:00-09:00"))
    monday = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert week_due(sunday, monday) == "2026-W47"
    assert next_moment(sunday, monday - timedelta(hours=1)) == ("2026-W47", monday)
    assert next_moment(sunday, monday) == ("2026-W48", monday + timedelta(days=7))
    away = Rhythm(ZoneInfo("UTC"), day=6, at=time(20, 0))
    assert week_due(away, monday) == "2026-W47"
    assert week_due(away, monday + timedelta(days=2)) is None


def test_a_bot_that_was_away_is_late_for_two_days_and_then_silent() -> None:
    rhythm = Rhythm(ZoneInfo("UTC"))
    assert due(rhythm, "2026-W47", datetime(2026, 11, 18, 8, 59, tzinfo=UTC))
    assert not due(rhythm, "2026-W47", datetime(2026, 11, 18, 9, 0, tzinfo=UTC))


def test_every_second_week_through_a_year_of_53_weeks_and_the_first_of_each_month() -> None:
    fortnightly = Rhythm(ZoneInfo("UTC"), frequency="fortnightly")
    weeks = [f"{y}-W{w:02}" for y, last in ((2026, 53), (2027, 52)) for w in range(1, last + 1)]
    chosen = [monday_of(week) for week in weeks if takes_place(fortnightly, week)]
    gaps = {(b - a).days for a, b in pairwise(chosen) if a and b}
    assert gaps == {14}
    assert takes_place(fortnightly, "2026-W48")  # an upgrade must not move everybody by a week
    monthly = Rhythm(ZoneInfo("UTC"), frequency="monthly")
    months = Counter(f"{monday_of(week):%Y-%m}" for week in weeks if takes_place(monthly, week))
    assert set(months.values()) == {1}
    assert len(months) >= 24
    assert takes_place(Rhythm(ZoneInfo("UTC"), day=4, frequency="monthly"), "2026-W18")  # Friday the first of May


def test_muted_teams_hear_nothing_until_then() -> None:
    until = datetime(2026, 11, 20, tzinfo=UTC)
    rhythm = Rhythm(ZoneInfo("UTC"), muted_until=until)
    assert not due(rhythm, "2026-W47", datetime(2026, 11, 16, 9, 0, tzinfo=UTC))
    morning = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
    assert due(Rhythm(ZoneInfo("UTC"), muted_until=morning), "2026-W47", morning)
    assert next_moment(rhythm, until) == ("2026-W48", datetime(2026, 11, 23, 9, 0, tzinfo=UTC))


def test_the_note_comes_on_the_first_monday_about_the_month_before() -> None:
    assert note_moment(Rhythm(ZoneInfo("UTC")), "2026-11") == datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    assert note_moment(Rhythm(ZoneInfo("UTC")), "2026-06") == datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    assert note_moment(Rhythm(ZoneInfo("UTC"), day=4), "2026-11") == datetime(2026, 11, 6, 9, 0, tzinfo=UTC)


def test_a_week_belongs_to_the_year_of_its_thursday() -> None:
    assert week_of(date(2025, 12, 29)) == "2026-W01"
    assert monday_of("2026-W01") == date(2025, 12, 29)


@pytest.mark.parametrize("quiet", ["12:00-13:00", "18:00-09:00"])
def test_quiet_hours_begin_with_their_first_minute_and_end_with_their_last(quiet: str) -> None:
    hours = read_quiet(quiet)
    assert hours
    assert hours.covers(hours.start)
    assert not hours.covers(hours.end)


@pytest.mark.parametrize(("text", "expected"), [
    ("18:00-09:30", Quiet(time(18), time(9, 30))),
    ("18:00 to 09:30", Quiet(time(18), time(9, 30))),
    ("18-9", None), ("25:00-09:00", None), ("09:00-09:00", None), ("", None), ("9:00-9:60", None),
])  # fmt: skip
def test_quiet_hours_are_read(text: str, expected: Quiet | None) -> None:
    assert read_quiet(text) == expected


def test_frequencies_are_read() -> None:
    assert [read_frequency(word) for word in ("Weekly", "biweekly", "month", "daily")] == [
        "weekly", "fortnightly", "monthly", None,
    ]  # fmt: skip


@pytest.mark.parametrize("week", ["2026-W54", "2026-W00", "W47", "2026-47", "x"])
def test_weeks_that_do_not_exist_are_none(week: str) -> None:
    assert monday_of(week) is None

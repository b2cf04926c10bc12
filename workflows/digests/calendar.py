"""When a digest is due: by the calendar on the wall of the team, once in each ISO week. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from data.digests import Frequency, Quiet
from data.walltime import moment_of, wall_of

LATE: Final = timedelta(days=2)  # how long after its time a digest that nobody could post is still worth reading
SPANS: Final = {"weekly": timedelta(days=7), "fortnightly": timedelta(days=14), "monthly": timedelta(days=28)}
LONGEST_SPAN: Final = timedelta(days=35)  # that a digest looks back, however long none was posted

_WEEK = re.compile(r"(\d{4})-?W(\d{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a team wants its digest, in its own wall time; `day` is of the week, 0 is Monday."""

    zone: ZoneInfo
    day: int = 0
    at: time = time(9, 0)
    quiet: Quiet | None = None
    frequency: Frequency = "weekly"
    muted_until: datetime | None = None


def week_of(day: date) -> str:
    """The ISO week of a date: 2026-W47."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_of(week: str) -> date | None:
    """The first day of a week such as 2026-W47; None when there is no such week."""
    found = _WEEK.fullmatch(week.strip())
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None


def week_there(rhythm: Rhythm, now: datetime) -> str:
    """The ISO week that the team's calendar shows."""
    return week_of(wall_of(now, rhythm.zone).date())


def moment(rhythm: Rhythm, week: str) -> datetime:
    """When the digest of this week is due (aware UTC): at its hour, or when quiet hours that cover it end."""
    first = monday_of(week)
    if first is None:
        raise ValueError(f"no ISO week: {week}")
    wall = datetime.combine(first + timedelta(days=rhythm.day), rhythm.at)
    return _out_of_quiet(rhythm, moment_of(wall, rhythm.zone))


def due(rhythm: Rhythm, week: str, now: datetime) -> bool:
    """Whether the digest of this week should be made now."""
    if rhythm.muted_until and now < rhythm.muted_until:
        return False
    if not takes_place(rhythm, week):
        return False
    return moment(rhythm, week) <= now < moment(rhythm, week) + LATE and not is_quiet(rhythm, now)


def week_due(rhythm: Rhythm, now: datetime) -> str | None:
    """The week whose digest should be made now, None without one.

    It may be the week before: quiet hours, and a bot that was away, carry a digest over the end of its week.
    """
    weeks = (week_there(rhythm, now), week_there(rhythm, now - timedelta(days=7)))
    return next((week for week in weeks if due(rhythm, week, now)), None)


def takes_place(rhythm: Rhythm, week: str) -> bool:
    """Whether this week has a digest: every second one has, or the first of the month."""
    first = monday_of(week)
    if first is None:
        return False
    if rhythm.frequency == "fortnightly":
        return first.toordinal() // 7 % 2 == 0  # counted through the years: 53 weeks do not break the rhythm
    return rhythm.frequency == "weekly" or (first + timedelta(days=rhythm.day)).day <= 7


def is_quiet(rhythm: Rhythm, now: datetime) -> bool:
    """Whether the team does not want to hear anything now."""
    return rhythm.quiet is not None and rhythm.quiet.covers(wall_of(now, rhythm.zone).time())


def _out_of_quiet(rhythm: Rhythm, at: datetime) -> datetime:
    """The same, or the end of the quiet hours that it lies in."""
    if rhythm.quiet is None or not is_quiet(rhythm, at):
        return at
    wall = wall_of(at, rhythm.zone)
    end = datetime.combine(wall.date(), rhythm.quiet.end)
    return moment_of(end if end > wall else end + timedelta(days=1), rhythm.zone)


def next_moment(rhythm: Rhythm, now: datetime) -> tuple[str, datetime]:
    """The next week with a digest, and when it is due; muting is not looked at."""
    day = wall_of(now, rhythm.zone).date() - timedelta(days=7)  # quiet hours may end in the week after
    while True:
        week = week_of(day)
        if takes_place(rhythm, week) and moment(rhythm, week) > now:
            return week, moment(rhythm, week)
        day += timedelta(days=7)


def month_there(zone: ZoneInfo, now: datetime) -> str:
    """The month that a calendar in this zone shows: 2026-11."""
    return f"{wall_of(now, zone):%Y-%m}"


def note_moment(rhythm: Rhythm, month: str) -> datetime:
    """When the monthly note about the month before is due: on the first of the digest's weekdays."""
    first = date.fromisoformat(f"{month}-01")
    day = first + timedelta(days=(rhythm.day - first.weekday()) % 7)
    return moment_of(datetime.combine(day, rhythm.at), rhythm.zone)

"""Moments as people say and read them, in the wall time of a zone."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from commands.parts.typed.days import DAYS, MONTHS, day_in
from data.errors import Invalid
from data.ports.oncall import FOREVER
from data.walltime import moment_of, wall_of, zone_named

_CLOCK = re.compile(r"([0-9]{1,2})(?::([0-9]{2})|h)? ?(am|pm)?")
_IN = re.compile(r"(?:in |\+)([0-9]{1,4}) ?(m|min|minutes?|h|hours?|d|days?|w|weeks?)")
FURTHEST = timedelta(days=731)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_NAMED_TIMES = {
    "noon": time(12),
    "midnight": time(0),
    "morning": time(9),
    "tonight": time(20),
    "evening": time(18),
}


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; UTC when it is unknown."""
    return zone_named(name) or ZoneInfo("UTC")


def say(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Short and without doubt: "18:00 CET" today, "Mon 09:00 CET" this week, "Thu 24 Dec 09:00 CET" else."""
    if moment >= FOREVER:
        return "further notice"
    there, today = moment.astimezone(zone), now.astimezone(zone)
    clock = f"{there.hour:02}:{there.minute:02} {there.tzname()}"
    days = (there.date() - today.date()).days
    if days == 0:
        return clock
    day = DAYS[there.weekday()]
    if 0 < days < 7:
        return f"{day} {clock}"
    year = f" {there.year}" if there.year != today.year else ""
    return f"{day} {there.day} {MONTHS[there.month - 1]}{year} {clock}"


def read_moment(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """What "tomorrow 9:00", "fri 17:00", "2 jan", "2026-12-24 18:00", "in 3 h" or an ISO time mean; aware UTC.

    Without a day, the next time that the clock shows so; without a time, 09:00. For wall times that a clock change
    skips or doubles see data.walltime. Raises Invalid, also for what is more than two years away.
    """
    said = " ".join(text.lower().replace(",", " ").split())
    moment = _ahead(said, now) or _exact(said, zone) or _spoken(said, zone, now)
    if moment is None:
        raise Invalid(
            f"I cannot read the time “{text}”.",
            "Say it like: tomorrow 9:00, fri 17:00, 24 dec, 2026-12-24 18:00, in 3h.",
        )
    if abs(moment - now) > FURTHEST:
        raise Invalid(f"“{text}” is too far away.", "Say a time within two years.")
    return moment


def _ahead(said: str, now: datetime) -> datetime | None:
    """now, in 3h, +2d"""
    if said == "now":
        return now
    found = _IN.fullmatch(said)
    return now + int(found[1]) * _UNITS[found[2][0]] if found else None


def _exact(said: str, zone: ZoneInfo) -> datetime | None:
    """An ISO date or time; with an offset it is that moment, without one the zone's wall time."""
    try:
        read = datetime.fromisoformat(said.upper().replace(" ", "T", 1))
    except ValueError:
        return None
    if not 1970 < read.year < 9000:  # beyond, calendars and zones come to their ends
        return None
    wall = read if len(said) > 10 else datetime.combine(read.date(), time(9))
    return wall.astimezone(UTC) if wall.tzinfo else moment_of(wall, zone)


def _spoken(said: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """A day, a time of day, or both."""
    words = [word for word in said.split() if word not in ("next", "this", "at", "on")]
    if not words:
        return None
    today = wall_of(now, zone)
    said_day = day_in(words, today)
    clock = _clock(" ".join(words if said_day is None else words[said_day[1] :]))
    if clock is None:
        return None
    next_such = today if clock > today.time() else today + timedelta(days=1)
    day = next_such if said_day is None else said_day[0]
    return moment_of(datetime.combine(day.date(), clock), zone)


def _clock(said: str) -> time | None:
    """A time of day; 09:00 when none is said, None when it is not one."""
    if not said:
        return time(9)
    if said in _NAMED_TIMES:
        return _NAMED_TIMES[said]
    found = _CLOCK.fullmatch(said)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None

"""Moments as people say and read them, in the wall time of a zone."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.errors import Invalid

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2})|h)?\s*(am|pm)?$", re.IGNORECASE)
_IN = re.compile(r"(?:in\s+|\+)(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)$", re.IGNORECASE)
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
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def say(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Short and without doubt: "18:00 CET" today, "Mon 09:00 CET" this week, "Thu 24 Dec 09:00 CET" else."""
    there, today = moment.astimezone(zone), now.astimezone(zone)
    clock = f"{there.hour:02}:{there.minute:02} {there.tzname()}"
    days = (there.date() - today.date()).days
    if days == 0:
        return clock
    day = DAYS[there.weekday()]
    if 0 < days < 7:
        return f"{day} {clock}"
    year = f" {there.year}" if there.year != today.year else ""
    return f"{day} {there.day} {_MONTHS[there.month - 1]}{year} {clock}"


def read_moment(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """What "tomorrow 9:00", "fri 17:00", "2026-12-24 18:00", "in 3 h", "18:30" or an ISO time mean; aware UTC.

    Without a day, the next time that the clock shows so; without a time, 09:00. For wall times that a clock change
    skips or doubles see `wall_to_utc`. Raises Invalid.
    """
    said = " ".join(text.lower().replace(",", " ").removeprefix("at ").removeprefix("on ").split())
    ahead = _IN.match(said)
    if ahead:
        return now + int(ahead[1]) * _UNITS[ahead[2][0]]
    try:
        exact = datetime.fromisoformat(said.upper().replace(" ", "T", 1))
    except ValueError:
        return _spoken(said, zone, now, text)
    wall = exact if len(said) > 10 else datetime.combine(exact.date(), time(9))
    return wall.astimezone(UTC) if wall.tzinfo else wall_to_utc(wall, zone)


def wall_to_utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """A naive wall time of a zone as UTC: skipped times move on by the change, doubled ones are the first."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _spoken(said: str, zone: ZoneInfo, now: datetime, text: str) -> datetime:
    words = [word for word in said.split() if word not in ("next", "this", "at", "on")]
    today = now.astimezone(zone).replace(tzinfo=None)
    if said == "now":
        return now
    day = _day(words[0], today) if words else None
    clock = _clock(" ".join(words[1:] if day is not None else words))
    if clock is None:
        raise Invalid(
            f"I cannot read the time “{text}”.", "Say it like: tomorrow 9:00, fri 17:00, 2026-12-24 18:00, in 3h."
        )
    if day is None:
        day = today if clock > today.time() else today + timedelta(days=1)
    return wall_to_utc(datetime.combine(day.date(), clock), zone)


def _day(word: str, today: datetime) -> datetime | None:
    """today, tomorrow, or the next day of that name (today counts)."""
    if word == "today":
        return today
    if word == "tomorrow":
        return today + timedelta(days=1)
    for number, name in enumerate(DAYS):
        if len(word) >= 3 and _FULL_DAYS[name].startswith(word):
            return today + timedelta(days=(number - today.weekday()) % 7)
    return None


_FULL_DAYS = dict(
    zip(DAYS, ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), strict=True)
)


def _clock(said: str) -> time | None:
    """A time of day; 09:00 when none is said, None when it is not one."""
    if not said:
        return time(9)
    if said in _NAMED_TIMES:
        return _NAMED_TIMES[said]
    found = _CLOCK.match(said)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None

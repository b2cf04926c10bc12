"""A calendar of shifts: iCalendar bytes in, shifts out."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events  # type: ignore[import-untyped]  # ships no types

from data.errors import Invalid
from data.ports.oncall import Shift
from data.walltime import moment_of, zone_named

# Asking for exactly a moment misses shifts whose clock changes in between: more is asked for, and compared here.
MARGIN = timedelta(days=45)
MOST_EVENTS = 20_000  # of a feed
MOST_RULES = 200  # events that repeat: each may stand for thousands of shifts
_TOO_OFTEN = {"SECONDLY", "MINUTELY"}  # no shift repeats so; a feed that says it would never end
_TOO_FINE = ("BYSECOND", "BYMINUTE")  # nor at several minutes of one hour
_MAILTO = re.compile(r"mailto:", re.IGNORECASE)
_PREFIX = re.compile(r"^\s*(?:on[- ]?call|pager ?duty|primary|secondary)\s*[:\-–—]\s*", re.IGNORECASE)
_SUFFIX = re.compile(r"\s+(?:[-–—|(@].*|(?:is )?on[- ]?call\b.*)$", re.IGNORECASE)


def read_calendar(content: bytes) -> icalendar.Calendar:
    """Raises Invalid with the reason."""
    try:
        calendar = icalendar.Calendar.from_ical(content)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:  # what its parser raises
        raise Invalid(f"The calendar cannot be read: {str(error)[:200] or type(error).__name__}") from None
    if not isinstance(calendar, icalendar.Calendar):
        raise Invalid("The file is not a calendar.")
    events = calendar.walk("VEVENT")
    rules = [rule for event in events for rule in _rules(event)]
    if len(events) > MOST_EVENTS or len(rules) > MOST_RULES:
        raise Invalid(f"The calendar holds more than {MOST_EVENTS:,} shifts or {MOST_RULES:,} rules.")
    if any(_endless(rule) for rule in rules):
        raise Invalid("A shift of the calendar repeats within an hour.")
    return calendar


def _rules(event: Any) -> list[Any]:
    rules = event.get("RRULE", [])
    return rules if isinstance(rules, list) else [rules]


def _endless(rule: Any) -> bool:
    often = {str(each).upper() for each in rule.get("FREQ", [])} & _TOO_OFTEN
    return bool(often) or any(len(rule.get(part, [])) > 1 for part in _TOO_FINE)


def shifts_in(calendar: icalendar.Calendar, name: str, source: str, start: datetime, end: datetime) -> list[Shift]:
    """All shifts that overlap [start, end), all on level 1. Raises Invalid when a rule is broken."""
    zone = zone_of(calendar)
    try:
        events = recurring_ical_events.of(calendar).between(start - MARGIN, end + MARGIN)
    except (ValueError, TypeError, KeyError, OverflowError) as error:  # what odd rules raise
        raise Invalid(f"The calendar cannot be read: {str(error)[:200] or type(error).__name__}") from None
    shifts = []
    for event in events:
        begin, finish = _moment(event.start, zone), _moment(event.end, zone)
        person, email = who(event)
        if begin < end and finish > start and person:
            shifts.append(Shift(name, 1, person, begin, finish, source, email))
    return sorted(shifts, key=lambda shift: (shift.start, shift.person))


def zone_of(calendar: icalendar.Calendar) -> ZoneInfo:
    """The calendar's own zone, for shifts of whole days; UTC when it says none."""
    return zone_named(str(calendar.get("X-WR-TIMEZONE", ""))) or ZoneInfo("UTC")


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        return moment_of(datetime.combine(value, time()), zone)
    return value.astimezone(UTC) if value.tzinfo else moment_of(value, zone)


def who(event: Any) -> tuple[str, str]:
    """(person, e-mail): the first attendee, else the name in the summary, else the organizer; "" if unknown."""
    attendee = event.get("ATTENDEE")
    attendee = attendee[0] if isinstance(attendee, list) and attendee else attendee
    summary = _SUFFIX.sub("", _PREFIX.sub("", str(event.get("SUMMARY", "")))).strip()
    if attendee:
        return _named(attendee)
    if summary:
        return summary, summary if "@" in summary else ""
    organizer = event.get("ORGANIZER")
    return _named(organizer) if organizer else ("", "")


def _named(address: Any) -> tuple[str, str]:
    email = _MAILTO.sub("", str(address)).strip()
    return str(address.params.get("CN", "")) or email, email if "@" in email else ""

"""Days as people say them: today, friday, 2 jan, January 2nd 2027."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FULL_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FULL_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NUMBER: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)?")
_YEAR: Final = re.compile(r"20[0-9]{2}")


def day_in(words: Sequence[str], today: datetime) -> tuple[datetime, int] | None:
    """The day that the first words (lower case) say, and how many of them do; None when they say none.

    Without a year it is the next such day, and today counts.
    """
    for name in (0, 1):  # the name of the day may stand before the date
        if name and not (words and _of(words[0], _FULL_DAYS)):
            break
        dated = _dated(words[name:], today)
        if dated is not None:
            return dated[0], dated[1] + name
    near = _near(words[0], today) if words else None
    return None if near is None else (near, 1)


def _dated(words: Sequence[str], today: datetime) -> tuple[datetime, int] | None:
    """2 jan, jan 2, either with a year."""
    if len(words) < 2:
        return None
    number, month = _NUMBER.fullmatch(words[0]), _of(words[1], _FULL_MONTHS)
    if number is None:
        number, month = _NUMBER.fullmatch(words[1]), _of(words[0], _FULL_MONTHS)
    if number is None or not month:
        return None
    year = int(words[2]) if len(words) > 2 and _YEAR.fullmatch(words[2]) else 0
    day = _on(today, year or today.year, month, int(number[1]))
    if day is not None and not year and day.date() < today.date():
        day = _on(today, today.year + 1, month, int(number[1]))
    return None if day is None else (day, 3 if year else 2)


def _on(today: datetime, year: int, month: int, day: int) -> datetime | None:
    try:
        return today.replace(year=year, month=month, day=day)
    except ValueError:  # 31 feb
        return None


def _near(word: str, today: datetime) -> datetime | None:
    """today, tomorrow, or the next day of that name."""
    if word in ("today", "tomorrow"):
        return today + timedelta(days=word == "tomorrow")
    number = _of(word, _FULL_DAYS)
    return today + timedelta(days=(number - 1 - today.weekday()) % 7) if number else None


def _of(word: str, names: Sequence[str]) -> int:
    """Which of these names, from 1, begins so; 0 for none."""
    word = word.removesuffix(".")
    return next((at for at, name in enumerate(names, 1) if len(word) >= 3 and name.startswith(word)), 0)

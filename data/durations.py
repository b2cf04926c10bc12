"""Durations as people write them in configuration and commands: 30m, 1h, 1h30m, 2d."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator

from data.errors import Invalid

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
LONGEST = 366 * SECONDS["d"]

_FORM = re.compile(r"(?:[0-9]{1,5}[wdhms])+")
_PART = re.compile(r"([0-9]+)([wdhms])")


def parse_duration(text: str) -> int:
    """Seconds of "1h30m"; more than nothing and at most a year. Raises Invalid with what is expected."""
    words = text.replace(" ", "")
    if not _FORM.fullmatch(words):
        raise Invalid(f"{text[:40]!r} is not a duration.", "Write 30m, 1h, 1h30m or 2d.")
    seconds = sum(int(number) * SECONDS[unit] for number, unit in _PART.findall(words))
    if not 0 < seconds <= LONGEST:
        raise Invalid(f"{text[:40]!r} is not between a second and a year.", "Write 30m, 1h, 1h30m or 2d.")
    return seconds


def parse_moment(text: str, now: datetime) -> datetime:
    """The time of "7d" (so long before `now`), "2026-07-01" (its first moment in UTC) or a time of ISO 8601.

    A time without an offset is UTC. Raises Invalid with what is expected.
    """
    if _FORM.fullmatch(text.replace(" ", "")):
        return now - timedelta(seconds=parse_duration(text))
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        hint = "Write a day such as 2026-07-01 (in UTC), or how far back, such as 90d."
        raise Invalid(f"{text[:40]!r} is no day and no duration.", hint) from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def say_duration(seconds: int) -> str:
    """The shortest exact form: 5400 is "1h30m"; 0 is "0s"."""
    parts = []
    for unit, size in sorted(SECONDS.items(), key=lambda item: -item[1]):
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(f"{number}{unit}")
    return "".join(parts) or "0s"


def spent(seconds: float) -> str:
    """How long something took, as people say it: 42 s, 12m, 1d3h."""
    if seconds < 600:
        return f"{seconds:.0f} s"
    unit = SECONDS["m"] if seconds < SECONDS["d"] else SECONDS["h"]
    return say_duration(int(seconds) // unit * unit)


def _read(value: object) -> object:
    wanted = "a duration such as 30m, 1h, 1h30m or 2d, at most a year"
    if not isinstance(value, str):
        raise ValueError(wanted)
    try:
        return parse_duration(value)
    except Invalid:
        raise ValueError(wanted) from None


Duration = Annotated[int, BeforeValidator(_read)]
"""A field of a configuration model: text such as "1h" becomes seconds."""

"""Turns of a rotation as spans of time, and what is left of them below overrides."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

from data.integrations.rota_file import Layer
from data.walltime import DAY, moment_of, wall_of


class Span(NamedTuple):
    """[start, end) in aware UTC, and whose it is."""

    start: datetime
    end: datetime
    who: str


def turns(layer: Layer, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Span]:
    """The turns of a layer that may overlap [start, end), in order; each ends where the next begins.

    With `hours` only the part of each turn inside those hours of the days named.
    """
    first = layer.first_handover()
    # A day of margin: no zone's clock ever jumped by more.
    number = max((wall_of(start, zone) - DAY - first) // layer.length, 0)
    for turn in count(number):
        begin = moment_of(first + turn * layer.length, zone)
        if begin >= end:
            return
        finish = moment_of(first + (turn + 1) * layer.length, zone)
        whole = Span(begin, finish, layer.rotation[turn % len(layer.rotation)])
        if finish > start and finish > begin:
            yield from _within(whole, layer.hours, layer.weekdays(), zone) if layer.hours else (whole,)


def _within(turn: Span, hours: tuple[time, time], weekdays: Collection[int], zone: ZoneInfo) -> Iterator[Span]:
    """What of a turn lies within the hours of those days; hours past midnight belong to the day they begin on."""
    opens, closes = hours
    day = datetime.combine(wall_of(turn.start, zone).date() - DAY, opens)
    length = datetime.combine(day.date(), closes) - day
    while (begin := moment_of(day, zone)) < turn.end:
        finish = moment_of(day + (length if length > timedelta() else length + DAY), zone)
        if day.weekday() in weekdays and finish > turn.start:
            yield Span(max(begin, turn.start), min(finish, turn.end), turn.who)
        day += DAY


def covered(base: Iterable[Span], overrides: Sequence[Span]) -> list[Span]:
    """`base` with the overrides laid over it, a later one over an earlier one; in order of time."""
    left = list(base)
    for override in overrides:
        left = [part for span in left for part in _around(span, override)]
        left.append(override)
    return sorted(left)


def _around(span: Span, hole: Span) -> Iterator[Span]:
    """The parts of `span` outside `hole`."""
    if hole.end <= span.start or hole.start >= span.end:
        yield span
        return
    if span.start < hole.start:
        yield span._replace(end=hole.start)
    if span.end > hole.end:
        yield span._replace(start=hole.end)

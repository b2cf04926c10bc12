"""When nobody is on call although somebody should be."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from data.ports.oncall import Rotas, Schedule, Shift


class Gap(NamedTuple):
    """[start, end) in which nobody has the level that is asked first; `below` says that another level is asked."""

    schedule: Schedule
    start: datetime
    end: datetime
    below: bool


def gaps(rotas: Rotas, start: datetime, end: datetime) -> Iterator[Gap]:
    """The gaps of the schedules that cover something, in the order of the schedules and of time."""
    for schedule in rotas.schedules:
        shifts = rotas.by_schedule.get((schedule.source, schedule.name), ())
        first = min((shift.level for shift in shifts), default=0)
        asked = [shift for shift in shifts if shift.level == first]
        for begin, finish in uncovered(asked, start, end) if schedule.covers else ():
            others = [shift for shift in shifts if shift.level != first]
            yield Gap(schedule, begin, finish, not any(uncovered(others, begin, finish)))


def uncovered(shifts: Sequence[Shift], start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The parts of [start, end) in none of the shifts."""
    at = start
    for shift in sorted(shifts, key=lambda shift: shift.start):
        if shift.start >= end:
            break
        if shift.start > at:
            yield at, shift.start
        at = max(at, shift.end)
    if at < end:
        yield at, end

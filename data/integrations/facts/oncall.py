"""Whether somebody is on call for an entity, and how many hours of the next days nobody is."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.errors import Unavailable
from data.integrations.facts.catalog import LEFT_OUT
from data.ports.facts import Collected, Fact, Known
from data.ports.oncall import OnCall, Rotas, Schedule, Shift

AHEAD: Final = timedelta(days=14)


class OnCallFacts:
    """Of every component and system: by its own schedule, its owner's, or that of a group above."""

    name = "on-call"
    every = 900

    def __init__(self, oncall: OnCall) -> None:
        self._oncall = oncall

    def collect(self, known: Known) -> Collected:
        """Raises Unavailable when no rota could be read at all."""
        start = known.now.replace(minute=0, second=0, microsecond=0)
        rotas = self._oncall.rotas(start, start + AHEAD)
        if rotas.failures and not rotas.schedules:
            raise Unavailable(rotas.failures[0])
        told: list[Fact] = []
        gaps: dict[str, int] = {}
        unsure: set[str] = set()
        for entity in known.snapshot:
            if entity.kind in LEFT_OUT:
                continue
            covered = _covered_by(known.snapshot, entity, rotas)
            if covered not in gaps and covered:
                gaps[covered] = _gap_hours(rotas, rotas.covering[covered], start)
            if not covered and rotas.failures:
                unsure.add(entity.ref)  # perhaps by the one that could not be asked
                continue
            told.append(Fact(entity.ref, "oncall.rotation", bool(covered), self.name, rotas.as_of))
            if covered:
                told.append(Fact(entity.ref, "oncall.gap_hours", gaps[covered], self.name, rotas.as_of))
        return Collected(told, tuple(rotas.failures), lambda entity, _name: entity in unsure)


def _covered_by(snapshot: Snapshot, entity: Entity, rotas: Rotas) -> str:
    """What the schedules that answer for an entity cover: it, its owner or a group above; "" for none."""
    ref, seen = entity.ref, set[str]()
    if ref in rotas.covering:
        return ref
    ref = snapshot.owner(entity).ref
    while ref and ref not in seen:
        if ref in rotas.covering:
            return ref
        seen.add(ref)
        ref = snapshot.parent(ref)
    return ""


def _gap_hours(rotas: Rotas, schedules: Sequence[Schedule], start: datetime) -> int:
    """Whole hours in which no schedule has anybody, a part of an hour counted as one."""
    shifts = [s for each in schedules for s in rotas.by_schedule.get((each.source, each.name), ())]
    uncovered = _uncovered(shifts, start, start + AHEAD)
    return -int(-uncovered.total_seconds() // 3600)


def _uncovered(shifts: Iterable[Shift], start: datetime, end: datetime) -> timedelta:
    """How much of [start, end) no shift covers."""
    at, gap = start, timedelta()
    for shift in sorted(shifts, key=lambda shift: shift.start):
        if shift.start > at:
            gap += min(shift.start, end) - at
        at = max(at, shift.end)
        if at >= end:
            return gap
    return gap + (end - at)

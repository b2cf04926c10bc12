"""Who is on call for an entity: its own schedule, else its owner's, else that of the groups above the owner."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from commands.ask import Ask
from commands.labels import display_name, profile_of
from commands.moments import say, zone_of
from commands.reply import Md, md
from data.catalog.entity import Entity
from data.ports import OnCall, Rotas, Schedule, Shift

LIFE = 5  # seconds for which what was said about on-call is said again
AHEAD = timedelta(days=15)  # how far shifts are looked up for "next" and for "when am I on call"


class Duty(NamedTuple):
    """The schedules that answer for an entity, and whose they are; none: nobody known."""

    ref: str  # of the entity that the schedules cover: the one asked about, its owner or a group above
    schedules: Sequence[Schedule]
    rotas: Rotas


def rotas_of(ask: Ask, at: datetime | None = None) -> Rotas:
    """All shifts from the hour of `at` (now) on. Whole hours: one look-up serves everybody in it."""
    hour = (at or ask.now).replace(minute=0, second=0, microsecond=0)
    return ask.idp.oncall.rotas(hour, hour + AHEAD)


def duty_of(ask: Ask, entity: Entity, owner_ref: str, at: datetime | None = None) -> Duty:
    """The schedules for an entity with that owner ("" if unknown)."""
    rotas = rotas_of(ask, at)
    covering = rotas.covering
    for ref in (entity.ref, owner_ref):
        if ref in covering:
            return Duty(ref, covering[ref], rotas)
    for ref in _above(ask, owner_ref or entity.ref) if covering else ():
        if ref in covering:
            return Duty(ref, covering[ref], rotas)
    return Duty("", (), rotas)


def _above(ask: Ask, ref: str) -> Iterator[str]:
    """The parent group, its parent and so on; cycles end."""
    seen = {ref}
    while True:
        parent = next((link.ref for link in ask.snapshot.links(ref) if link.type == "childOf"), "")
        if not parent or parent in seen:
            return
        seen.add(parent)
        yield parent
        ref = parent


def shifts_at(rotas: Rotas, schedule: Schedule, at: datetime) -> list[Shift]:
    """The shifts of one schedule at a moment, the level asked first in front; empty: a gap."""
    shifts = rotas.by_schedule.get((schedule.source, schedule.name), ())
    current = [shift for shift in shifts if shift.start <= at < shift.end]
    return sorted(current, key=lambda shift: shift.level) if len(current) > 1 else current


def on_call_now(ask: Ask, duty: Duty) -> list[Shift]:
    """The shifts of all its schedules at this moment."""
    return [shift for schedule in duty.schedules for shift in shifts_at(duty.rotas, schedule, ask.now)]


def shift_after(rotas: Rotas, schedule: Schedule, at: datetime, level: int = 0) -> Shift | None:
    """The next shift to begin, of one level or (0) of any."""
    shifts = rotas.by_schedule.get((schedule.source, schedule.name), ())
    return next((shift for shift in shifts if shift.start > at and level in (0, shift.level)), None)


def person_of(ask: Ask, shift: Shift) -> Entity | None:
    """The person of a shift in the catalog, by reference, name or e-mail."""
    named = shift.person.lower()
    found = ask.snapshot.get(named if ":" in named else f"user:default/{named}")
    if found is not None or not (shift.email or "@" in named):
        return found
    match = ask.snapshot.resolve(shift.email or named, ("User",))
    return match.entity if match.how == "email" else None


def person_name(ask: Ask, shift: Shift) -> str:
    """What the person of a shift is called."""
    person = person_of(ask, shift)
    return display_name(person) if person else shift.person.partition(":")[2] or shift.person


@dataclass(slots=True)
class _Board:
    """Who is on call, as it was said within a few seconds: many questions at once cost one look-up.

    It ends at a whole multiple of LIFE in wall time, so that it never outlives a hand-over.
    """

    oncall: OnCall
    since: datetime
    until: datetime
    covering: Mapping[str, Sequence[Schedule]]
    said: dict[str, tuple[Duty, Md]] = field(default_factory=dict)


def on_duty(ask: Ask, entity: Entity, owner_ref: str) -> tuple[Duty, Md]:
    """`duty_of` now, and the line of `now_md` for it."""
    board = _board(ask)
    key = entity.ref if not owner_ref or entity.ref in board.covering else owner_ref
    said = board.said.get(key)
    if said is None:
        duty = duty_of(ask, entity, owner_ref)
        said = board.said[key] = (duty, now_md(ask, duty))
    return said


def _board(ask: Ask) -> _Board:
    board = ask.snapshot.recall(_Board)
    oncall, now = ask.idp.oncall, ask.now
    if isinstance(board, _Board) and board.oncall is oncall and board.since <= now < board.until:
        return board
    until = now.replace(microsecond=0) + timedelta(seconds=LIFE - now.second % LIFE)
    fresh = _Board(oncall, now, until, rotas_of(ask).covering)
    ask.snapshot.remember(_Board, fresh)
    return fresh


def now_md(ask: Ask, duty: Duty) -> Md:
    """Who is on call now and until when, in one line; a gap and ignorance are said."""
    said = [_schedule_now(ask, duty.rotas, schedule) for schedule in duty.schedules]
    if said:
        return Md("; ".join(said))
    return md("unknown ({})", duty.rotas.failures[0]) if duty.rotas.failures else Md("no schedule covers it")


def _schedule_now(ask: Ask, rotas: Rotas, schedule: Schedule) -> Md:
    zone = zone_of(schedule.timezone)
    current = shifts_at(rotas, schedule, ask.now)
    if current:
        first = [shift for shift in current if shift.level == current[0].level]
        names = ", ".join(person_name(ask, shift) for shift in first)
        return md("{} until {}", names, say(first[0].end, zone, ask.now))
    after = shift_after(rotas, schedule, ask.now)
    if after is None:
        return md("nobody ({})", schedule.name)
    return md("nobody until {}, then {}", say(after.start, zone, ask.now), person_name(ask, after))


def shift_data(ask: Ask, shift: Shift) -> dict[str, Any]:
    """A shift for machines: person (reference or as written), name, email, level, start, end, schedule, source."""
    person = person_of(ask, shift)
    return {
        "person": person.ref if person else shift.person,
        "name": person_name(ask, shift),
        "email": shift.email or (profile_of(person).get("email", "") if person else ""),
        "level": shift.level,
        "start": shift.start.isoformat(),
        "end": shift.end.isoformat(),
        "schedule": shift.schedule,
        "source": shift.source,
    }

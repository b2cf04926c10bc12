"""Who is on call for an entity: its own schedule, else its owner's, else that of the groups above the owner."""

from collections.abc import Container, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from commands.parts.ask import Ask
from commands.parts.board import Duty
from commands.parts.board_now import board_of, rotas_of
from commands.parts.reply import Md, md, prose
from commands.parts.texts.labels import display_name, profile_of
from commands.parts.typed.moments import say, zone_of
from data.catalog.entity import Entity
from data.ports.oncall import Rotas, Schedule, Shift

NOBODY: Final = Md("no schedule covers it")


def duty_of(ask: Ask, entity: Entity, owner_ref: str, at: datetime | None = None) -> Duty:
    """The schedules for an entity with that owner ("" if unknown)."""
    rotas = rotas_of(ask, at)
    return _duty(ask, rotas, _answering(rotas.covering, entity, owner_ref))


def _answering(covering: Container[str], entity: Entity, owner_ref: str) -> str:
    """Where to begin to look for schedules: at the entity if they cover it or it has no owner, else there."""
    return entity.ref if not owner_ref or entity.ref in covering else owner_ref


def _duty(ask: Ask, rotas: Rotas, ref: str) -> Duty:
    covered = _covered(ask, ref, rotas.covering) if rotas.covering else ""
    return Duty(covered, rotas.covering[covered], rotas) if covered else Duty("", (), rotas)


def _covered(ask: Ask, ref: str, covering: Mapping[str, Sequence[Schedule]]) -> str:
    """The first that schedules cover of a group, its parent, the parent of that and so on; cycles end with ""."""
    seen = set()
    while ref and ref not in covering:
        seen.add(ref)
        ref = ask.snapshot.parent(ref)
        ref = "" if ref in seen else ref
    return ref


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


def on_duty(ask: Ask, entity: Entity, owner_ref: str) -> tuple[Duty, Md]:
    """`duty_of` now, and the line of `now_md` for it."""
    return owner_on_duty(ask, _answering(board_of(ask).covering, entity, owner_ref))


def owner_on_duty(ask: Ask, ref: str) -> tuple[Duty, Md]:
    """`on_duty` for what this owner owns and no schedule covers by itself; "" is nobody."""
    board = board_of(ask)
    said = board.duties.get(ref)
    if said is None:
        duty = _duty(ask, board.rotas, ref)
        said = board.duties[ref] = (duty, now_md(ask, duty))
    return said


def now_md(ask: Ask, duty: Duty) -> Md:
    """Who is on call now and until when, in one line; a gap and ignorance are said."""
    if duty.schedules:
        return Md("; ".join([_schedule_now(ask, duty.rotas, schedule) for schedule in duty.schedules]))
    failures = duty.rotas.failures
    return md("unknown ({})", prose(failures[0])) if failures else NOBODY


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

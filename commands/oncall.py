"""/idp oncall: who is on call, until when, who is next."""

from datetime import datetime
from typing import Any

from commands.parts.ask import Ask, Flag, command
from commands.parts.board import Duty
from commands.parts.board_now import rotas_of
from commands.parts.owners.duty import duty_of, person_name, shift_after, shift_data, shifts_at
from commands.parts.owners.shifts import shifts_of
from commands.parts.reply import Button, Buttons, Later, Md, Note, Part, Reply, Rows, Section, md, prose
from commands.parts.texts.facts import age, source_note
from commands.parts.texts.labels import plural
from commands.parts.typed.me import myself
from commands.parts.typed.moments import read_moment, say, zone_of
from commands.parts.typed.naming import EXACT, the_entity
from data.catalog.entity import Entity, short
from data.errors import Invalid
from data.ports.oncall import Rotas, Schedule, Shift

MOST_SCHEDULES = 100


@command(
    "oncall",
    group="ASK",
    order=3,
    usage="oncall [<name>|<team>|<schedule>|me] [--at <time>]",
    example='oncall checkout --at "tomorrow 9:00"',
    aliases=("on-call", "pager"),
    flags=(Flag("at", "another moment: tomorrow 9:00, fri 17:00, 2026-12-24 18:00, in 3h", "time…"),),
)
def oncall(ask: Ask) -> Reply:
    """Who is on call now (or --at another time), until when, on which level, and who is next.

    Of an entity: its own schedule counts, else its owner's, else that of the groups above. `oncall me` lists your
    next shifts; without a name all schedules are listed. Times are in the zone of the schedule.
    --json: entity or null, at, covered_by (reference), schedules [{name, source, timezone, on_call [shift],
    next (shift or null)}], failures, as_of. For `me`: person, shifts [shift].
    """
    subject = ask.subject
    if subject.lower() in ("me", "@me", "mine"):
        return shifts_of(ask, myself(ask))
    if not subject:
        return _everything(ask)
    if ask.words[0].lower() == "me":
        raise Invalid(
            "Shifts are not swapped here.", "An override in the rota or the pager does it. Yours: /idp oncall me"
        )
    entity = _schedule_named(ask, subject) or the_entity(ask, ("Component", "Group"))
    if isinstance(entity, Schedule):
        at = _moment(ask, entity.timezone)
        return _answer(ask, None, Duty("", [entity], rotas_of(ask, at)), at)
    if entity.kind == "User":
        return shifts_of(ask, entity)
    owner = ask.snapshot.owner(entity).ref
    duty = duty_of(ask, entity, owner)
    at = _moment(ask, duty.schedules[0].timezone if duty.schedules else "UTC")
    return _answer(ask, entity, duty_of(ask, entity, owner, at), at)


def _schedule_named(ask: Ask, name: str) -> Schedule | None:
    """A schedule of exactly that name, unless the catalog has such an entity too."""
    schedule = next((each for each in rotas_of(ask).schedules if each.name.lower() == name.lower()), None)
    return None if schedule is None or ask.snapshot.resolve(name).how in EXACT else schedule


def _moment(ask: Ask, timezone: str) -> datetime:
    return read_moment(ask.flags["at"], zone_of(timezone), ask.now) if "at" in ask.flags else ask.now


def _answer(ask: Ask, entity: Entity | None, duty: Duty, at: datetime) -> Reply:
    name = entity.name if entity else duty.schedules[0].name
    if not duty.schedules:
        return _nobody_known(ask, name, entity, duty)
    lines = [each for schedule in duty.schedules for each in _schedule_lines(ask, duty.rotas, schedule, at)]
    first = _first(ask, duty, at)
    when = "" if at == ask.now else f", {say(at, zone_of(duty.schedules[0].timezone), ask.now)}"
    parts: list[Part] = [
        Section(md("*On call for {}{}*", name, when)),
        Rows(lines),
        Note(_origin(ask, entity, duty)),
    ]
    if entity is not None:
        parts.append(Buttons(_next(entity)))
    text = md("On call for {}{}: {}", name, when, first)
    return Reply(text, parts, Later(lambda: _data(ask, entity, duty, at)))


def _next(entity: Entity) -> list[Button]:
    return [
        Button("Owner", f"who-owns {entity.ref}"),
        Button("Tomorrow 9:00", f'oncall {entity.ref} --at "tomorrow 9:00"'),
        Button("My shifts", "oncall me"),
    ]


def _nobody_known(ask: Ask, name: str, entity: Entity | None, duty: Duty) -> Reply:
    """Unknown is an answer, with what to do about it."""
    why = duty.rotas.failures[0] if duty.rotas.failures else "No schedule covers it, its owner or a group above."
    owner = ask.snapshot.owner(entity).ref if entity else ""
    todo = md("Add {} to `covers` of a schedule.", owner) if owner and not duty.rotas.failures else Md("")
    text = md("On call for {}: unknown. {}", name, prose(why))
    text = md("{} {}", text, todo) if todo else text
    parts: list[Part] = [Section(md("*On call for {}*: unknown\n{}", name, why))]
    parts += [Note(todo)] if todo else []
    parts += [Buttons(_next(entity)[:1])] if entity else []
    return Reply(text, parts, Later(lambda: _data(ask, entity, duty, ask.now)))


def _first(ask: Ask, duty: Duty, at: datetime) -> Md:
    said = []
    for schedule in duty.schedules:
        current = shifts_at(duty.rotas, schedule, at)
        said.append(_person_until(ask, schedule, current[0]) if current else _gap(ask, duty.rotas, schedule, at))
    return Md("; ".join(said))


def _schedule_lines(ask: Ask, rotas: Rotas, schedule: Schedule, at: datetime) -> list[Md]:
    """One line a level, then who is next on the first level."""
    current = shifts_at(rotas, schedule, at)
    lines = [md("Level {}: {}", each.level, _person_until(ask, schedule, each)) for each in current]
    if not current:
        lines.append(md("Now: {}", _gap(ask, rotas, schedule, at)))
    level = current[0].level if current else 0
    after = shift_after(rotas, schedule, at, level)
    if after is not None and current:
        zone = zone_of(schedule.timezone)
        lines.append(md("Next: {} from {}", person_name(ask, after), say(after.start, zone, ask.now)))
        if after.start > current[0].end:
            gap = f"{say(current[0].end, zone, ask.now)} to {say(after.start, zone, ask.now)}"
            lines.append(md(":warning: nobody from {}", gap))
    return lines


def _person_until(ask: Ask, schedule: Schedule, shift: Shift) -> Md:
    return md("*{}* until {}", person_name(ask, shift), say(shift.end, zone_of(schedule.timezone), ask.now))


def _gap(ask: Ask, rotas: Rotas, schedule: Schedule, at: datetime) -> Md:
    after = shift_after(rotas, schedule, at)
    if after is None:
        return Md("nobody, and no shift is planned in the next two weeks")
    return md(
        "nobody until {}, then *{}*",
        say(after.start, zone_of(schedule.timezone), ask.now),
        person_name(ask, after),
    )


def _origin(ask: Ask, entity: Entity | None, duty: Duty) -> Md:
    """Which schedules these are, why they count, and how old they are."""
    names = ", ".join(f"{each.name} ({each.source}, {each.timezone})" for each in duty.schedules)
    via = f" through {short(duty.ref)}" if entity is not None and duty.ref != entity.ref else ""
    said = md("Schedule {}{} · read {}", names, via, age(ask.now, duty.rotas.as_of))
    failed = [md(":warning: {}", prose(failure)) for failure in duty.rotas.failures]
    told = [source_note(ask, entity)] if entity is not None else []
    return Md("\n".join([said, *failed, *told]))


def _everything(ask: Ask) -> Reply:
    """All schedules in one list."""
    at = _moment(ask, "UTC")
    rotas = rotas_of(ask, at)
    lines = [
        md("*{}*: {}", each.name, _first(ask, Duty("", [each], rotas), at))
        for each in rotas.schedules[:MOST_SCHEDULES]
    ]
    failed = [md(":warning: {}", prose(failure)) for failure in rotas.failures]
    if not lines:
        failed = failed or [Md("No schedule is known.")]
        return Reply(Md(" ".join(failed)), [Rows(failed)], {"schedules": [], "failures": list(rotas.failures)})
    text = md("On call now: {}", Md("; ".join(lines[:5]).replace("*", "")))
    left = len(rotas.schedules) - len(lines)
    note = md("{} · read {}", plural(len(rotas.schedules), "schedule"), age(ask.now, rotas.as_of))
    parts: list[Part] = [
        Section(Md("*On call*")),
        Rows([*lines, *failed], left),
        Note(note),
        Buttons([Button("My shifts", "oncall me")]),
    ]
    return Reply(text, parts, Later(lambda: _data(ask, None, Duty("", rotas.schedules, rotas), at)))


def _data(ask: Ask, entity: Entity | None, duty: Duty, at: datetime) -> dict[str, Any]:
    return {
        "entity": entity.ref if entity else None,
        "at": at.isoformat(),
        "covered_by": duty.ref,
        "schedules": [_schedule_data(ask, duty.rotas, each, at) for each in duty.schedules],
        "failures": list(duty.rotas.failures),
        "as_of": duty.rotas.as_of.isoformat(),
    }


def _schedule_data(ask: Ask, rotas: Rotas, schedule: Schedule, at: datetime) -> dict[str, Any]:
    after = shift_after(rotas, schedule, at)
    return {
        "name": schedule.name,
        "source": schedule.source,
        "timezone": schedule.timezone,
        "on_call": [shift_data(ask, each) for each in shifts_at(rotas, schedule, at)],
        "next": shift_data(ask, after) if after else None,
    }

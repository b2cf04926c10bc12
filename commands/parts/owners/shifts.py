"""When somebody is on call."""

from commands.parts.ask import Ask
from commands.parts.board_now import rotas_of
from commands.parts.owners.duty import person_of, shift_data
from commands.parts.reply import Button, Buttons, Later, Md, Note, Part, Reply, Rows, Section, md
from commands.parts.texts.facts import age
from commands.parts.texts.labels import display_name
from commands.parts.typed.moments import say, zone_of
from data.catalog.entity import Entity
from data.ports.oncall import Shift

MOST_SHIFTS = 10


def shifts_of(ask: Ask, person: Entity) -> Reply:
    """The shifts that a person has or will have. Facts: person, shifts [shift]."""
    rotas = rotas_of(ask)
    ahead = sorted(
        (each for each in rotas.shifts if each.end > ask.now), key=lambda each: (each.start, each.level)
    )
    shifts = [each for each in ahead if _is(ask, each, person)]
    zones = {(each.source, each.name): each.timezone for each in rotas.schedules}
    lines = [_shift_line(ask, each, zones[each.source, each.schedule]) for each in shifts[:MOST_SHIFTS]]
    name = display_name(person)
    if not lines:
        why = "; ".join(rotas.failures) or "in the next two weeks"
        return Reply(md("{} has no shift: {}.", name, why), (), {"person": person.ref, "shifts": []})
    parts: list[Part] = [
        Section(md("*Shifts of {}*", name)),
        Rows(lines, len(shifts) - len(lines)),
        Note(md("{} · read {}", ", ".join(sorted({each.source for each in shifts})), age(ask.now, rotas.as_of))),
        Buttons([Button("Who is on call?", "oncall")]),
    ]
    data = Later(lambda: {"person": person.ref, "shifts": [shift_data(ask, each) for each in shifts]})
    return Reply(md("{}: {}", name, lines[0]), parts, data)


def on_call_as(ask: Ask, person: Entity) -> dict[str, Md]:
    """The schedules that a person is on call for at this moment, each with until when."""
    rotas = rotas_of(ask)
    zones = {(each.source, each.name): each.timezone for each in rotas.schedules}
    now = ((each, zones[each.source, each.schedule]) for each in rotas.shifts if each.start <= ask.now < each.end)
    return {
        each.schedule: md("{}{} until {}", each.schedule, _level(each), say(each.end, zone_of(zone), ask.now))
        for each, zone in now
        if _is(ask, each, person)
    }


def _is(ask: Ask, shift: Shift, person: Entity) -> bool:
    found = person_of(ask, shift)
    return found is not None and found.ref == person.ref


def _shift_line(ask: Ask, shift: Shift, timezone: str) -> Md:
    zone, level = zone_of(timezone), _level(shift)
    if shift.start <= ask.now:
        return md("{}{}: now, until {}", shift.schedule, level, say(shift.end, zone, ask.now))
    return md(
        "{}{}: {} to {}", shift.schedule, level, say(shift.start, zone, ask.now), say(shift.end, zone, ask.now)
    )


def _level(shift: Shift) -> str:
    return f", level {shift.level}" if shift.level > 1 else ""

"""The blast radius: everything that breaks with an entity, and the people who must know."""

from typing import Any

from commands.parts.ask import Ask
from commands.parts.dependencies.further import MOST, lines_of, tier_of
from commands.parts.owners.duty import on_call_now, on_duty, person_name
from commands.parts.reply import Button, Buttons, Later, Md, Note, Part, Reply, Rows, Section, md
from commands.parts.texts.facts import source_note
from commands.parts.texts.labels import contact, label, plural
from commands.parts.texts.paging import begin
from data.catalog.entity import Entity, short
from data.catalog.graph import Spread

MOST_TEAMS = 15


def blast_radius(ask: Ask, entity: Entity, spread: Spread) -> Reply:
    """The answer for what `spread` reached going up from the entity."""
    if not spread.total:
        text = md("Nothing known depends on {}: it breaks alone.", entity.name)
        return Reply(
            text, [Section(text), Note(source_note(ask, entity))], {"entity": entity.ref, "total": 0, "hops": []}
        )
    counts = _counts(spread)
    path = " → ".join(map(short, spread.longest_path))
    head = Section(md("*If {} breaks*: {}", entity.name, counts))
    teams = Rows(_teams(ask, spread), max(len(spread.owners) - MOST_TEAMS, 0))
    parts: list[Part] = [
        *([head] if begin(ask) else [head, teams]),
        *lines_of(ask, spread),
        Note(md("Longest path ({} hops): {}", len(spread.longest_path) - 1, path)),
        Note(source_note(ask, entity)),
        Buttons(_next(entity, spread)),
    ]
    text = md("If {} breaks: {}. Longest path: {}", entity.name, counts, path)
    return Reply(text, parts, Later(lambda: _data(ask, entity, spread)))


def _next(entity: Entity, spread: Spread) -> list[Button]:
    everything = [Button("Everything", f"deps {entity.ref} --blast-radius --depth all")] if spread.cut else []
    return [
        *everything,
        Button("Picture", f"deps {entity.ref} --up --graph"),
        Button("On call", f"oncall {entity.ref}"),
    ]


def _counts(spread: Spread) -> Md:
    kinds = ", ".join(plural(count, _word(kind)) for kind, count in spread.kinds)
    owners = plural(sum(1 for ref, _ in spread.owners if ref), "owner")
    small = spread.total <= MOST  # the tier of each is looked up
    first = sum(tier_of(reached.entity) == "1" for hop in spread.hops for reached in hop) if small else 0
    tier = f", {first} of tier 1" if first else ""
    by_hop = " + ".join(f"{len(hop):,}" for hop in spread.hops)
    beyond = "; more lies beyond" if spread.cut else ""
    return md("{} of {}{}; {} by hop{}", kinds, owners, tier, by_hop, beyond)


def _word(kind: str) -> str:
    return kind if kind.isupper() else kind.lower() or "unknown"


def _teams(ask: Ask, spread: Spread) -> list[Md]:
    """Each owner with how many of its things break, its channel and who is on call."""
    lines = []
    for ref, count in spread.owners[:MOST_TEAMS]:
        team = ask.snapshot.get(ref) if ref else None
        if team is None:
            said = md("*{}* (not in the catalog)", short(ref)) if ref else Md("No owner stated")
            lines.append(md("{}: {}", said, f"{count:,}"))
        else:
            lines.append(_team(ask, team, count))
    return lines


def _team(ask: Ask, team: Entity, count: int) -> Md:
    facts = [md("*{}*: {}", label(team), f"{count:,}")]
    reach = contact(team)
    if reach.channel:
        facts.append(reach.channel_md)
    duty, on_call = on_duty(ask, team, team.ref)
    if duty.schedules:
        facts.append(md("on call: {}", on_call))
    return Md(" · ".join(facts))


def _data(ask: Ask, entity: Entity, spread: Spread) -> dict[str, Any]:
    return {
        "entity": entity.ref,
        "total": spread.total,
        "cut": spread.cut,
        "kinds": dict(spread.kinds),
        "teams": [
            {"owner": ref or None, "count": count, "on_call": _names(ask, ref)} for ref, count in spread.owners
        ],
        "longest_path": list(spread.longest_path),
        "cycle": list(spread.cycle),
        "hops": [[reached.ref for reached in hop] for hop in spread.hops],
    }


def _names(ask: Ask, ref: str) -> list[str]:
    team = ask.snapshot.get(ref) if ref else None
    if team is None:
        return []
    return [person_name(ask, shift) for shift in on_call_now(ask, on_duty(ask, team, ref)[0])]

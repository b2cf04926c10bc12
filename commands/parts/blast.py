"""The blast radius: everything that breaks with an entity, and the people who must know."""

from itertools import islice
from typing import Any

from commands.parts.ask import Ask
from commands.parts.duty import on_call_now, on_duty, person_name
from commands.parts.facts import source_note
from commands.parts.labels import contact, label, owner_word, plural
from commands.parts.reply import Button, Buttons, Later, Md, Note, Part, Reply, Rows, Section, md
from data.catalog.entity import Entity, short
from data.catalog.graph import Reached, Spread

MOST_LISTED = 40
MOST_TEAMS = 15


def blast_radius(ask: Ask, entity: Entity, spread: Spread) -> Reply:
    """The answer for what `spread` reached going up from the entity."""
    if not spread.total:
        text = md("Nothing known depends on {}: it breaks alone.", entity.name)
        return Reply(
            text, [Section(text), Note(source_note(ask, entity))], {"entity": entity.ref, "total": 0, "hops": []}
        )
    counts = _counts(spread)
    lines = list(islice((_line(ask, reached) for hop in spread.hops for reached in hop), MOST_LISTED))
    path = " → ".join(map(short, spread.longest_path))
    parts: list[Part] = [
        Section(md("*If {} breaks*: {}", entity.name, counts)),
        Rows(_teams(ask, spread), max(len(spread.owners) - MOST_TEAMS, 0)),
        Rows(lines, spread.total - len(lines), f"deps {entity.ref} --up --depth all"),
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
    small = spread.total <= MOST_LISTED
    first = sum(_tier(reached.entity) == "1" for hop in spread.hops for reached in hop) if small else 0
    tier = f", {first} of tier 1" if first else ""
    by_hop = " + ".join(f"{len(hop):,}" for hop in spread.hops)
    beyond = "; more lies beyond" if spread.cut else ""
    return md("{} of {}{}; {} by hop{}", kinds, owners, tier, by_hop, beyond)


def _word(kind: str) -> str:
    return kind if kind.isupper() else kind.lower() or "unknown"


def _tier(entity: Entity | None) -> str:
    """The label `tier`, "" where nothing is stated."""
    return str(entity.details().get("labels", {}).get("tier", "")) if entity else ""


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


def _line(ask: Ask, reached: Reached) -> Md:
    """One thing that breaks: how many hops away, name, through what, owner."""
    if reached.entity is None:
        return md("`{}` {} (not in the catalog) via {}", reached.hop, short(reached.ref), short(reached.via))
    tier = _tier(reached.entity)
    owner = owner_word(ask.snapshot.content, reached.entity) or "no owner stated"
    said = md(
        "`{}` *{}* ({}) via {} · {}",
        reached.hop,
        reached.entity.name,
        reached.entity.kind.lower(),
        short(reached.via),
        owner,
    )
    return md("{} · tier {}", said, tier) if tier else said


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

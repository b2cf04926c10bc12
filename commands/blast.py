"""The blast radius: everything that breaks with an entity, and the people who must know."""

from itertools import islice
from typing import Any

from commands.ask import Ask
from commands.duty import duty_of, now_md, person_name, rotas_of, shifts_at
from commands.facts import contact, owner_word, short, source_note
from commands.reply import Button, Buttons, Md, Note, Part, Reply, Rows, Section, md
from data.catalog.entity import Entity
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
        Buttons([Button("Picture", f"deps {entity.ref} --up --graph"), Button("On call", f"oncall {entity.ref}")]),
    ]
    return Reply(
        md("If {} breaks: {}. Longest path: {}", entity.name, counts, path), parts, _data(ask, entity, spread)
    )


def _counts(spread: Spread) -> Md:
    kinds = ", ".join(_plural(count, kind.lower() or "unknown") for kind, count in spread.kinds)
    teams = sum(1 for ref, _ in spread.owners if ref)
    by_hop = " + ".join(f"{len(hop):,}" for hop in spread.hops)
    beyond = ", more beyond" if spread.cut else ""
    return md(
        "{} of {}; longest path {}; {} by hop{}", kinds, _plural(teams, "owner"), len(spread.hops), by_hop, beyond
    )


def _plural(count: int, word: str) -> str:
    if count == 1:
        return f"1 {word}"
    return f"{count:,} {word[:-1]}ies" if word.endswith("y") else f"{count:,} {word}s"


def _teams(ask: Ask, spread: Spread) -> list[Md]:
    """Each owner with how many of its things break, its channel and who is on call."""
    lines = []
    for ref, count in spread.owners[:MOST_TEAMS]:
        team = ask.snapshot.get(ref) if ref else None
        if team is None:
            lines.append(md("*{}*: {}", short(ref) if ref else "no owner stated", f"{count:,}"))
            continue
        reach = contact(team)
        channel = md(" · {}", reach.channel_md) if reach.channel else Md("")
        on_call = now_md(ask, duty_of(ask, team, team.ref))
        lines.append(md("*{}*: {}{} · on call: {}", team.label, f"{count:,}", channel, on_call))
    return lines


def _line(ask: Ask, reached: Reached) -> Md:
    """One thing that breaks: hop, name, through what, owner."""
    if reached.entity is None:
        return md("{}. {} (not in the catalog) via {}", reached.hop, short(reached.ref), short(reached.via))
    tier = reached.entity.details().get("labels", {}).get("tier", "") if reached.entity.detail else ""
    owner = owner_word(ask.snapshot, reached.entity) or "no owner stated"
    said = md(
        "{}. *{}* ({}) via {} · {}",
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
    rotas = rotas_of(ask)
    shifts = [shift for each in rotas.covering.get(ref, ()) for shift in shifts_at(rotas, each, ask.now)]
    return [person_name(ask, shift) for shift in shifts]

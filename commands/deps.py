"""/idp deps: what it depends on, what depends on it, and who must know when it breaks."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from commands.parts.ask import Ask, Flag, command
from commands.parts.dependencies.blast import blast_radius
from commands.parts.dependencies.drawing import picture_of
from commands.parts.dependencies.further import further, more_button
from commands.parts.dependencies.in_short import circle, in_short, summary
from commands.parts.dependencies.node_labels import plain
from commands.parts.dependencies.tree import tree
from commands.parts.reply import Button, Buttons, Later, Md, Note, Part, Pre, Reply, Section, escape, md
from commands.parts.texts.facts import source_note
from commands.parts.texts.paging import FROM
from commands.parts.typed.naming import the_entity
from data.catalog.entity import Entity
from data.catalog.graph import Direction, Spread, spread
from data.catalog.walk import Reached
from data.errors import Invalid

DEPTH = 3
BOTH: Sequence[Direction] = ("down", "up")
IN_FULL = frozenset(  # whoever says so much wants to see more than the direct ones
    ("tree", "up", "down", "depth", "kind", "blast-radius", FROM.name)
)
MOST_LINES = 20  # of a tree: more is not read on a phone


@command(
    "deps",
    group="ASK",
    order=4,
    usage="deps <name> [--tree] [--up|--down] [--depth n] [--kind k] [--blast-radius] [--graph]",
    example="deps postgres-checkout-db --blast-radius",
    aliases=("dependencies", "dependents"),
    flags=(
        Flag("tree", "all of it as a tree, not the direct ones alone"),
        Flag("up", "only what depends on it"),
        Flag("down", "only what it depends on"),
        Flag("depth", "how many hops (3; all: no limit)", "n"),
        Flag("kind", "only entities of this kind", "kind"),
        Flag("blast-radius", "everything that breaks with it, with owners and on-call"),
        Flag("graph", "a picture as well"),
        FROM,
    ),
)
def deps(ask: Ask) -> Reply:
    """What it depends on (down) and what depends on it (up): direct ones by name, how many at each hop beyond.

    APIs count: who consumes an API depends on its provider. --tree names those beyond too, and so does every other
    way to say what is wanted: --up, --down, --depth, --kind. --blast-radius lists everything that breaks when it
    does, with the owner and who is on call, the teams and the longest path. Three hops unless --depth says more.
    What a tree has no room for comes line by line, nearest first, with --up or --down and --from.
    --json: entity, down and up {total, cut, hops [[{ref, via, owner, in_catalog}]], cycle}; with --blast-radius
    total, cut, kinds, teams [{owner, count, on_call}], longest_path, hops.
    """
    entity = the_entity(ask)
    data = Later(_data, ask, entity)
    if IN_FULL.isdisjoint(ask.flags):
        picture = picture_of(ask, entity, _spreads(ask, entity)) if "graph" in ask.flags else None
        return in_short(ask, entity, data, picture)
    if "blast-radius" in ask.flags:
        return blast_radius(ask, entity, spread(ask.snapshot, entity.ref, "up", _depth(ask), _kinds(ask)))
    spreads = _spreads(ask, entity)
    if FROM.name in ask.flags:
        return further(ask, entity, spreads, summary(spreads[0]))._replace(data=data)
    return _trees(ask, entity, spreads)._replace(data=data)


def _depth(ask: Ask) -> int:
    said = ask.flags.get("depth", "")
    if said in ("all", "full"):
        return 0
    if said and not (said.isascii() and said.isdigit() and 0 < int(said[:6]) < 100_000):
        raise Invalid(f"--depth {said} is not a number of hops.", "Say --depth 2, or --depth all.")
    return int(said) if said else DEPTH


def _kinds(ask: Ask) -> Sequence[str]:
    return (ask.flags["kind"],) if "kind" in ask.flags else ()


def _spreads(ask: Ask, entity: Entity) -> Sequence[Spread]:
    """The ways that were asked for."""
    ways = [way for way in BOTH if way in ask.flags] or BOTH
    return [spread(ask.snapshot, entity.ref, way, _depth(ask), _kinds(ask)) for way in ways]


def _trees(ask: Ask, entity: Entity, spreads: Sequence[Spread]) -> Reply:
    said = [summary(each) for each in spreads]
    parts = [
        Section(md("*Dependencies of {}*", entity.name)),
        *[part for each, counts in zip(spreads, said, strict=True) for part in _parts(ask, entity, each, counts)],
        Note(source_note(ask, entity)),
        Buttons(_next(entity, ask, _depth(ask))),
    ]
    picture = picture_of(ask, entity, spreads) if "graph" in ask.flags else None
    return Reply(Md(f"{escape(entity.name)}: {'; '.join(said)}"), parts, picture=picture)


def _parts(ask: Ask, entity: Entity, each: Spread, counts: str) -> list[Part]:
    head = Section(Md(f"*{each.direction.capitalize()}*: {counts}"))
    if not each.total:
        return [head]
    label = partial(plain, ask.snapshot.content.called())
    parts: list[Part] = [head, Pre(tree(each, label, MOST_LINES))]
    if each.total > MOST_LINES:
        parts.append(Buttons([more_button(ask, entity, each, MOST_LINES)]))
    if each.cycle:
        parts.append(circle(each))
    return parts


def _next(entity: Entity, ask: Ask, depth: int) -> list[Button]:
    buttons = [Button("What breaks with it?", f"deps {entity.ref} --blast-radius")]
    if "graph" not in ask.flags:
        buttons.append(Button("Picture", f"deps {entity.ref} --graph"))
    if depth:
        buttons.append(Button("One hop more", f"deps {entity.ref} --depth {depth + 1}"))
    return [*buttons, Button("Card", f"show {entity.ref}")]


def _data(ask: Ask, entity: Entity) -> dict[str, Any]:
    return {"entity": entity.ref} | {each.direction: _spread_data(ask, each) for each in _spreads(ask, entity)}


def _spread_data(ask: Ask, each: Spread, most: int = 1000) -> dict[str, Any]:
    """A spread for machines; `hops` holds at most so many entities each."""
    return {
        "total": each.total,
        "cut": each.cut,
        "cycle": list(each.cycle),
        "hops": [[_reached_data(ask, reached) for reached in hop[:most]] for hop in each.hops],
    }


def _reached_data(ask: Ask, reached: Reached) -> dict[str, Any]:
    owner = ask.snapshot.owner(reached.entity).ref if reached.entity else ""
    return {
        "ref": reached.ref,
        "via": reached.via,
        "owner": owner or None,
        "in_catalog": reached.entity is not None,
    }

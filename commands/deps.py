"""/idp deps: what it depends on, what depends on it, and who must know when it breaks."""

from typing import Any

from commands.parts.ask import Ask, Flag, command
from commands.parts.blast import blast_radius
from commands.parts.drawing import picture_of
from commands.parts.facts import source_note
from commands.parts.labels import owner_word, short
from commands.parts.naming import the_entity
from commands.parts.reply import Button, Buttons, Later, Md, Note, Part, Pre, Reply, Section, escape, md
from commands.parts.tree import tree
from data.catalog.content import Content
from data.catalog.entity import Entity
from data.catalog.graph import Direction, Reached, Spread, spread
from data.catalog.snapshot import Snapshot
from data.errors import Invalid

DEPTH = 3
MOST_LINES = 20  # of a tree: more is not read on a phone


@command(
    "deps",
    group="ASK",
    order=4,
    usage="deps <name> [--up|--down] [--depth n] [--kind k] [--blast-radius] [--graph]",
    example="deps postgres-checkout-db --blast-radius",
    aliases=("dependencies", "dependents"),
    flags=(
        Flag("up", "only what depends on it"),
        Flag("down", "only what it depends on"),
        Flag("depth", "how many hops (3; all: no limit)", "n"),
        Flag("kind", "only entities of this kind", "kind"),
        Flag("blast-radius", "everything that breaks with it, with owners and on-call"),
        Flag("graph", "a picture as well"),
    ),
)
def deps(ask: Ask) -> Reply:
    """What it depends on (down) and what depends on it (up), hop by hop.

    APIs count: who consumes an API depends on its provider. --blast-radius lists everything that breaks when it
    does, with the owner and who is on call, the teams and the longest path. Three hops unless --depth says more.
    --json: entity, down and up {total, cut, hops [[{ref, via, owner, in_catalog}]], cycle}; with --blast-radius
    total, cut, kinds, teams [{owner, count, on_call}], longest_path, hops.
    """
    entity = the_entity(ask)
    depth, kinds = _depth(ask), (ask.flags["kind"],) if "kind" in ask.flags else ()
    if "blast-radius" in ask.flags:
        return blast_radius(ask, entity, spread(ask.snapshot, entity.ref, "up", depth, kinds))
    return _both(ask, entity, depth, kinds)


def _depth(ask: Ask) -> int:
    said = ask.flags.get("depth", "")
    if said in ("all", "full"):
        return 0
    if said and not (said.isascii() and said.isdigit() and 0 < int(said[:6]) < 100_000):
        raise Invalid(f"--depth {said} is not a number of hops.", "Say --depth 2, or --depth all.")
    return int(said) if said else DEPTH


def _both(ask: Ask, entity: Entity, depth: int, kinds: tuple[str, ...]) -> Reply:
    ways: list[Direction] = ["down", "up"]
    ways = [way for way in ways if way in ask.flags] or ways
    spreads = [spread(ask.snapshot, entity.ref, way, depth, kinds) for way in ways]
    said = [_summary(each) for each in spreads]
    parts = [
        Section(md("*Dependencies of {}*", entity.name)),
        *[part for each, summary in zip(spreads, said, strict=True) for part in _parts(ask, each, summary)],
        Note(source_note(ask, entity)),
        Buttons(_next(entity, ask, depth)),
    ]
    text = Md(f"{escape(entity.name)}: {'; '.join(said)}")
    data = Later(lambda: {"entity": entity.ref} | {each.direction: _spread_data(ask, each) for each in spreads})
    return Reply(text, parts, data, picture_of(ask, entity, spreads) if "graph" in ask.flags else None)


def _summary(each: Spread) -> Md:
    if not each.total:
        return Md("depends on nothing known" if each.direction == "down" else "nothing known depends on it")
    counts = " + ".join(f"{len(hop):,}" for hop in each.hops)
    more = ", and more beyond" if each.cut else ""
    verb = "depends on" if each.direction == "down" else "is needed by"
    hops = f" ({counts} by hop{more})" if len(each.hops) > 1 or each.cut else ""
    return Md(f"{verb} {each.total:,}{hops}")


def _parts(ask: Ask, each: Spread, summary: Md) -> list[Part]:
    head = Section(Md(f"*{each.direction.capitalize()}*: {summary}"))
    if not each.total:
        return [head]
    parts: list[Part] = [head, Pre(tree(each, _labels(ask.snapshot), MOST_LINES))]
    if each.cycle:
        parts.append(Note(md("In a circle: {}", " → ".join(map(short, each.cycle)))))
    return parts


class _Labels:
    """Lines of trees by node. What follows a name is made once for each kind and owner."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._ends: dict[tuple[str, str], str] = {}

    def __call__(self, node: int) -> str:
        rows = self._content.rows
        if node >= len(rows):
            return f"{short(self._content.ref_of(node))} (not in the catalog)"
        entity = rows[node]
        key = entity.kind, entity.owner
        end = self._ends.get(key)
        if end is None:
            owner = owner_word(self._content, entity)
            end = self._ends[key] = f" · {entity.kind.lower()}" + (f" · {owner}" if owner else "")
        return entity.name + end


def _labels(snapshot: Snapshot) -> _Labels:
    """Those of these entities."""
    labels = snapshot.recall(_Labels)
    if not isinstance(labels, _Labels):
        labels = _Labels(snapshot.content)
        snapshot.remember(_Labels, labels)
    return labels


def _next(entity: Entity, ask: Ask, depth: int) -> list[Button]:
    buttons = [Button("What breaks with it?", f"deps {entity.ref} --blast-radius")]
    if "graph" not in ask.flags:
        buttons.append(Button("Picture", f"deps {entity.ref} --graph"))
    if depth:
        buttons.append(Button("One hop more", f"deps {entity.ref} --depth {depth + 1}"))
    return [*buttons, Button("Card", f"show {entity.ref}")]


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

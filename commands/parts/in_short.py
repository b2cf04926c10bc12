"""Dependencies in short: the direct ones by name, how many lie at each hop beyond."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from commands.parts.ask import Ask
from commands.parts.drawing import picture_of
from commands.parts.facts import source_note
from commands.parts.labels import short
from commands.parts.layout import BLANKS, Filled, Layout
from commands.parts.node_labels import NodeLabels, node_labels
from commands.parts.reply import Button, Buttons, Md, Note, Reply, Section, escape, md
from data.catalog.entity import Entity
from data.catalog.graph import Spread

MOST_DIRECT = 10  # names each way: both fit on the screen of a phone
DOWN, UP, SOURCE, REF, CIRCLE = BLANKS[:5]


def in_short(ask: Ask, entity: Entity, ways: Sequence[Spread], data: Mapping[str, Any]) -> Reply:
    """The answer of what was reached down and up; `data` for machines."""
    down, up = ways
    name = escape(entity.name)
    labels = node_labels(ask.snapshot)
    values = (_named(labels, down, name), _named(labels, up, name), source_note(ask, entity), entity.ref)
    ring = down.cycle  # the way up is the same circle
    drawn = "graph" in ask.flags
    layout = _layout(bool(down.total or up.total), bool(ring), not drawn)
    parts = Filled(layout, (*values, _circle(ring)) if ring else values)
    picture = picture_of(ask, entity, ways) if drawn else None
    return Reply(Md(f"{name}: {summary(down)}; {summary(up)}"), parts, data, picture)


@lru_cache(maxsize=8)
def _layout(reached: bool, ring: bool, picture: bool) -> Layout:
    buttons = [
        Button("What breaks with it?", f"deps {REF} --blast-radius"),
        *([Button("As a tree", f"deps {REF} --tree")] if reached else []),
        *([Button("Picture", f"deps {REF} --graph")] if reached and picture else []),
        Button("Card", f"show {REF}"),
    ]
    circles = [Note(CIRCLE)] if ring else []
    return Layout(Section(DOWN), Section(UP), *circles, Note(SOURCE), Buttons(buttons))


def summary(each: Spread) -> str:
    """What a direction holds in a few words: "depends on 3 (2 + 1 by hop)"."""
    counts = each.counts
    if len(counts) < 2 and not each.cut:
        return _verb(each)
    more = ", and more beyond" if each.cut else ""
    return f"{_verb(each)} ({' + '.join([f'{count:,}' for count in counts])} by hop{more})"


def circle(each: Spread) -> Note:
    """The shortest way from the start back to itself."""
    return Note(_circle(each.cycle))


def _circle(ring: Sequence[str]) -> Md:
    return md("In a circle: {}", " → ".join(map(short, ring)))


def _verb(each: Spread) -> str:
    verb = "depends on" if each.direction == "down" else "is needed by"
    return f"{verb} {each.total:,}" if each.total else f"{verb} nothing known"


def _named(labels: NodeLabels, each: Spread, name: str) -> str:
    head = f"*{name} {_verb(each)}*"
    if not each.total:
        return head
    lines = [head, *labels.marked(each.direct(MOST_DIRECT))]
    beyond = _beyond(each)
    return "\n".join([*lines, f"_{beyond}_"] if beyond else lines)


def _beyond(each: Spread) -> str:
    """What is not named: "…and 4 more · 2 hops: 14 · 3 hops: 51, and more beyond"."""
    direct, *beyond = each.counts
    left = [f"…and {direct - MOST_DIRECT:,} more"] if direct > MOST_DIRECT else []
    left += [f"{hop} hops: {count:,}" for hop, count in enumerate(beyond, 2)]
    shown = " · ".join(left)
    return shown if not each.cut else f"{shown}, and more beyond" if shown else "and more beyond"

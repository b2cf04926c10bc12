"""Dependencies in short: the direct ones by name, how many lie at each hop beyond."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from commands.parts.ask import Ask
from commands.parts.dependencies.node_labels import marked
from commands.parts.layout import BLANKS, Filled, Layout
from commands.parts.reply import Button, Buttons, Md, Note, Picture, Reply, Section, escape, md
from commands.parts.texts.facts import source_note
from data.catalog.entity import Entity, short
from data.catalog.graph import Direction, Glance, Spread, at_a_glance

MORE, ONLY_MORE = ", and more beyond", "and more beyond"
VERBS: Mapping[Direction, str] = {"down": "depends on", "up": "is needed by"}
MOST_DIRECT = 10  # names each way: both fit on the screen of a phone
REST = f"--depth 1 --from {MOST_DIRECT + 1}"
DOWN, UP, SOURCE, REF, CIRCLE = BLANKS[:5]


def in_short(ask: Ask, entity: Entity, data: Mapping[str, Any], picture: Picture | None) -> Reply:
    """What it needs and what needs it; `data` for machines."""
    down, up = at_a_glance(ask.snapshot, entity.ref, MOST_DIRECT)
    lines_down, lines_up = marked(ask.snapshot.content.called(), down.direct, up.direct)
    name, says_down, says_up = escape(entity.name), _says("down", down.counts), _says("up", up.counts)
    values = (
        f"*{name} {says_down}*{lines_down}{_beyond(down.counts, down.cut)}",
        f"*{name} {says_up}*{lines_up}{_beyond(up.counts, up.cut)}",
        source_note(ask, entity),
        entity.ref,
    )
    text = Md(f"{name}: {says_down}{_by_hop(down.counts, down.cut)}; {says_up}{_by_hop(up.counts, up.cut)}")
    ring = down.cycle  # the way up is the same circle
    layout = _layout(_more(down), _more(up), bool(down.counts or up.counts), bool(ring), picture is None)
    return Reply(text, Filled(layout, (*values, _circle(ring)) if ring else values), data, picture)


def _more(each: Glance) -> bool:
    return bool(each.counts) and each.counts[0] > MOST_DIRECT


@lru_cache(maxsize=32)
def _layout(more_down: bool, more_up: bool, reached: bool, ring: bool, picture: bool) -> Layout:
    buttons = [
        Button("What breaks with it?", f"deps {REF} --blast-radius"),
        *([Button("As a tree", f"deps {REF} --tree")] if reached else []),
        *([Button("Picture", f"deps {REF} --graph")] if reached and picture else []),
        *([Button("Show more that it needs", f"deps {REF} --down {REST}")] if more_down else []),
        *([Button("Show more that need it", f"deps {REF} --up {REST}")] if more_up else []),
        Button("Card", f"show {REF}"),
    ]
    circles = [Note(CIRCLE)] if ring else []
    return Layout(Section(DOWN), Section(UP), *circles, Note(SOURCE), Buttons(buttons))


def summary(each: Spread) -> str:
    """What a direction holds in a few words: "depends on 3 (2 + 1 by hop)"."""
    return f"{_says(each.direction, each.counts)}{_by_hop(each.counts, each.cut)}"


def circle(each: Spread) -> Note:
    """The shortest way from the start back to itself."""
    return Note(_circle(each.cycle))


def _circle(ring: Sequence[str]) -> Md:
    return md("In a circle: {}", " → ".join(map(short, ring)))


def _says(way: Direction, counts: Sequence[int]) -> str:
    return f"{VERBS[way]} {sum(counts):,}" if counts else f"{VERBS[way]} nothing known"


def _by_hop(counts: Sequence[int], cut: bool) -> str:
    if len(counts) < 2 and not cut:
        return ""
    if not counts:
        return f" ({ONLY_MORE})"
    return f" ({' + '.join([f'{count:,}' for count in counts])} by hop{MORE if cut else ''})"


def _beyond(counts: Sequence[int], cut: bool) -> str:
    """A line of what is not named: "…and 4 more · 2 hops: 14 · 3 hops: 51, and more beyond"."""
    left = [f"{hop} hops: {count:,}" for hop, count in enumerate(counts[1:], 2)]
    if counts and counts[0] > MOST_DIRECT:
        left.insert(0, f"…and {counts[0] - MOST_DIRECT:,} more")
    return f"\n_{' · '.join(left)}{MORE if cut else ''}_" if left else f"\n_{ONLY_MORE}_" if cut else ""

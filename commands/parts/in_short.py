"""Dependencies in short: the direct ones by name, how many lie at each hop beyond."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from commands.parts.ask import Ask
from commands.parts.drawing import picture_of
from commands.parts.facts import source_note
from commands.parts.layout import BLANKS, Filled, Layout
from commands.parts.node_labels import marked
from commands.parts.reply import Button, Buttons, Md, Note, Reply, Section, escape, md
from data.catalog.entity import Entity, short
from data.catalog.graph import Spread

MORE, ONLY_MORE = ", and more beyond", "and more beyond"
MOST_DIRECT = 10  # names each way: both fit on the screen of a phone
REST = f"--depth 1 --from {MOST_DIRECT + 1}"
DOWN, UP, SOURCE, REF, CIRCLE = BLANKS[:5]


def in_short(ask: Ask, entity: Entity, ways: Sequence[Spread], data: Mapping[str, Any]) -> Reply:
    """The answer of what was reached down and up; `data` for machines."""
    down, up = ways
    name = escape(entity.name)
    called = ask.snapshot.content.called()
    lines_down, lines_up = marked(called, down.direct(MOST_DIRECT), up.direct(MOST_DIRECT))
    said_down, said_up = _verb(down), _verb(up)
    values = (
        f"*{name} {said_down}*{lines_down}{_beyond(down)}",
        f"*{name} {said_up}*{lines_up}{_beyond(up)}",
        source_note(ask, entity),
        entity.ref,
    )
    ring = down.cycle  # the way up is the same circle
    drawn = "graph" in ask.flags
    layout = _layout(_more(down), _more(up), bool(down.total or up.total), bool(ring), not drawn)
    parts = Filled(layout, (*values, _circle(ring)) if ring else values)
    picture = picture_of(ask, entity, ways) if drawn else None
    text = Md(f"{name}: {said_down}{_by_hop(down)}; {said_up}{_by_hop(up)}")
    return Reply(text, parts, data, picture)


def _more(each: Spread) -> bool:
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
    return f"{_verb(each)}{_by_hop(each)}"


def _by_hop(each: Spread) -> str:
    counts, cut = each.counts, each.cut
    if len(counts) < 2 and not cut:
        return ""
    return f" ({' + '.join([f'{count:,}' for count in counts])} by hop{MORE if cut else ''})"


def circle(each: Spread) -> Note:
    """The shortest way from the start back to itself."""
    return Note(_circle(each.cycle))


def _circle(ring: Sequence[str]) -> Md:
    return md("In a circle: {}", " → ".join(map(short, ring)))


def _verb(each: Spread) -> str:
    verb = "depends on" if each.direction == "down" else "is needed by"
    return f"{verb} {each.total:,}" if each.total else f"{verb} nothing known"


def _beyond(each: Spread) -> str:
    """A line of what is not named: "…and 4 more · 2 hops: 14 · 3 hops: 51, and more beyond"."""
    counts = each.counts
    left = [f"{hop} hops: {count:,}" for hop, count in enumerate(counts[1:], 2)]
    if counts and counts[0] > MOST_DIRECT:
        left.insert(0, f"…and {counts[0] - MOST_DIRECT:,} more")
    return f"\n_{' · '.join(left)}{MORE if each.cut else ''}_" if left else f"\n_{ONLY_MORE}_" if each.cut else ""

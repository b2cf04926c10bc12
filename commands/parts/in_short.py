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
from data.catalog.called import Called
from data.catalog.entity import Entity, short
from data.catalog.graph import Spread

MORE = ", and more beyond"
MOST_DIRECT = 10  # names each way: both fit on the screen of a phone
REST = f"--depth 1 --from {MOST_DIRECT + 1}"
DOWN, UP, SOURCE, REF, CIRCLE = BLANKS[:5]


def in_short(ask: Ask, entity: Entity, ways: Sequence[Spread], data: Mapping[str, Any]) -> Reply:
    """The answer of what was reached down and up; `data` for machines."""
    down, up = ways
    name = escape(entity.name)
    called = ask.snapshot.content.called()
    said_down, said_up = _verb(down), _verb(up)
    values = (
        _named(called, down, f"*{name} {said_down}*"),
        _named(called, up, f"*{name} {said_up}*"),
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


def _named(called: Called, each: Spread, head: str) -> str:
    if not each.total:
        return head
    lines, beyond = marked(called, each.direct(MOST_DIRECT)), _beyond(each)
    return f"{head}\n{lines}\n_{beyond}_" if beyond else f"{head}\n{lines}"


def _beyond(each: Spread) -> str:
    """What is not named: "…and 4 more · 2 hops: 14 · 3 hops: 51, and more beyond"."""
    direct, *beyond = each.counts
    left = [f"…and {direct - MOST_DIRECT:,} more"] if direct > MOST_DIRECT else []
    left += [f"{hop} hops: {count:,}" for hop, count in enumerate(beyond, 2)]
    shown = " · ".join(left)
    return shown if not each.cut else f"{shown}{MORE}" if shown else MORE.removeprefix(", ")

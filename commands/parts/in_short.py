"""Dependencies in short: the direct ones by name, how many lie at each hop beyond."""

from collections.abc import Mapping, Sequence
from typing import Any

from commands.parts.ask import Ask
from commands.parts.drawing import picture_of
from commands.parts.facts import source_note
from commands.parts.labels import short
from commands.parts.node_labels import node_labels
from commands.parts.reply import Button, Buttons, Md, Note, Part, Reply, Section, escape, md
from data.catalog.entity import Entity
from data.catalog.graph import Spread

MOST_DIRECT = 10  # names each way: both fit on the screen of a phone


def in_short(ask: Ask, entity: Entity, ways: Sequence[Spread], data: Mapping[str, Any]) -> Reply:
    """The answer of what was reached down and up; `data` for machines."""
    down, up = ways
    name = escape(entity.name)
    parts: list[Part] = [Section(_named(ask, down, name)), Section(_named(ask, up, name))]
    if down.cycle:  # the way up is the same circle
        parts.append(circle(down))
    parts.append(Note(source_note(ask, entity)))
    parts.append(Buttons(_next(ask, entity.ref, down.total or up.total)))
    picture = picture_of(ask, entity, ways) if "graph" in ask.flags else None
    return Reply(Md(f"{name}: {summary(down)}; {summary(up)}"), parts, data, picture)


def summary(each: Spread) -> str:
    """What a direction holds in a few words: "depends on 3 (2 + 1 by hop)"."""
    counts = each.counts
    if len(counts) < 2 and not each.cut:
        return _verb(each)
    more = ", and more beyond" if each.cut else ""
    return f"{_verb(each)} ({' + '.join([f'{count:,}' for count in counts])} by hop{more})"


def circle(each: Spread) -> Note:
    """The shortest way from the start back to itself."""
    return Note(md("In a circle: {}", " → ".join(map(short, each.cycle))))


def _verb(each: Spread) -> str:
    verb = "depends on" if each.direction == "down" else "is needed by"
    return f"{verb} {each.total:,}" if each.total else f"{verb} nothing known"


def _named(ask: Ask, each: Spread, name: str) -> Md:
    head = f"*{name} {_verb(each)}*"
    if not each.total:
        return Md(head)
    lines = [head, *node_labels(ask.snapshot).marked(each.hops[0].first(MOST_DIRECT))]
    if len(each.counts) > 1 or each.total > MOST_DIRECT or each.cut:
        lines.append(f"_{_beyond(each)}_")
    return Md("\n".join(lines))


def _beyond(each: Spread) -> str:
    """What is not named: "…and 4 more · 2 hops: 14 · 3 hops: 51, and more beyond"."""
    direct, *beyond = each.counts
    left = [f"…and {direct - MOST_DIRECT:,} more"] if direct > MOST_DIRECT else []
    left += [f"{hop} hops: {count:,}" for hop, count in enumerate(beyond, 2)]
    shown = " · ".join(left)
    return shown if not each.cut else f"{shown}, and more beyond" if shown else "and more beyond"


def _next(ask: Ask, ref: str, reached: int) -> list[Button]:
    buttons = [Button("What breaks with it?", f"deps {ref} --blast-radius")]
    if reached:
        buttons.append(Button("As a tree", f"deps {ref} --tree"))
        if "graph" not in ask.flags:
            buttons.append(Button("Picture", f"deps {ref} --graph"))
    buttons.append(Button("Card", f"show {ref}"))
    return buttons

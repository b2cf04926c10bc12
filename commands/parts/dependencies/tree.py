"""What a spread reached as a tree of text: each entity once, below the one it was reached through."""

from collections.abc import Callable, Sequence

from data.catalog.graph import Spread

Below = dict[int, list[int]]


def tree(spread: Spread, label: Callable[[int], str], most: int) -> str:
    """At most `most` lines (and so many levels), nearest first when not all fit; the last line counts the others.

    Everything here is a node, a number of the snapshot's content: a tree makes no object for what it shows.
    """
    lines = [spread.ref.rpartition("/")[2]]
    if spread.hops:
        _grow(lines, _below(spread, most), spread.start, "", label)
    left = spread.total + 1 - len(lines)
    if left:
        lines.append(f"…and {left:,} more")
    return "\n".join(lines)


def _below(spread: Spread, most: int) -> Below:
    """What stands below each node shown; what was reached through one not shown stands below the start."""
    start = spread.start
    before: Sequence[int] = (start,)
    below: Below = {}
    for hop in spread.hops:
        nodes = hop.first(most)
        most -= len(nodes)
        through = hop.reached_through(before)
        for node in nodes:
            below.setdefault(through.get(node, start), []).append(node)
        before = nodes
        if not most:
            break
    return below


def _grow(lines: list[str], below: Below, node: int, indent: str, label: Callable[[int], str]) -> None:
    *others, last = below[node]
    for child in others:
        lines.append(f"{indent}├─ {label(child)}")
        if child in below:
            _grow(lines, below, child, f"{indent}│  ", label)
    lines.append(f"{indent}└─ {label(last)}")
    if last in below:
        _grow(lines, below, last, f"{indent}   ", label)

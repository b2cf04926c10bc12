"""What a spread reached as a tree of text: each entity once, below the one it was reached through."""

from collections.abc import Callable
from itertools import islice

from data.catalog.graph import Spread

Below = dict[int, list[int]]


def tree(spread: Spread, label: Callable[[int], str], most: int) -> str:
    """At most `most` lines, nearest first when not all fit; the last line counts what was left out.

    Everything here is a node, a number of the snapshot's content: a tree makes no object for what it shows.
    """
    lines = [spread.ref.rpartition("/")[2], *_lines(_below(spread, most), spread.start, label)]
    left = spread.total + 1 - len(lines)
    return "\n".join([*lines, f"…and {left:,} more"] if left else lines)


def _below(spread: Spread, most: int) -> Below:
    """What stands below each node shown; what was reached through one not shown stands below the start."""
    below: Below = {}
    shown = {spread.start}
    for node, before in islice(spread.steps(), most):
        below.setdefault(before if before in shown else spread.start, []).append(node)
        shown.add(node)
    return below


def _lines(below: Below, start: int, label: Callable[[int], str]) -> list[str]:
    """Depth first without recursion: a chain may be as long as the tree has lines."""
    lines = []
    stack = _children(below, start, "")
    while stack:
        node, mark, indent = stack.pop()
        lines.append(mark + label(node))
        if node in below:
            stack += _children(below, node, indent)
    return lines


def _children(below: Below, node: int, indent: str) -> list[tuple[int, str, str]]:
    """(node, what stands before its name, what stands before those below it), the first one last."""
    first = [(child, f"{indent}├─ ", f"{indent}│  ") for child in below.get(node, ())]
    first[-1:] = [(child, f"{indent}└─ ", f"{indent}   ") for child, _, _ in first[-1:]]
    return first[::-1]

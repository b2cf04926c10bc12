"""What a spread reached as a tree of text: each entity once, below the one it was reached through."""

from collections.abc import Callable, Iterator
from itertools import islice

from data.catalog.graph import Reached, Spread


def tree(spread: Spread, label: Callable[[Reached], str], most: int) -> str:
    """At most `most` lines, nearest first when not all fit; the last line counts what was left out."""
    nearest = list(islice((reached for hop in spread.hops for reached in hop), most))
    shown = {reached.ref for reached in nearest}
    below: dict[str, list[Reached]] = {}
    for reached in nearest:
        parent = reached.via if reached.via in shown else spread.ref
        below.setdefault(parent, []).append(reached)
    lines = [spread.ref.rpartition("/")[2], *_lines(below, spread.ref, "", label)]
    left = spread.total - len(nearest)
    return "\n".join([*lines, f"…and {left:,} more"] if left else lines)


def _lines(
    below: dict[str, list[Reached]], start: str, indent: str, label: Callable[[Reached], str]
) -> Iterator[str]:
    """Depth first without recursion: a chain may be as long as the tree has lines."""
    stack = [(iter(_marked(below.get(start, []))), indent)]
    while stack:
        children, indent = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            continue
        reached, last = child
        yield f"{indent}{'└─ ' if last else '├─ '}{label(reached)}"
        stack.append((iter(_marked(below.get(reached.ref, []))), indent + ("   " if last else "│  ")))


def _marked(children: list[Reached]) -> list[tuple[Reached, bool]]:
    return [(child, at == len(children) - 1) for at, child in enumerate(children)]

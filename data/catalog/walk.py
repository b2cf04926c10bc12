"""One walk through the graph, hop by hop."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import NamedTuple

from data.catalog.entity import Entity
from data.catalog.indexes.content import Content
from data.catalog.indexes.edges import Neighbours

LARGE = 5_000  # edges from one hop to the next


class Reached(NamedTuple):
    """One entity at its shortest distance; `via` is the reference before it on one such path; `entity` None:
    not in the catalog."""

    ref: str
    entity: Entity | None
    hop: int
    via: str


class Walk:
    """One breadth-first walk over node numbers: `levels[0]` is the start alone, `cut`: more lies beyond."""

    def __init__(self, content: Content, start: int, there: Neighbours, back: Neighbours, depth: int) -> None:
        self.content = content
        self.start = start
        self._there, self._back = there, back
        self._before: dict[int, dict[int, int]] = {}  # by hop: whole hops at once, since hubs have long ways back
        self.levels = _levels(there, start, depth)
        self.cut = bool(depth) and self._leads_on()

    def _leads_on(self) -> bool:
        """Whether more lies beyond the last level."""
        levels = self.levels[::-1]
        for node in levels[0]:
            for end in self._there[node]:
                if not any(end in level for level in levels):
                    return True
        return False

    def befores(self, hop: int) -> Mapping[int, int]:
        """For each node of a hop one that is a hop nearer to the start, on a shortest path to it."""
        if hop not in self._before:
            self._before[hop] = self.through(self.levels[hop - 1])
        return self._before[hop]

    def through(self, nodes: Iterable[int]) -> dict[int, int]:
        """For each node that one of `nodes` leads to, the last that does."""
        there = self._there
        return {other: near for near in nodes for other in there[near]}

    def reached(self, node: int, hop: int) -> Reached:
        refs = self.content.refs()
        return Reached(refs[node], self.content.at(node), hop, refs[self.befores(hop)[node]])

    def path(self, node: int, hop: int) -> list[int]:
        """From the start to `node`."""
        path = [node]
        for at in range(hop, 0, -1):
            path.append(self.befores(at)[path[-1]])
        return path[::-1]

    def cycle(self) -> list[int]:
        """The shortest way from the start back to itself, as far as it was walked; [] if there is none."""
        ends = self._back[self.start]
        for hop, level in enumerate(self.levels):
            if not level.isdisjoint(ends):
                return [*self.path(min(level.intersection(ends)), hop), self.start]
        return []


def _levels(there: Neighbours, start: int, depth: int) -> list[set[int]]:
    level = {start}
    levels = [level]
    passed: set[int] = set()
    while not depth or len(levels) <= depth:
        ends = there.around(level)
        if len(ends) > LARGE:
            return _large(there, levels, depth)
        passed |= level
        level = set(ends)
        if len(level) > len(passed):  # steps over the smaller of the two
            level -= passed
        else:
            level = level - passed
        if not level:
            break
        levels.append(level)
    return levels


def _large(there: Neighbours, levels: list[set[int]], depth: int) -> list[set[int]]:
    """Go on from there: what was passed is a mark, which costs less than a place in a set."""
    marks = bytearray(len(there))
    for node in chain.from_iterable(levels):
        marks[node] = 1
    while not depth or len(levels) <= depth:
        level = {node for node in there.around(levels[-1]) if not marks[node]}
        if not level:
            break
        for node in level:
            marks[node] = 1
        levels.append(level)
    return levels

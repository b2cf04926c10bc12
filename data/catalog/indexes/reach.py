"""How many lie one, two and three hops away from each node, counted ahead of questions.

To count them takes longer than all the rest of an answer. For 100,000 nodes it takes some seconds,
once and in the background; when the catalog changes, only what lies near a change is counted anew. Of what stands
in a circle or has a crowd around it nothing is kept: that is walked, as everything is until it has been counted.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from data.catalog.indexes.edges import Neighbours
from data.catalog.indexes.names import SOME
from data.catalog.lazily import Rest

HOPS: Final = 3
MOST: Final = 5_000  # edges from one hop to the next
_BITS: Final = 13  # for each count; two more before them: whether it is known, and whether more lies beyond
_COUNT: Final = (1 << _BITS) - 1
_AT_ONCE: Final = 5  # counted between two moments for a rest

Needs = tuple[Neighbours, Neighbours]  # down and up
Counts = tuple[list[int], bool]  # how many at each hop that has any, whether more lies beyond


class Reach:
    """The counts of one version of the catalog, both ways."""

    def __init__(
        self, refs: Sequence[str], needs: Needs, node_of: Callable[[str], int], before: "Reach | None", rest: Rest
    ) -> None:
        """`node_of` is the node of a reference or -1; what is still true of those `before` is taken over."""
        self._refs, self._needs = refs, needs
        self._known = array("Q", bytes(16 * len(refs)))
        nodes: list[int] = []  # what those before are now
        old = before._refs if before else ()
        for start in range(0, len(old), SOME):
            nodes += map(node_of, old[start : start + SOME])
            rest()
        for way in (0, 1):
            there, back = needs[way].packed, needs[1 - way].packed
            stale = self._taken_over(before, nodes, way, rest) if before else range(len(refs))
            for done, node in enumerate(stale):
                self._known[2 * node + way] = _count(there, back, node)
                if not done % _AT_ONCE:
                    rest()

    def counts(self, node: int) -> tuple[Counts, Counts] | None:
        """Down and up; None: one of them is not known."""
        down, up = self._known[2 * node], self._known[2 * node + 1]
        return (_counts(down), _counts(up)) if down and up else None

    def _taken_over(self, before: "Reach", nodes: Sequence[int], way: int, rest: Rest) -> Iterable[int]:
        """Take over what was known; returns what may have changed since: all that have a change within reach."""
        now, then = self._needs[way].packed, before._needs[way].packed
        number = [node if node >= 0 else len(now) for node in nodes].__getitem__
        changed = set(range(len(now)))
        for start in range(0, len(then), SOME):
            some = then[start : start + SOME]
            ends, at = array("I", map(number, memoryview(b"".join(some)).cast("I"))).tobytes(), 0
            for old, packed in enumerate(some, start):
                node, at = nodes[old], at + len(packed)
                if node >= 0 and now[node] == ends[at - len(packed) : at]:
                    changed.discard(node)
                    self._known[2 * node + way] = before._known[2 * old + way]
            rest()
        back, level = self._needs[1 - way], changed
        for _ in range(HOPS):
            if len(changed) > len(now) // 4:
                return range(len(now))
            level = set(back.around(level)) - changed
            changed = changed | level
        return changed


def _counts(known: int) -> Counts:
    first, second, third = known >> 2 & _COUNT, known >> 2 + _BITS & _COUNT, known >> 2 + 2 * _BITS
    counts = [first, second, third] if third else [first, second] if second else [first] if first else []
    return counts, known & 2 != 0


def _count(there: Sequence[bytes], back: Sequence[bytes], node: int) -> int:
    """The counts in one number; 0 where they take a walk."""
    levels: list[set[int]] = []
    near = there[node]
    for _ in range(HOPS):
        if len(near) > 4 * MOST:
            return 0
        level = set(memoryview(near).cast("I"))
        if node in level:
            return 0
        for passed in levels:
            level -= passed
        levels.append(level)
        if len(levels) < HOPS:
            near = b"".join([there[each] for each in level])
    first, second, third = levels
    if not third.isdisjoint(memoryview(back[node]).cast("I")):
        return 0
    beyond = 3 if _leads_on(there, levels) else 1
    return beyond | len(first) << 2 | len(second) << 2 + _BITS | len(third) << 2 + 2 * _BITS


def _leads_on(there: Sequence[bytes], levels: Sequence[set[int]]) -> bool:
    first, second, third = levels
    for node in third:
        for end in memoryview(there[node]).cast("I"):
            if end not in third and end not in second and end not in first:
                return True
    return False

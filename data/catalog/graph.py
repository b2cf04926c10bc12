"""What depends on an entity, and what it depends on, hop by hop.

An entity depends on what it says it dependsOn and on the APIs that it consumes, and an API depends on who provides
it; so the consumers of an API depend on its provider, two hops away. Being part of a system is no dependency.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, overload

from data.catalog.content import Content
from data.catalog.edges import Neighbours
from data.catalog.entity import Entity
from data.catalog.names import KIND, OWNER

if TYPE_CHECKING:
    from data.catalog.snapshot import Snapshot

Direction = Literal["up", "down"]


class Reached(NamedTuple):
    """One entity at its shortest distance; `via` is the reference before it on one such path; `entity` None:
    not in the catalog."""

    ref: str
    entity: Entity | None
    hop: int
    via: str


class Hop(Sequence[Reached]):
    """What lies one distance away; entities are looked up only when they are asked for."""

    def __init__(self, walk: "Walk", number: int, nodes: Sequence[int]) -> None:
        self._walk, self._number, self._nodes = walk, number, nodes

    def __len__(self) -> int:
        return len(self._nodes)

    @overload
    def __getitem__(self, at: int) -> Reached: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Reached]: ...
    def __getitem__(self, at: int | slice) -> Reached | Sequence[Reached]:
        if isinstance(at, slice):
            return [self._walk.reached(node, self._number) for node in self._nodes[at]]
        return self._walk.reached(self._nodes[at], self._number)

    def __iter__(self) -> Iterator[Reached]:
        return (self._walk.reached(node, self._number) for node in self._nodes)


class Walk:
    """One breadth-first walk over node numbers: `levels[0]` is the start alone."""

    def __init__(self, content: Content, start: int, there: Neighbours, back: Neighbours, depth: int) -> None:
        self.content = content
        self._there, self._back = there, back
        self.levels = [{start}]
        seen = {start}
        while len(self.levels) <= depth or not depth:
            level = self._beyond(self.levels[-1]) - seen
            if not level:
                break
            seen |= level
            self.levels.append(level)
        self.cut = bool(depth and len(self.levels) > depth and not self._beyond(self.levels[-1]) <= seen)

    def _beyond(self, level: set[int]) -> set[int]:
        return set().union(*map(self._there.__getitem__, level))

    def before(self, node: int, hop: int) -> int:
        """A node one hop nearer to the start, on a shortest path to `node`."""
        nearer = self.levels[hop - 1]
        return min(other for other in self._back[node] if other in nearer)

    def reached(self, node: int, hop: int) -> Reached:
        content = self.content
        return Reached(content.ref_of(node), content.at(node), hop, content.ref_of(self.before(node, hop)))

    def path(self, node: int, hop: int) -> list[int]:
        """From the start to `node`."""
        path = [node]
        for at in range(hop, 0, -1):
            path.append(self.before(path[-1], at))
        return path[::-1]

    def cycle(self) -> list[int]:
        """The shortest way from the start back to itself, as far as it was walked; [] if there is none."""
        (start,) = self.levels[0]
        ends = set(self._back[start])
        for hop, level in enumerate(self.levels):
            back = ends & level
            if back:
                return [*self.path(min(back), hop), start]
        return []


@dataclass(frozen=True)
class Spread:
    """What was reached. `hops[0]` is one hop away; only entities of the kinds asked for are in it and counted.

    `total` counts them over all hops; `cut` says that more lies beyond the depth; `longest_path` and `cycle` are
    references from the start to one of the furthest, and from the start back to itself (empty: there is none).
    """

    ref: str
    direction: Direction
    hops: Sequence[Sequence[Reached]]
    total: int
    cut: bool
    longest_path: tuple[str, ...]
    cycle: tuple[str, ...]
    nodes: Sequence[Sequence[int]]
    content: Content

    @cached_property
    def owners(self) -> Sequence[tuple[str, int]]:
        """(reference of the owner or "", how many of the reached entities it owns), most first."""
        rows = self.content.rows
        stated = Counter(rows[node][OWNER] if node < len(rows) else "" for hop in self.nodes for node in hop)
        owners: Counter[str] = Counter()
        for ref, count in stated.items():
            owners[self.content.owner_of(ref).ref] += count
        return sorted(owners.items(), key=lambda item: (-item[1], item[0]))

    @cached_property
    def kinds(self) -> Sequence[tuple[str, int]]:
        """(kind as written, how many), most first; "" stands for what is not in the catalog."""
        rows = self.content.rows
        counted = Counter(rows[node][KIND] if node < len(rows) else "" for hop in self.nodes for node in hop)
        return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def spread(
    snapshot: "Snapshot", ref: str, direction: Direction, depth: int = 3, kinds: Collection[str] = ()
) -> Spread:
    """Breadth first from `ref`: "down" is what it depends on, "up" what depends on it. depth 0: without limit.

    Remembered for as long as the snapshot lives, so that the second question about a hub costs nothing.
    """
    key = (ref, direction, depth, tuple(sorted(kind.lower() for kind in kinds)))
    remembered = snapshot.recall(key)
    if isinstance(remembered, Spread):
        return remembered
    answer = _spread(snapshot.content, ref, direction, depth, frozenset(key[3]))
    snapshot.remember(key, answer)
    return answer


def _spread(content: Content, ref: str, direction: Direction, depth: int, kinds: frozenset[str]) -> Spread:
    start = content.node_of(ref)
    down, up = content.needs()
    if start < 0:
        return Spread(ref, direction, (), 0, False, (), (), (), content)
    there, back = (down, up) if direction == "down" else (up, down)
    walk = Walk(content, start, there, back, depth)
    nodes = [_ordered(content, level, kinds) for level in walk.levels[1:]]
    while nodes and not nodes[-1]:
        nodes.pop()
    hops = [Hop(walk, number, level) for number, level in enumerate(nodes, 1)]
    longest = walk.path(nodes[-1][0], len(nodes)) if nodes else []
    return Spread(
        ref=ref,
        direction=direction,
        hops=hops,
        total=sum(map(len, nodes)),
        cut=walk.cut,
        longest_path=tuple(map(content.ref_of, longest)),
        cycle=tuple(map(content.ref_of, walk.cycle())),
        nodes=nodes,
        content=content,
    )


def _ordered(content: Content, level: set[int], kinds: frozenset[str]) -> Sequence[int]:
    """The nodes of the kinds, in the order of the catalog."""
    if not kinds:
        return sorted(level)
    rows = content.rows
    return sorted(node for node in level if node < len(rows) and rows[node][KIND].lower() in kinds)

"""What depends on an entity, and what it depends on, hop by hop.

An entity depends on what it says it dependsOn and on the APIs that it consumes, and an API depends on who provides
it; so the consumers of an API depend on its provider, two hops away. Being part of a system is no dependency.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, NamedTuple, overload

from data.catalog.content import Content
from data.catalog.edges import Neighbours
from data.catalog.entity import Entity

if TYPE_CHECKING:
    from data.catalog.snapshot import Snapshot

Direction = Literal["up", "down"]
MOST_SORTED = 200  # of one hop
SMALL = 500  # nodes; so many are walked over again as fast as they are found


class Reached(NamedTuple):
    """One entity at its shortest distance; `via` is the reference before it on one such path; `entity` None:
    not in the catalog."""

    ref: str
    entity: Entity | None
    hop: int
    via: str


class Walk:
    """One breadth-first walk over node numbers: `levels[0]` is the start alone; `cut`: the depth left some out."""

    def __init__(self, content: Content, start: int, there: Neighbours, back: Neighbours, depth: int) -> None:
        self.content = content
        self._there, self._back = there, back
        self._before: dict[int, dict[int, int]] = {}  # by hop: whole hops at once, since hubs have long ways back
        self.levels = [[start]]
        seen = {start}
        while (not depth or len(self.levels) <= depth) and (level := {*self._ends()} - seen):
            seen |= level
            self.levels.append(list(level))
        self.cut = bool(depth) and len(self.levels) > depth and not seen.issuperset(self._ends())

    def _ends(self) -> Iterator[int]:
        """Where one more hop leads. No loop of ours: a hub has half a million edges."""
        return chain.from_iterable(map(self._there.__getitem__, self.levels[-1]))

    def befores(self, hop: int) -> Mapping[int, int]:
        """For each node of a hop one that is a hop nearer to the start, on a shortest path to it."""
        if hop not in self._before:
            self._before[hop] = self.through(self.levels[hop - 1])
        return self._before[hop]

    def through(self, nodes: Sequence[int]) -> dict[int, int]:
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
        start = self.levels[0][0]
        ends = frozenset(self._back[start])
        for hop, level in enumerate(self.levels if ends else ()):
            back = ends.intersection(level)
            if back:
                return [*self.path(min(back), hop), start]
        return []


class Hop(Sequence[Reached]):
    """What lies one distance away; order and entities are looked up only when they are asked for."""

    def __init__(self, walk: Walk, number: int, found: Sequence[int]) -> None:
        self._walk, self._number, self.found = walk, number, found

    def __len__(self) -> int:
        return len(self.found)

    @cached_property
    def nodes(self) -> Sequence[int]:
        """As many as a person reads are in the order of kind and name."""
        if len(self.found) > MOST_SORTED:
            return self.found
        return sorted(self.found, key=self._walk.content.ranks().__getitem__)

    @overload
    def __getitem__(self, at: int) -> Reached: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Reached]: ...
    def __getitem__(self, at: int | slice) -> Reached | Sequence[Reached]:
        if isinstance(at, slice):
            return [self._walk.reached(node, self._number) for node in self.nodes[at]]
        return self._walk.reached(self.nodes[at], self._number)

    def reached_through(self, nodes: Sequence[int]) -> Mapping[int, int]:
        """For each node here that one of `nodes`, all of the hop before, leads to: which one."""
        return self._walk.through(nodes)

    def __iter__(self) -> Iterator[Reached]:
        return (self._walk.reached(node, self._number) for node in self.nodes)


@dataclass(frozen=True)
class Spread:
    """What was reached. `hops[0]` is one hop away; only entities of the kinds asked for are in it and counted.

    `total` counts them over all hops.
    """

    ref: str
    direction: Direction
    hops: Sequence[Hop]
    total: int
    walk: Walk | None

    @property
    def cut(self) -> bool:
        """Whether more lies beyond the depth."""
        return self.walk is not None and self.walk.cut

    @property
    def start(self) -> int:
        """The node of `ref`, -1 if nothing has or names it."""
        return self.walk.levels[0][0] if self.walk else -1

    @cached_property
    def longest_path(self) -> tuple[str, ...]:
        """References from the start to one of the furthest, () if nothing was reached."""
        return self._refs(
            self.walk.path(self.hops[-1].nodes[0], len(self.hops)) if self.walk and self.hops else ()
        )

    @cached_property
    def cycle(self) -> tuple[str, ...]:
        """References from the start back to itself by the shortest way, () if there is none within the depth."""
        return self._refs(self.walk.cycle() if self.walk else ())

    @cached_property
    def owners(self) -> Sequence[tuple[str, int]]:
        """(reference of the owner or "", how many of the reached entities it owns), most first."""
        owners: Counter[str] = Counter()
        for ref, count in self._counted(attrgetter("owner")).items():
            owners[self.walk.content.owner_of(ref).ref if self.walk else ref] += count
        return sorted(owners.items(), key=lambda item: (-item[1], item[0]))

    @cached_property
    def kinds(self) -> Sequence[tuple[str, int]]:
        """(kind as written, how many), most first; "" stands for what is not in the catalog."""
        return sorted(self._counted(attrgetter("kind")).items(), key=lambda item: (-item[1], item[0]))

    def _counted(self, fact: Callable[[Entity], str]) -> Counter[str]:
        rows = self.walk.content.rows if self.walk else ()
        return Counter(fact(rows[node]) if node < len(rows) else "" for hop in self.hops for node in hop.found)

    def _refs(self, nodes: Sequence[int]) -> tuple[str, ...]:
        return tuple(map(self.walk.content.refs().__getitem__, nodes)) if self.walk else ()


def spread(
    snapshot: "Snapshot", ref: str, direction: Direction, depth: int = 3, kinds: Collection[str] = ()
) -> Spread:
    """Breadth first from `ref`: "down" is what it depends on, "up" what depends on it. depth 0: without limit.

    A large one is remembered for as long as the snapshot lives: the second question about a hub costs nothing.
    """
    chosen = frozenset([kind.lower() for kind in kinds])
    key = (ref, direction, depth, chosen)
    remembered = snapshot.recall(key)
    if isinstance(remembered, Spread):
        return remembered
    answer = _spread(snapshot.content, ref, direction, depth, chosen)
    if answer.total > SMALL:
        snapshot.remember(key, answer)
    return answer


def _spread(content: Content, ref: str, direction: Direction, depth: int, kinds: frozenset[str]) -> Spread:
    start = content.node_of(ref)
    if start < 0:
        return Spread(ref, direction, (), 0, None)
    down, up = content.needs()
    walk = Walk(content, start, *((down, up) if direction == "down" else (up, down)), depth)
    hops = [
        Hop(walk, number, _chosen(content, walk.levels[number], kinds)) for number in range(1, len(walk.levels))
    ]
    while hops and not hops[-1].found:
        hops.pop()
    return Spread(ref, direction, hops, sum(map(len, hops)), walk)


def _chosen(content: Content, level: Sequence[int], kinds: frozenset[str]) -> Sequence[int]:
    """The nodes of the kinds; all without kinds."""
    if not kinds:
        return level
    rows = content.rows
    return [node for node in level if node < len(rows) and rows[node].kind.lower() in kinds]

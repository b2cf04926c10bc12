"""What depends on an entity, and what it depends on, hop by hop.

An entity depends on what it says it dependsOn and on the APIs that it consumes, and an API depends on who provides
it; so the consumers of an API depend on its provider, two hops away. Being part of a system is no dependency.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import nsmallest
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, NamedTuple, cast, overload

from data.catalog.content import Content
from data.catalog.edges import Neighbours
from data.catalog.entity import Entity

if TYPE_CHECKING:
    from data.catalog.snapshot import Snapshot

Direction = Literal["up", "down"]
MOST_SORTED = 200  # of one hop
_ANY: frozenset[str] = frozenset()  # kind
LARGE = 5_000  # edges from one hop to the next
SMALL = 500  # nodes; so many are walked over again as fast as they are found


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

    def direct(self, count: int) -> Sequence[int]:
        """The first so many that the start leads to; that they stand in order is how neighbours are kept."""
        start, first = self.start, self._there[self.start][: count + 1]
        return [node for node in first if node != start][:count]

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


class Hop(Sequence[Reached]):
    """What lies one distance away; order and entities are looked up only when they are asked for."""

    def __init__(self, walk: Walk, number: int, found: Collection[int]) -> None:
        self._walk, self._number, self.found = walk, number, found

    def __len__(self) -> int:
        return len(self.found)

    @cached_property
    def nodes(self) -> Sequence[int]:
        """As many as a person reads are in the order of kind and name."""
        if len(self.found) > MOST_SORTED:
            return list(self.found)
        return self.first(MOST_SORTED)

    def first(self, count: int) -> Sequence[int]:
        """The first so many in the order of kind and name, however many there are."""
        return _first(self._walk.content, self.found, count)

    def some(self, seen: int, count: int) -> Sequence[Reached]:
        """After the first `seen` of that order the next so many."""
        return [self._walk.reached(node, self._number) for node in self.first(seen + count)[seen:]]

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


def _first(content: Content, nodes: Collection[int], count: int) -> Sequence[int]:
    rank = content.ranks().__getitem__
    if len(nodes) > MOST_SORTED:
        return nsmallest(count, nodes, key=rank)
    return sorted(nodes, key=rank)[:count]


class Spread:
    """What was reached. `hops[0]` is one hop away; only entities of the kinds asked for are in it and counted.

    `counts` says how many each hop has, `total` all of them. `walk` None: nothing has or names `ref`.
    """

    def __init__(
        self, ref: str, direction: Direction, walk: Walk | None, found: Sequence[Collection[int]]
    ) -> None:
        self.ref, self.direction, self.walk = ref, direction, walk
        self.counts = list(map(len, found))
        self.total = sum(self.counts)
        self._found = found

    @cached_property
    def hops(self) -> Sequence[Hop]:
        """Hop by hop."""
        return [Hop(self.walk, number, nodes) for number, nodes in enumerate(self._found, 1) if self.walk]

    def direct(self, count: int) -> Sequence[int]:
        """The first so many nodes that are one hop away, of whatever kind, in the order of kind and name."""
        return self.walk.direct(count) if self.walk else ()

    def nearest(self, seen: int, count: int) -> Sequence[Reached]:
        """After the first `seen` the next so many: hop by hop, each in the order of kind and name."""
        found: list[Reached] = []
        for hop in self.hops:
            if seen < len(hop) and len(found) < count:
                found += hop.some(seen, count - len(found))
            seen = max(seen - len(hop), 0)
        return found

    @property
    def cut(self) -> bool:
        """Whether more lies beyond the depth."""
        return self.walk is not None and self.walk.cut

    @property
    def start(self) -> int:
        """The node of `ref`, -1 if nothing has or names it."""
        return self.walk.start if self.walk else -1

    @cached_property
    def longest_path(self) -> tuple[str, ...]:
        """References from the start to one of the furthest, () if nothing was reached."""
        return self._refs(
            self.walk.path(self.hops[-1].nodes[0], len(self.hops)) if self.walk and self.hops else ()
        )

    @property
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
    chosen = frozenset([kind.lower() for kind in kinds]) if kinds else _ANY
    key = (ref, direction, depth, chosen)
    remembered = snapshot.recall(key)
    if remembered is not None:
        return cast("Spread", remembered)
    content = snapshot.content
    start = content.node_of(ref)
    if start < 0:
        return Spread(ref, direction, None, ())
    down, up = content.needs()
    walk = Walk(content, start, down, up, depth) if direction == "down" else Walk(content, start, up, down, depth)
    reached = walk.levels[1:]
    answer = Spread(ref, direction, walk, _chosen(content, reached, chosen) if chosen else reached)
    if answer.total > SMALL:
        snapshot.remember(key, answer)
    return answer


def _chosen(
    content: Content, levels: Iterable[Collection[int]], kinds: frozenset[str]
) -> Sequence[Collection[int]]:
    """Of each level the nodes of the kinds, up to the last that has some."""
    rows = content.rows
    found = [[node for node in level if node < len(rows) and rows[node].kind.lower() in kinds] for level in levels]
    while found and not found[-1]:
        found.pop()
    return found

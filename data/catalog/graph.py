"""What depends on an entity, and what it depends on, hop by hop.

An entity depends on what it says it dependsOn and on the APIs that it consumes, and an API depends on who provides
it; so the consumers of an API depend on its provider, two hops away. Being part of a system is no dependency.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import nsmallest
from operator import attrgetter
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast, overload

from data.catalog.entity import Entity
from data.catalog.indexes.content import Content
from data.catalog.indexes.edges import Neighbours
from data.catalog.indexes.reach import HOPS
from data.catalog.walk import Reached, Walk

if TYPE_CHECKING:
    from data.catalog.snapshot import Snapshot

Direction = Literal["up", "down"]
MOST_SORTED = 200  # of one hop
_ANY: frozenset[str] = frozenset()  # kind
SMALL = 500  # nodes; so many are walked over again as fast as they are found


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

    `start` is the node of `ref`, -1 if nothing has or names it; then there is no `walk`. `counts` says how many
    each hop has, `total` all of them, `cut` whether more lies beyond the depth.
    """

    def __init__(
        self, content: Content, ref: str, direction: Direction, depth: int, kinds: frozenset[str] = _ANY
    ) -> None:
        down, up = content.needs()
        there, back = (down, up) if direction == "down" else (up, down)
        self.ref, self.direction, self.start = ref, direction, content.node_of(ref)
        self.walk = Walk(content, self.start, there, back, depth) if self.start >= 0 else None
        self._found = _chosen(content, self.walk.levels[1:], kinds) if self.walk else ()
        self.counts = list(map(len, self._found))
        self.total = sum(self.counts)
        self.cut = self.walk is not None and self.walk.cut

    @cached_property
    def hops(self) -> Sequence[Hop]:
        """Hop by hop."""
        return [Hop(self.walk, number, nodes) for number, nodes in enumerate(self._found, 1) if self.walk]

    def nearest(self, seen: int, count: int) -> Sequence[Reached]:
        """After the first `seen` the next so many: hop by hop, each in the order of kind and name."""
        found: list[Reached] = []
        for hop in self.hops:
            if seen < len(hop) and len(found) < count:
                found += hop.some(seen, count - len(found))
            seen = max(seen - len(hop), 0)
        return found

    @cached_property
    def longest_path(self) -> tuple[str, ...]:
        """References from the start to one of the furthest, () if nothing was reached."""
        return self._refs(
            self.walk.path(self.hops[-1].nodes[0], len(self.hops)) if self.walk and self.hops else ()
        )

    @property
    def cycle(self) -> tuple[str, ...]:
        """References from the start back to itself by the shortest way, () if there is none within the depth."""
        return self._refs(self.walk.cycle()) if self.walk else ()

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
    snapshot: "Snapshot", ref: str, direction: Direction, depth: int = HOPS, kinds: Collection[str] = ()
) -> Spread:
    """Breadth first from `ref`: "down" is what it depends on, "up" what depends on it. depth 0: without limit.

    A large one is remembered for as long as the snapshot lives: the second question about a hub costs nothing.
    """
    chosen = frozenset([kind.lower() for kind in kinds]) if kinds else _ANY
    key = (ref, direction, depth, chosen)
    remembered = snapshot.recall(key)
    if remembered is not None:
        return cast("Spread", remembered)
    answer = Spread(snapshot.content, ref, direction, depth, chosen)
    if answer.total > SMALL:
        snapshot.remember(key, answer)
    return answer


class Glance(NamedTuple):
    """One way from an entity in short.

    How many each hop has, whether more lies beyond the last, the first nodes of those one hop away in the order of
    kind and name, and the references of a circle, as `Spread.cycle`.
    """

    counts: Sequence[int]
    cut: bool
    direct: Sequence[int]
    cycle: Sequence[str]


_NOTHING: Final = Glance((), False, (), ())


def at_a_glance(snapshot: "Snapshot", ref: str, most: int) -> tuple[Glance, Glance]:
    """Down and up to depth 3, with at most so many of the direct ones. What was counted ahead needs no walk."""
    content = snapshot.content
    node, reach = content.node_of(ref), content.reach
    if node < 0:
        return _NOTHING, _NOTHING
    down, up = content.needs()
    counted = reach.counts(node) if reach is not None else None
    if counted is not None:
        return Glance(*counted[0], down.first(node, most), ()), Glance(*counted[1], up.first(node, most), ())
    return _walked(snapshot, ref, "down", down, most), _walked(snapshot, ref, "up", up, most)


def _walked(snapshot: "Snapshot", ref: str, direction: Direction, there: Neighbours, most: int) -> Glance:
    found = spread(snapshot, ref, direction)
    direct = [node for node in there.first(found.start, most + 1) if node != found.start]
    return Glance(found.counts, found.cut, direct[:most], found.cycle)


def _chosen(
    content: Content, levels: Sequence[Collection[int]], kinds: frozenset[str]
) -> Sequence[Collection[int]]:
    """Of each level the nodes of the kinds, up to the last that has some."""
    if not kinds:
        return levels
    rows = content.rows
    found = [[node for node in level if node < len(rows) and rows[node].kind.lower() in kinds] for level in levels]
    while found and not found[-1]:
        found.pop()
    return found

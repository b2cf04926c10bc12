"""Every relation of the catalog in flat arrays, to be walked from both ends."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

import orjson

from data.catalog.indexes.names import SOME, STEP
from data.catalog.lazily import Rest

# Which end needs the other: +1 the one that declares the relation needs its target, -1 the other way round.
NEEDS = {
    "dependsOn": 1,
    "dependencyOf": -1,
    "consumesApi": 1,
    "apiConsumedBy": -1,
    "providesApi": -1,
    "apiProvidedBy": 1,
}


class Pages:
    """Each row's relations (JSON in one line, "" for none), many rows to a text: large texts leave no holes."""

    def __init__(self) -> None:
        self._full: list[str] = []
        self._last: list[str] = []
        self._rows = 0

    def add(self, declared: Sequence[str]) -> None:
        """Those of the next rows."""
        self._last += declared
        self._rows += len(declared)
        if len(self._last) >= SOME:
            self._full.append("\n".join(self._last))
            self._last.clear()

    def __len__(self) -> int:
        """How many rows."""
        return self._rows

    def __iter__(self) -> Iterator[str]:
        """Row by row."""
        for page in self._full:
            yield from page.split("\n")
        yield from self._last


class Edges:
    """Relations as declared: `source(e)` says `types[e]` of `targets[e]` in line `lines[e]`.

    Nodes are row numbers; references that resolve to nothing come after the last row, their texts in `missing`.
    """

    def __init__(
        self, relations: Pages, by_ref: Mapping[str, int], resolve: Callable[[str, str], int], rest: Rest
    ) -> None:
        """`resolve(type, ref)` is the row of a target not in `by_ref`, or -1."""
        self.rows = len(relations)
        self.missing: list[str] = []
        self.names: list[str] = []
        self.targets, self.lines, self.types = array("I"), array("I"), array("H")
        self._first = array("I", (0,))  # where each row's edges begin
        self._missing: dict[str, int] = {}
        self._names: dict[str, int] = {}
        for number, declared in enumerate(relations):
            if declared:
                self._read(orjson.loads(declared), by_ref, resolve)
            self._first.append(len(self.targets))
            if not number % STEP:
                rest()
        self._last_in, self._incoming = _grouped(self.targets, len(self), rest)

    def __len__(self) -> int:
        """How many nodes."""
        return self.rows + len(self.missing)

    def _read(
        self,
        relations: list[tuple[str, str, int]],
        by_ref: Mapping[str, int],
        resolve: Callable[[str, str], int],
    ) -> None:
        for type_, ref, line in relations:
            target = by_ref.get(ref, -1)
            if target < 0:
                target = resolve(type_, ref)
            if target < 0:
                target = self._missing.setdefault(ref, self.rows + len(self.missing))
                if target == len(self):
                    self.missing.append(ref)
            name = self._names.setdefault(type_, len(self.names))
            if name == len(self.names):
                self.names.append(type_)
            self.targets.append(target)
            self.types.append(name)
            self.lines.append(line)

    def missing_node(self, ref: str) -> int:
        """The node of a reference that resolves to nothing, or -1 if nobody names it."""
        return self._missing.get(ref, -1)

    def source(self, edge: int) -> int:
        """The node that declares it: edges stand in the order of the rows."""
        return bisect_right(self._first, edge) - 1

    def outgoing(self, row: int) -> Sequence[int]:
        """The edges that a row declares; what is not in the catalog declares none."""
        return range(self._first[row], self._first[row + 1])

    def incoming(self, node: int) -> Sequence[int]:
        """The edges that others declare towards `node`."""
        start = self._last_in[node - 1] if node else 0
        return self._incoming[start : self._last_in[node]]


def _counts(ends: "array[int]", nodes: int, rest: Rest) -> "array[int]":
    counts = array("I", bytes(4 * nodes))
    for number, end in enumerate(ends):
        counts[end] += 1
        if not number % (STEP * 8):
            rest()
    return counts


def _grouped(ends: "array[int]", nodes: int, rest: Rest) -> "tuple[array[int], array[int]]":
    """(where each node's group ends, edges grouped by their end)."""
    position = array("I", accumulate(_counts(ends, nodes, rest), initial=0))[:-1]
    grouped = array("I", bytes(4 * len(ends)))
    for edge, end in enumerate(ends):
        grouped[position[end]] = edge
        position[end] += 1
        if not edge % (STEP * 8):
            rest()
    return position, grouped


class Neighbours:
    """To which nodes each node leads; `packed`: 4 bytes for each. A whole hop is one look through joined bytes."""

    def __init__(self) -> None:
        self.packed: list[bytes] = []

    def append(self, ends: Sequence[int]) -> None:
        """Those of the next node."""
        self.packed.append(array("I", ends).tobytes() if ends else b"")

    def __len__(self) -> int:
        return len(self.packed)

    def __getitem__(self, node: int) -> Sequence[int]:
        return memoryview(self.packed[node]).cast("I")

    def __iter__(self) -> Iterator[Sequence[int]]:
        return map(self.__getitem__, range(len(self)))

    def first(self, node: int, count: int) -> list[int]:
        """The first so many of a node's."""
        return memoryview(self.packed[node][: 4 * count]).cast("I").tolist()

    def around(self, nodes: Iterable[int]) -> Sequence[int]:
        """All to which one of `nodes` leads; to which several lead, so many times."""
        packed = self.packed
        return memoryview(b"".join([packed[node] for node in nodes])).cast("I")


def dependencies(edges: Edges, ranks: "array[int]", rest: Rest) -> tuple[Neighbours, Neighbours]:
    """(what each node depends on, what depends on it), each in the order of their `ranks`."""
    there = [NEEDS.get(name, 0) > 0 for name in edges.names]
    back = [NEEDS.get(name, 0) < 0 for name in edges.names]
    down, up = Neighbours(), Neighbours()
    rank = ranks.__getitem__
    for node in range(len(edges)):
        out = edges.outgoing(node) if node < edges.rows else ()
        down.append(sorted(_ends(edges, out, there, edges.incoming(node), back), key=rank))
        up.append(sorted(_ends(edges, out, back, edges.incoming(node), there), key=rank))
        if not node % (STEP // 5):
            rest()
    return down, up


def _ends(
    edges: Edges, out: Sequence[int], by_out: list[bool], into: Sequence[int], by_into: list[bool]
) -> Iterable[int]:
    """The other ends, each once, of the edges whose type counts in that direction."""
    source, targets, types = edges.source, edges.targets, edges.types
    ends = [targets[edge] for edge in out if by_out[types[edge]]]
    ends += [source(edge) for edge in into if by_into[types[edge]]]
    return dict.fromkeys(ends) if len(ends) > 1 else ends

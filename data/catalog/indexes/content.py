"""The entities of one snapshot with every index over them. The slow indexes are built when first needed."""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Literal, NamedTuple

import orjson

from data.catalog.entity import Entity, short
from data.catalog.indexes.called import MISSING, Called
from data.catalog.indexes.edges import Edges, Neighbours, dependencies
from data.catalog.indexes.intake import Told, take_in
from data.catalog.indexes.names import SOME, STEP, Index, Marks, Row, by_name, fold, ids
from data.catalog.indexes.reach import Reach
from data.catalog.indexes.typos import Typos
from data.catalog.indexes.words import Words
from data.catalog.lazily import Lazily, Rest, keep_going

Certainty = Literal["declared", "probably", "not in the catalog", "not stated"]


class Owner(NamedTuple):
    """Who owns an entity. `ref` is the owner found, or the reference as stated, or ""."""

    ref: str
    entity: Entity | None
    certainty: Certainty

    @property
    def word(self) -> str:
        """One short name for a line of a list; "" when unknown."""
        return self.entity.name if self.entity else short(self.ref)


class Content:
    """Rows and indexes; nodes are row numbers, and numbers after the last row stand for what is not there.

    It knows nothing of what is remembered about it, so that it is gone as soon as nobody uses it.
    """

    def __init__(self, entities: Iterable[Row], rest: Rest = keep_going) -> None:
        rows, relations, groups = take_in(entities, rest)
        numbers = list(range(len(rows)))  # one int object a row, shared by all indexes
        by_ref = _by_ref(numbers, rows, rest)
        names = by_name(numbers, rows, rest)
        self.rows: Sequence[Entity] = rows
        self.by_ref: Mapping[str, int] = by_ref
        self.names = names
        self._owner = partial(_owner, rows, by_ref, names)
        self._owners: dict[str, Owner] = {}  # by reference as stated
        self.marks = Lazily(partial(Marks, names, numbers, rows))
        self.typos = Lazily(partial(_typos, names, self.marks))
        self.words = Lazily(partial(Words, rows))
        self.edges = Lazily(partial(Edges, relations, by_ref, partial(_probable_end, rows, names)))
        self.refs = Lazily(partial(_refs, rows, self.edges))
        self.ranks = Lazily(partial(_ranks, self.refs))
        self.needs = Lazily(partial(_needs, self.edges, self.ranks))
        self.called = Lazily(partial(_called, rows, self.edges, self._owner))
        self.parents = Lazily(partial(_parents, groups))
        self.reach: Reach | None = None  # until `count_ahead`

    def warm(self, rest: Rest) -> None:
        """Build all indexes, those first that more questions need."""
        first = self.edges, self.refs, self.ranks, self.marks, self.typos
        for index in (*first, self.needs, self.called, self.words):
            index(rest)

    def count_ahead(self, before: Reach | None, rest: Rest) -> Reach:
        """Count what lies around each node, unless that is done; `before` knows it of an earlier version."""
        if self.reach is None:
            self.reach = Reach(self.refs(rest), self.needs(rest), self.node_of, before, rest)
        return self.reach

    def at(self, node: int) -> Entity | None:
        """The entity of a node, None if it is not in the catalog."""
        return self.rows[node] if node < len(self.rows) else None

    def ref_of(self, node: int) -> str:
        """The reference of a node."""
        return self.refs()[node]

    def node_of(self, ref: str) -> int:
        """The node of a reference, -1 if no entity has or names it."""
        number = self.by_ref.get(ref, -1)
        return number if number >= 0 else self.edges().missing_node(ref)

    def owner_of(self, ref: str) -> Owner:
        """Who is meant by the reference of an owner; remembered, since a few own everything."""
        owner = self._owners.get(ref)
        if owner is None:
            owner = self._owners[ref] = self._owner(ref)
        return owner

    def owners(self, rest: Rest) -> list[str]:
        """The references of owners as stated, each once."""
        stated: dict[str, None] = {}
        for start in range(0, len(self.rows), SOME):
            stated |= dict.fromkeys([row.owner for row in self.rows[start : start + SOME]])
            rest()
        return list(stated)


def _by_ref(numbers: Sequence[int], rows: Sequence[Entity], rest: Rest) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(rows), SOME):
        found |= zip([row.ref for row in rows[start : start + SOME]], numbers[start : start + SOME], strict=True)
        rest()
    return found


def _owner(rows: Sequence[Entity], by_ref: Mapping[str, int], names: Index, ref: str) -> Owner:
    if not ref:
        return Owner("", None, "not stated")
    number = by_ref.get(ref, -1)
    if number >= 0:
        return Owner(ref, rows[number], "declared")
    number = _probable(rows, names, ref)
    if number >= 0:
        return Owner(rows[number].ref, rows[number], "probably")
    return Owner(ref, None, MISSING)


def _needs(edges: Lazily[Edges], ranks: "Lazily[array[int]]", rest: Rest) -> tuple[Neighbours, Neighbours]:
    return dependencies(edges(rest), ranks(rest), rest)


def _called(rows: Sequence[Entity], edges: Lazily[Edges], owner: Callable[[str], Owner], rest: Rest) -> Called:
    return Called(rows, edges(rest).missing, lambda ref: owner(ref).word, rest)


def _parents(groups: Sequence[Told], _rest: Rest) -> Mapping[str, str]:
    """The group above each group, as itself says, else as the one above says. Needs no other relations."""
    told = [(ref, *relation[:2]) for ref, relations in groups if relations for relation in orjson.loads(relations)]
    parents = {target: ref for ref, type_, target in reversed(told) if type_ == "parentOf"}
    return parents | {ref: target for ref, type_, target in reversed(told) if type_ == "childOf"}


def _refs(rows: Sequence[Entity], edges: Lazily[Edges], rest: Rest) -> list[str]:
    return [*[row.ref for row in rows], *edges(rest).missing]


def _ranks(refs: Lazily[list[str]], rest: Rest) -> "array[int]":
    """The place of each node among all references in order: to sort by it touches no text."""
    starts: dict[str, list[int]] = {}
    for node, ref in enumerate(refs(rest)):
        starts.setdefault(ref[: ref.find("/") + 5], []).append(node)  # small groups, so that no sort takes long
        if not node % STEP:
            rest()
    ranks = array("I", bytes(4 * len(refs())))
    rank = 0
    for start in sorted(starts):
        for node in sorted(starts[start], key=refs().__getitem__):
            ranks[node] = rank
            rank += 1
        rest()
    return ranks


def _typos(names: Index, marks: Lazily[Marks], rest: Rest) -> Typos:
    aliases = marks(rest).aliases
    return Typos([*names, *(alias for alias in aliases if alias not in names)], rest)


def _probable_end(rows: Sequence[Entity], names: Index, type_: str, ref: str) -> int:
    return _probable(rows, names, ref) if type_ == "ownedBy" else -1


def _probable(rows: Sequence[Entity], names: Index, ref: str) -> int:
    """The only group of that name in whatever namespace, else the only user, or -1."""
    name = ref.rpartition("/")[2]
    called = [number for number in ids(names, fold(name)) if rows[number].name.lower() == name]
    for kind in ("group", "user"):
        found = [number for number in called if rows[number].kind.lower() == kind]
        if found:
            return found[0] if len(found) == 1 else -1
    return -1

"""The read model: one immutable picture of the catalog in memory that every answer is read from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from data.catalog.entity import INVERSE, Entity, Problem
from data.catalog.indexes.content import Certainty, Content, Owner
from data.catalog.indexes.names import fold
from data.catalog.indexes.reach import Reach
from data.catalog.indexes.resolve import How, Match, resolve
from data.catalog.indexes.search import Found, find
from data.catalog.lazily import Rest, giving_way, keep_going
from data.catalog.repos.repositories import Repositories

if TYPE_CHECKING:  # types only: the read model must not import the database
    from data.store.catalog import SourceState

__all__ = ["Certainty", "Found", "How", "Link", "Match", "Owner", "Snapshot"]

MOST_REMEMBERED = 64  # answers such as the spread of a hub


class Link(NamedTuple):
    """One relation seen from the entity asked about; `entity` None: the reference resolves to nothing."""

    type: str
    ref: str
    entity: Entity | None
    declared_by: Entity
    line: int


class Snapshot:
    """One version of the catalog; what it answers never changes. Safe to read from any thread.

    The field `relations` of its entities is empty: `links` has them, from both ends.
    """

    def __init__(
        self,
        content: Content,
        sources: Mapping[str, SourceState],
        problems: Sequence[tuple[str, Problem]],
        version: int,
        repositories: Repositories | None = None,
    ) -> None:
        self.repositories = Repositories() if repositories is None else repositories  # one without any counts
        self.content = content
        self.sources = sources
        self.version = version
        self._problems = problems
        self._remembered: OrderedDict[Hashable, object] = OrderedDict()

    @classmethod
    def build(
        cls,
        entities: Iterable[tuple[Any, ...]],
        sources: Iterable[SourceState] = (),
        problems: Iterable[tuple[str, Problem]] = (),
        version: int = 0,
        rest: Rest = keep_going,
        *,
        companions: Iterable[tuple[str, str, str]] = (),
    ) -> Snapshot:
        """From rows in Entity field order (Entity itself will do), (source, problem) pairs and companions.

        Cheap: what takes longer comes with `warm`, or at the first question that needs it.
        """
        states = {state.name: state for state in sources}
        return cls(Content(entities, rest), states, tuple(problems), version, Repositories(companions))

    def with_sources(self, sources: Iterable[SourceState], problems: Iterable[tuple[str, Problem]]) -> Snapshot:
        """The same entities with newer news of their sources."""
        states = {state.name: state for state in sources}
        newer = Snapshot(self.content, states, tuple(problems), self.version, self.repositories)
        newer._remembered = self._remembered
        return newer

    def warm(self, rest: Rest | None = None) -> None:
        """Build what is otherwise built at first use (typos, words, relations), giving way to other threads."""
        self.content.warm(rest or giving_way())

    def count_ahead(self, before: Reach | None = None, rest: Rest | None = None) -> Reach:
        """Count how many lie around each node, see data.catalog.indexes.reach."""
        return self.content.count_ahead(before, rest or giving_way())

    def __len__(self) -> int:
        """How many entities."""
        return len(self.content.rows)

    def __iter__(self) -> Iterator[Entity]:
        """All entities, in the order of the rows."""
        return iter(self.content.rows)

    def problems(self, source: str = "") -> Sequence[Problem]:
        """Problems of all sources, or of one."""
        return [problem for told_by, problem in self._problems if source in ("", told_by)]

    def get(self, ref: str) -> Entity | None:
        """By canonical reference."""
        number = self.content.by_ref.get(ref)
        return None if number is None else self.content.rows[number]

    def resolve(self, text: str, kinds: Collection[str] = ()) -> Match:
        """What `text` names: reference, name, title, alias, repository, e-mail, #channel, typo, parts of a name.

        `kinds` (such as "Group") are preferred; other kinds are taken only if nothing of them fits.
        """
        return resolve(self.content, text, kinds)

    def named(self, text: str) -> Entity | None:
        """The only entity of that name or title, what nearly every question means; None: ask `resolve`."""
        number = self.content.names.get(fold(text))
        return (
            self.content.rows[number] if isinstance(number, int) and ":" not in text and "/" not in text else None
        )

    def owner(self, entity: Entity) -> Owner:
        """Who owns it, and how sure that is."""
        return self.content.owner_of(entity.owner)

    def owner_of(self, ref: str) -> Owner:
        """Who is meant by the reference of an owner, as entities state it."""
        return self.content.owner_of(ref)

    def owners(self, rest: Rest = keep_going) -> list[str]:
        """The references of owners that entities state, "" for none, in the order of their first."""
        return self.content.owners(rest)

    def parent(self, group: str) -> str:
        """The reference of the group above a group, "" if none is stated."""
        return self.content.parents().get(group, "")

    def links(self, ref: str) -> Sequence[Link]:
        """Relations both ways, each (type, ref) once, its own first; types as seen from `ref` (ownedBy, ownerOf…).

        A reference that is not in the catalog has the links of those who name it.
        """
        node = self.content.node_of(ref)
        if node < 0:
            return ()
        links: dict[tuple[str, str], Link] = {}
        for link in (*self._outgoing(node), *self._incoming(node)):
            links.setdefault((link.type, link.ref), link)
        return tuple(links.values())

    def _outgoing(self, node: int) -> Iterator[Link]:
        content, edges = self.content, self.content.edges()
        for edge in edges.outgoing(node) if node < len(content.rows) else ():
            target = edges.targets[edge]
            type_, line = edges.names[edges.types[edge]], edges.lines[edge]
            yield Link(type_, content.ref_of(target), content.at(target), content.rows[node], line)

    def _incoming(self, node: int) -> Iterator[Link]:
        content, edges = self.content, self.content.edges()
        for edge in edges.incoming(node):
            source = content.rows[edges.source(edge)]
            type_ = edges.names[edges.types[edge]]
            yield Link(INVERSE.get(type_, type_), source.ref, source, source, edges.lines[edge])

    def search(self, query: str, limit: int = 20) -> Found:
        """Full text with filters, best first; see data.catalog.indexes.search."""
        rows = self.content.rows
        total, numbers, unknown = find(query, limit, self.content.words(), rows, self._named)
        return Found(total, tuple([rows[number] for number in numbers]), tuple(unknown))

    def _named(self, name: str) -> str:
        match = self.resolve(name, ("Group", "User", "System"))
        return match.entity.ref if match.entity else ""

    def recall(self, key: Hashable) -> object:
        """An answer remembered for these entities, or None."""
        return self._remembered.get(key)

    def remember(self, key: Hashable, answer: object) -> None:
        """Keep an answer as long as these entities are the newest; it must not refer to the snapshot itself."""
        self._remembered.pop(key, None)  # it becomes the newest
        self._remembered[key] = answer
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)  # in one step, since other threads remember too

"""The read model: one immutable picture of the catalog in memory that every answer is read from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from data.catalog.entity import Entity, Problem
from data.catalog.search import Found

How = Literal["ref", "name", "title", "alias", "repository", "email", "channel", "typo", "parts", "none", "ambiguous"]
Certainty = Literal["declared", "probably", "not in the catalog", "not stated"]


class SourceState(NamedTuple):  # replaced by data.store's own as soon as it is there
    """What a source said last."""

    name: str


class Match(NamedTuple):
    """What a person's words named.

    `entity` is None when nothing fits (how="none") or several do equally (how="ambiguous"). `candidates` are at most
    five, best first; when there is an entity it is the first of them, and the others share its name.
    """

    entity: Entity | None
    candidates: tuple[Entity, ...]
    how: How
    asked: str


class Owner(NamedTuple):
    """Who owns an entity. `ref` is the owner found, or the reference as stated, or ""."""

    ref: str
    entity: Entity | None
    certainty: Certainty


class Link(NamedTuple):
    """One relation seen from the entity asked about; `entity` None: the reference resolves to nothing."""

    type: str
    ref: str
    entity: Entity | None
    declared_by: Entity
    line: int


class Snapshot:
    """One version of the catalog; never changes. Safe to read from any thread."""

    version: int
    sources: Mapping[str, SourceState]

    @classmethod
    def build(
        cls,
        entities: Iterable[tuple[object, ...]],
        sources: Iterable[SourceState] = (),
        problems: Iterable[Problem] = (),
        version: int = 0,
    ) -> "Snapshot":
        """From rows in Entity field order (Entity itself will do). Cheap; the slow indexes come with `warm`."""
        raise NotImplementedError

    def warm(self) -> None:
        """Build what is otherwise built at first use (typos, words, relations), giving way to other threads."""

    def __len__(self) -> int:
        """How many entities."""
        raise NotImplementedError

    def __iter__(self) -> Iterable[Entity]:
        """All entities, in the order of the rows."""
        raise NotImplementedError

    def problems(self, source: str = "") -> Sequence[Problem]:
        """Problems of all sources, or of one."""
        raise NotImplementedError

    def get(self, ref: str) -> Entity | None:
        """By canonical reference."""
        raise NotImplementedError

    def resolve(self, text: str, kinds: Collection[str] = ()) -> Match:
        """What `text` names: a reference, name, title, alias, repository, e-mail, #channel, a typo, parts of a name.

        `kinds` (such as "Group") are tried first; only if nothing of them fits, all kinds are.
        """
        raise NotImplementedError

    def owner(self, entity: Entity) -> Owner:
        """Who owns it, and how sure that is."""
        raise NotImplementedError

    def links(self, ref: str) -> Sequence[Link]:
        """Relations both ways, each (type, ref) once; types are as seen from `ref` (ownedBy, ownerOf, …)."""
        raise NotImplementedError

    def search(self, query: str, limit: int = 20) -> Found:
        """Full text with filters, best first; see data.catalog.search."""
        raise NotImplementedError

"""What depends on an entity, and what it depends on, hop by hop.

An entity depends on what it says it dependsOn, on the APIs that it consumes, and an API depends on who provides it;
so consumers of an API depend on its provider, two hops away. Being part of a system is no dependency.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from data.catalog.entity import Entity

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


@dataclass(frozen=True)
class Spread:
    """What was reached. `hops[0]` is one hop away; only entities of the kinds asked for are in it and counted.

    `total` counts them over all hops; `cut` says that more lies beyond the depth; `longest_path` and `cycle` are
    references from the start to one of the furthest, and from the start back to itself (empty: there is none).
    `owners` are (owner's reference or "", entities reached), most first.
    """

    ref: str
    direction: Direction
    hops: Sequence[Sequence[Reached]]
    total: int
    cut: bool
    longest_path: tuple[str, ...]
    cycle: tuple[str, ...]
    owners: Sequence[tuple[str, int]]


def spread(
    snapshot: "Snapshot", ref: str, direction: Direction, depth: int = 3, kinds: Collection[str] = ()
) -> Spread:
    """Breadth first from `ref`: "down" is what it depends on, "up" what depends on it. depth 0: without limit."""
    raise NotImplementedError

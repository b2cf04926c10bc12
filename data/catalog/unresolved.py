"""References that resolve to nothing: what entities name and the catalog does not have."""

from collections.abc import Sequence
from typing import NamedTuple

from data.catalog.indexes.names import SOURCE
from data.catalog.snapshot import Snapshot


class Unresolved(NamedTuple):
    """(reference, how many entities name it), most named first: those named as an owner, and all others."""

    owners: Sequence[tuple[str, int]]
    others: Sequence[tuple[str, int]]


def unresolved(snapshot: Snapshot, source: str = "") -> Unresolved:
    """What entities of all sources, or of one, name in vain; remembered as long as the catalog stays as it is."""
    key = (Unresolved, source)
    known = snapshot.recall(key)
    if not isinstance(known, Unresolved):
        known = _counted(snapshot, source)
        snapshot.remember(key, known)
    return known


def _counted(snapshot: Snapshot, source: str) -> Unresolved:
    edges, rows = snapshot.content.edges(), snapshot.content.rows
    owners, others = dict[str, int](), dict[str, int]()
    for node, ref in enumerate(edges.missing, len(rows)):
        for edge in edges.incoming(node):
            if source in ("", rows[edges.source(edge)][SOURCE]):
                named = owners if edges.names[edges.types[edge]] == "ownedBy" else others
                named[ref] = named.get(ref, 0) + 1
    return Unresolved(_most_named(owners), _most_named(others))


def _most_named(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))

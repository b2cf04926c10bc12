"""Which entities name a thing of another system in an annotation."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from data.catalog.snapshot import Snapshot

Marks = Mapping[str, Mapping[str, str]]  # canonical reference -> {annotation: value}


class Annotated:
    """Entities of the catalog with any of some annotations; looked for once in each version of the catalog.

    `known` is what was found last, for those who may not wait for the look through a large catalog.
    """

    def __init__(self, snapshot: Callable[[], Snapshot], keys: Sequence[str]) -> None:
        self._snapshot, self._keys = snapshot, tuple(keys)
        self._version = -1
        self.known: Marks = {}

    def look(self) -> Marks:
        """What is found now."""
        snapshot = self._snapshot()
        if snapshot.version != self._version:
            self.known = dict(_annotated(snapshot, self._keys))
            self._version = snapshot.version
        return self.known


def _annotated(snapshot: Snapshot, keys: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Of all entities only those are decoded whose text holds a key at all."""
    for entity in snapshot.content.rows:
        stated = entity.stated
        if any(key in stated for key in keys):
            notes = entity.details().get("annotations", {})
            marks = {key: value for key in keys if (value := str(notes.get(key) or "").strip())}
            if marks:
                yield entity.ref, marks

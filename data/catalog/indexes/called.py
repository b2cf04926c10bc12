"""How lists call each node: name, kind and owner next to one another, at one place in memory instead of three."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from data.catalog.entity import Entity, short
from data.catalog.indexes.names import STEP
from data.catalog.lazily import Rest

NAME_ENDS: Final = "\t"  # nothing else in a record is one of these two
KIND_ENDS: Final = "\x1f"
MISSING: Final = "not in the catalog"  # stands for the kind


class Called:
    """A record for each node, in UTF-8: the name, its kind in lower case and, where one is known, its owner."""

    def __init__(
        self, rows: Sequence[Entity], missing: Iterable[str], owner: Callable[[str], str], rest: Rest
    ) -> None:
        """`missing` are the references of the nodes after the rows, `owner` gives the name of a stated one."""
        texts = bytearray()
        starts = array("I", (0,))
        ends: dict[tuple[str, str], str] = {}
        for number, row in enumerate(rows):
            end = ends.get((row.kind, row.owner))
            if end is None:
                end = ends[row.kind, row.owner] = _end(row.kind.lower(), owner(row.owner))
            texts += f"{_one_line(row.name)}{end}".encode()
            starts.append(len(texts))
            if not number % STEP:
                rest()
        for number, ref in enumerate(missing):
            texts += f"{_one_line(short(ref))}{_end(MISSING, '')}".encode()
            starts.append(len(texts))
            if not number % STEP:
                rest()
        self._texts, self._starts = bytes(texts), starts

    def records(self, nodes: Iterable[int]) -> Sequence[bytes]:
        """Of each of the nodes."""
        texts, starts = self._texts, self._starts
        return [texts[starts[node] : starts[node + 1]] for node in nodes]


def _end(kind: str, owner: str) -> str:
    known = f"{NAME_ENDS}{_one_line(kind)}"
    return f"{known}{KIND_ENDS}{_one_line(owner)}" if owner else known


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""Where the nodes of a layered graph go: layers from left to right, crossings reduced, long layers wrapped."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

MOST_NODES = 40
TALLEST = 12  # nodes in one column; a longer layer takes more columns
_SWEEPS = 6  # of ordering by neighbours; more change nothing that an eye would see


class Node(NamedTuple):
    """`key` is what edges name; the first node is the one asked about; `layer` is its hop (0 for the first).

    `kind` "" stands for what is not in the catalog.
    """

    key: str
    label: str
    kind: str = ""
    owner: str = ""
    layer: int = 0


class Cell(NamedTuple):
    """A place in the grid: column from the left, and the middle of the node in rows from the top."""

    column: int
    row: float


def place(layers: Mapping[str, int], edges: Sequence[tuple[str, str]]) -> dict[str, Cell]:
    """A cell for each node; `layers` gives each node's layer, in the order to start from."""
    columns = _columns(layers)
    neighbours: dict[str, list[str]] = {key: [] for key in layers}
    for start, end in edges:
        neighbours[start].append(end)
        neighbours[end].append(start)
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 else columns[::-1]:
            _sort(column, _rows(columns), neighbours)
    rows = _rows(columns)
    return {key: Cell(at, rows[key]) for at, column in enumerate(columns) for key in column}


def _columns(layers: Mapping[str, int]) -> list[list[str]]:
    columns: list[list[str]] = []
    for layer in sorted(set(layers.values())):
        keys = [key for key, its in layers.items() if its == layer]
        wide = -(-len(keys) // TALLEST)
        tall = -(-len(keys) // wide)
        columns += [keys[at : at + tall] for at in range(0, len(keys), tall)]
    return columns


def _rows(columns: Sequence[Sequence[str]]) -> dict[str, float]:
    """Columns are centred beside one another."""
    middle = max(map(len, columns), default=0) / 2
    return {key: middle + at - len(column) / 2 + 0.5 for column in columns for at, key in enumerate(column)}


def _sort(column: list[str], rows: Mapping[str, float], neighbours: Mapping[str, Sequence[str]]) -> None:
    """By the mean height of the neighbours; without neighbours a node stays where it is."""

    def height(key: str) -> float:
        beside = [rows[other] for other in neighbours[key] if other not in column]
        return sum(beside) / len(beside) if beside else rows[key]

    column.sort(key=height)

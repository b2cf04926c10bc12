"""A graph as a picture: PNG, readable on light and dark, up to 40 nodes."""

from collections.abc import Sequence
from typing import NamedTuple

MOST_NODES = 40


class Node(NamedTuple):
    """`key` is what edges name; the first node is the one asked about; `layer` is its hop (0 for the first)."""

    key: str
    label: str
    kind: str = ""
    owner: str = ""
    layer: int = 0


def draw_graph(nodes: Sequence[Node], edges: Sequence[tuple[str, str]], title: str = "", more: int = 0) -> bytes:
    """PNG of the graph, layers from left to right, an arrow for each (from, to).

    More than 40 nodes are cut to the first 40; the picture says how many it left out (`more` are added to them).
    """
    raise NotImplementedError

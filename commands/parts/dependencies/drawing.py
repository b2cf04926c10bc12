"""The picture that follows an answer about dependencies."""

from collections.abc import Sequence
from functools import partial
from itertools import islice

from commands.parts.ask import Ask
from commands.parts.dependencies.tree import tree
from commands.parts.reply import Picture
from commands.parts.texts.labels import owner_word
from data.catalog.entity import Entity, short
from data.catalog.graph import Spread
from data.catalog.indexes.content import Content
from data.catalog.walk import Reached
from data.pictures.layout import MOST_NODES, Node


def picture_of(ask: Ask, entity: Entity, spreads: Sequence[Spread]) -> Picture:
    """The nearest entities in every direction; arrows point at what is depended on. Drawn when it is wanted."""
    room = (MOST_NODES - 1) // max(len(spreads), 1)
    nodes = {entity.ref: Node(entity.ref, entity.name, entity.kind, owner_word(ask.snapshot.content, entity), 0)}
    edges = []
    for spread in spreads:
        for reached in islice((reached for hop in spread.hops for reached in hop), room):
            nodes.setdefault(reached.ref, _node(ask, reached, 1 if spread.direction == "down" else -1))
            edges.append((reached.via, reached.ref) if spread.direction == "down" else (reached.ref, reached.via))
    more = sum(spread.total for spread in spreads) - len(edges)
    title = f"Dependencies of {entity.name}"
    label = partial(_label, ask.snapshot.content)
    alt = "\n".join(tree(spread, label, MOST_NODES) for spread in spreads if spread.total)
    draw = partial(_drawn, list(nodes.values()), edges, title, max(more, 0))
    return Picture(title, alt or f"{entity.name} stands alone", draw)


def _drawn(nodes: Sequence[Node], edges: Sequence[tuple[str, str]], title: str, more: int) -> bytes:
    from data.pictures.graph import draw_graph  # an imaging library, which a start does not wait for

    return draw_graph(nodes, edges, title, more)


def _node(ask: Ask, reached: Reached, way: int) -> Node:
    if reached.entity is None:
        return Node(reached.ref, short(reached.ref), "not in the catalog", "", way * reached.hop)
    owner = owner_word(ask.snapshot.content, reached.entity)
    return Node(reached.ref, reached.entity.name, reached.entity.kind, owner, way * reached.hop)


def _label(content: Content, node: int) -> str:
    return short(content.ref_of(node))

"""How nodes are called in trees and lists: by the numbers they have in a snapshot's content."""

from collections.abc import Sequence
from functools import lru_cache

from commands.parts.labels import cut, owner_word, short
from commands.parts.lines import LONGEST, owner_ends
from commands.parts.reply import escape, escape_all
from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot


class NodeLabels:
    """Labels by node. What follows a name is made once for each kind and owner."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._content = snapshot.content
        self._owners = owner_ends(snapshot)
        self._ends: dict[tuple[str, str], str] = {}

    def plain(self, node: int) -> str:
        """For a tree: "checkout-db · resource · team-payments"."""
        rows = self._content.rows
        if node >= len(rows):
            return self._missing(node)
        entity = rows[node]
        return entity.name + (self._ends.get((entity.kind, entity.owner)) or self._end(entity))

    def _end(self, entity: Entity) -> str:
        owner = owner_word(self._content, entity)
        end = f" · {entity.kind.lower()} · {owner}" if owner else f" · {entity.kind.lower()}"
        self._ends[entity.kind, entity.owner] = end
        return end

    def marked(self, nodes: Sequence[int]) -> Sequence[str]:
        """Likewise, for a list: safe as mrkdwn."""
        rows = self._content.rows
        if nodes and max(nodes) >= len(rows):
            return [self._marked(node) for node in nodes]
        return self._lines([rows[node] for node in nodes])

    def _marked(self, node: int) -> str:
        entity = self._content.at(node)
        return self._lines([entity])[0] if entity else escape(cut(self._missing(node), LONGEST))

    def _lines(self, entities: Sequence[Entity]) -> Sequence[str]:
        names = escape_all([cut(entity.name, LONGEST) for entity in entities])
        owners = self._owners
        return [
            f"*{name}* · {_kind(entity.kind)}{owners[entity.owner]}"
            for name, entity in zip(names, entities, strict=True)
        ]

    def _missing(self, node: int) -> str:
        return f"{short(self._content.ref_of(node))} (not in the catalog)"


@lru_cache(maxsize=1024)
def _kind(kind: str) -> str:
    """There are few."""
    return escape(cut(kind.lower(), LONGEST))


def node_labels(snapshot: Snapshot) -> NodeLabels:
    """Those of these entities."""
    labels = snapshot.recall(NodeLabels)
    if not isinstance(labels, NodeLabels):
        labels = NodeLabels(snapshot)
        snapshot.remember(NodeLabels, labels)
    return labels

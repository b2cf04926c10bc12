"""How nodes are called in trees and lists: by the numbers they have in a snapshot's content."""

from collections.abc import Iterable

from commands.parts.labels import cut, owner_word, short
from commands.parts.reply import escape
from data.catalog.content import Content
from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot

LONGEST = 120  # signs of a name in a list


class NodeLabels:
    """Labels by node. What follows a name is made once for each kind and owner."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._ends: dict[tuple[str, str], tuple[str, str]] = {}

    def plain(self, node: int) -> str:
        """For a tree: "checkout-db · resource · team-payments"."""
        rows = self._content.rows
        if node >= len(rows):
            return self._missing(node)
        entity = rows[node]
        end = self._ends.get((entity.kind, entity.owner)) or self._end(entity)
        return entity.name + end[0]

    def marked(self, nodes: Iterable[int]) -> list[str]:
        """Likewise, for a list: safe as mrkdwn."""
        rows, known = self._content.rows, self._ends
        lines = []
        for node in nodes:
            if node < len(rows):
                entity = rows[node]
                name = entity.name
                shown = escape(name if len(name) <= LONGEST else cut(name, LONGEST))
                end = known.get((entity.kind, entity.owner)) or self._end(entity)
                lines.append(f"*{shown}*{end[1]}")
            else:
                lines.append(escape(cut(self._missing(node), LONGEST)))
        return lines

    def _missing(self, node: int) -> str:
        return f"{short(self._content.ref_of(node))} (not in the catalog)"

    def _end(self, entity: Entity) -> tuple[str, str]:
        """What follows a name: as it is, and safe as mrkdwn."""
        owner = owner_word(self._content, entity)
        facts = (entity.kind.lower(), owner) if owner else (entity.kind.lower(),)
        plain = "".join([f" · {fact}" for fact in facts])
        marked = "".join([f" · {escape(cut(fact, LONGEST))}" for fact in facts])
        self._ends[entity.kind, entity.owner] = plain, marked
        return plain, marked


def node_labels(snapshot: Snapshot) -> NodeLabels:
    """Those of these entities."""
    labels = snapshot.recall(NodeLabels)
    if not isinstance(labels, NodeLabels):
        labels = NodeLabels(snapshot.content)
        snapshot.remember(NodeLabels, labels)
    return labels

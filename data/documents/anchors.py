"""Anchors and aliases, with what the aliases would weigh if they were written out."""

from typing import Any

import orjson

from data.documents.values import Limits, Refused


class Anchors:
    """The anchors of one document. The same value is handed out for every alias; nobody may change it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._values: dict[str, Any] = {}
        self._weights: dict[int, int] = {}  # of values that an alias has named, by identity
        self._total = 0
        self.used = False

    def name(self, anchor: str, value: Any) -> None:
        """Remember what the anchor stands for; a later anchor of the same name wins, as in YAML."""
        self._values[anchor] = value

    def value(self, alias: str, open_containers: list[Any], line: int) -> Any:
        """What the alias stands for. Raises Refused when it names nothing, or itself, or too much."""
        if alias not in self._values:
            raise Refused(
                line, "alias", f"The alias *{alias} names no anchor of this document.", f"&{alias} before it"
            )
        value = self._values[alias]
        if any(value is container for container in open_containers):
            raise Refused(line, "alias", f"The alias *{alias} stands inside of what it names.", "no circle")
        self._weigh(value, line)
        return value

    def weigh_root(self, root: Any, line: int) -> None:
        """Raises Refused when a document with aliases is too deep to be written out."""
        if self.used:
            self._weight(root, line)

    def _weigh(self, value: Any, line: int) -> None:
        self.used = True
        if id(value) not in self._weights:
            self._weights[id(value)] = self._weight(value, line)
        self._total += self._weights[id(value)]
        if self._total > self._limits.aliased:
            limit = f"at most {self._limits.aliased >> 20} MiB"
            raise Refused(line, "limit", "The aliases of this document stand for too much text.", limit)

    def _weight(self, value: Any, line: int) -> int:
        try:
            return len(orjson.dumps(value))
        except orjson.JSONEncodeError:  # its own limit of 254 levels, which aliases reach inside of our limit
            raise Refused(line, "limit", "Aliases nest this document too deep.", "fewer levels") from None

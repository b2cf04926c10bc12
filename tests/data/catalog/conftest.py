"""Entities as the read model gets them."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson
import pytest

from data.catalog.entity import Entity

MakeEntity = Callable[..., Entity]


@pytest.fixture
def entity() -> MakeEntity:
    """Make an entity from `[kind:][namespace/]name`; relations are (type, target), in the lines from 10 on."""

    def make(
        ref: str, relations: Sequence[tuple[str, str]] = (), detail: dict[str, Any] | None = None, **fields: Any
    ) -> Entity:
        kind, _, rest = ref.rpartition(":")
        kind, (namespace, _, name) = kind or "Component", rest.rpartition("/")
        namespace = namespace or "default"
        lines = [[type_, target, 10 + at] for at, (type_, target) in enumerate(relations)]
        blank: dict[str, Any] = dict.fromkeys(Entity._fields, "")
        known = {
            "ref": f"{kind}:{namespace}/{name}".lower(),
            "kind": kind,
            "namespace": namespace,
            "name": name,
            "source": "acme",
            "path": f"{name}/catalog-info.yaml",
            "line": 1,
            "stale": False,
            "relations": orjson.dumps(lines).decode() if lines else "",
            "detail": orjson.dumps(detail).decode() if detail else "",
        }
        return Entity(**(blank | known | fields))

    return make

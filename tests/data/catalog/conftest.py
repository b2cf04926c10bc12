"""Entities as the read model gets them, and a folder of files that is synced."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from data.catalog.entity import Entity
from data.store.database import Database
from tests.data.catalog.syncing.folder import Folder

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


@pytest.fixture
def acme(database: Database, tmp_path: Path, clock: Any) -> Folder:
    """Three services on both databases, synced."""
    folder = Folder(database, tmp_path / "catalog", clock)
    for name in ("cart", "checkout", "search"):
        folder.service(name)
    report = folder.sync()
    assert report.added == [f"component:default/{name}" for name in ("cart", "checkout", "search")]
    assert (report.entities, report.files, report.read, report.documents) == (3, 3, 3, 3)
    return folder

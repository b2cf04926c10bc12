"""A folder of catalog files with a database that knows it, for the tests of syncs."""

import os
import time
from pathlib import Path
from typing import Any

from data.catalog.entity import Entity
from data.catalog.sources.files import FilesSource
from data.catalog.syncing.sync import Report, sync
from data.store import catalog
from data.store.database import Database

COMPONENT = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: {name}
spec:
  type: service
  lifecycle: production
  owner: {owner}
"""


class Folder:
    """A folder of catalog files with a database that knows it."""

    def __init__(self, database: Database, folder: Path, clock: Any) -> None:
        self.database, self.folder, self.clock = database, folder, clock
        folder.mkdir()
        self.source = FilesSource("acme", folder)

    def write(self, path: str, *names: str, owner: str = "payments", extra: str = "") -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("---\n".join(COMPONENT.format(name=name, owner=owner) for name in names) + extra)
        return file

    def service(self, name: str, owner: str = "payments") -> Path:
        return self.write(f"{name}/catalog-info.yaml", name, owner=owner)

    def sync(self, **options: Any) -> Report:
        """As an hour after the last change: what is younger than two seconds is looked at again."""
        for path in [self.folder, *self.folder.rglob("*")]:
            age(path)
        return self.sync_at_once(**options)

    def sync_at_once(self, **options: Any) -> Report:
        return sync(self.database, self.source, now=self.clock, **options)

    def entities(self) -> dict[str, Entity]:
        with self.database.reading() as store:
            return {row[0]: Entity(*row) for row in catalog.load_entities(store)}

    def version(self) -> int:
        with self.database.reading() as store:
            return catalog.catalog_version(store)

    def state(self) -> catalog.SourceState:
        with self.database.reading() as store:
            return catalog.load_sources(store)[0]

    def problems(self) -> list[tuple[str, str, str]]:
        with self.database.reading() as store:
            return [(p.path, p.level, p.code) for _, p in catalog.load_problems(store)]


def age(path: Path) -> None:
    changed = path.lstat().st_mtime_ns if path.is_symlink() or path.exists() else 0
    if changed > (time.time() - 60) * 1e9:
        hour_before = changed - 3600 * 10**9
        os.utime(path, ns=(hour_before, hour_before), follow_symlinks=False)

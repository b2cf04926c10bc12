"""The catalog follows the database."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from data.catalog.live import Catalog
from data.catalog.sources.files import FilesSource
from data.catalog.syncing.sync import sync
from data.errors import Unavailable
from data.store.database import Database

FILE = """
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {{name: {name}}}
spec: {{type: service, lifecycle: production, owner: {owner}}}
"""


def write(folder: Path, name: str, owner: str = "team-a") -> None:
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "catalog-info.yaml").write_text(FILE.format(name=name, owner=owner))


def test_new_entities_answer_after_a_refresh(
    database: Database, tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    source, catalog = FilesSource("acme", tmp_path / "files"), Catalog(database)
    assert len(catalog.snapshot) == 0
    assert not catalog.loaded
    write(source.path, "web")
    sync(database, source, now=clock)
    assert catalog.refresh()
    assert catalog.loaded
    before = catalog.snapshot
    assert not catalog.refresh()
    assert catalog.snapshot is before

    write(source.path, "web", owner="team-b")
    write(source.path, "checkout")
    sync(database, source, now=clock)
    assert catalog.refresh()
    web = catalog.snapshot.get("component:default/web")
    assert web is not None
    assert web.owner == "group:default/team-b"
    assert catalog.snapshot.resolve("chekout").how == "typo"
    assert len(before) == 1, "who holds the old snapshot sees the old state"


def test_a_sync_without_changes_is_told_without_a_rebuild(
    database: Database, tmp_path: Path, clock: Callable[..., datetime]
) -> None:
    source, catalog = FilesSource("acme", tmp_path / "files"), Catalog(database)
    write(source.path, "web")
    sync(database, source, now=clock)
    catalog.refresh()
    before = catalog.snapshot
    clock.advance(minutes=7)  # type: ignore[attr-defined]  # the clock of these tests
    sync(database, source, now=clock)
    assert not catalog.refresh()
    assert catalog.snapshot.sources["acme"].synced_at == clock()
    assert catalog.snapshot.content is before.content


def test_the_last_snapshot_answers_when_the_database_is_gone(
    sqlite: Database, tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    source, catalog = FilesSource("acme", tmp_path / "files"), Catalog(sqlite)
    write(source.path, "web")
    sync(sqlite, source, now=clock)
    catalog.refresh()
    gone = Catalog(Database(f"sqlite:///{tmp_path}/nowhere/idp.db"))
    with pytest.raises(Unavailable):
        gone.refresh()
    assert len(gone.snapshot) == 0
    assert catalog.snapshot.get("component:default/web") is not None


def test_once_warm_every_new_snapshot_has_its_indexes(
    sqlite: Database, tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    source, catalog = FilesSource("acme", tmp_path / "files"), Catalog(sqlite)
    catalog.warm()
    write(source.path, "web")
    sync(sqlite, source, now=clock)
    assert catalog.refresh()
    assert catalog.snapshot.search("web").total == 1


def test_dependencies_are_counted_for_every_version_that_is_warm(
    sqlite: Database, tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    source, catalog = FilesSource("acme", tmp_path / "files"), Catalog(sqlite)
    catalog.count_ahead()
    assert catalog.snapshot.content.reach is None, "a process that answers once counts nothing"
    catalog.warm()
    for name in ("checkout", "search"):
        write(source.path, name)
        sync(sqlite, source, now=clock)
        catalog.refresh()
        catalog.count_ahead()
        reach, content = catalog.snapshot.content.reach, catalog.snapshot.content
        assert reach is not None
        assert reach.counts(content.node_of(f"component:default/{name}")) == (([], False), ([], False))

"""Catalogs of other people: their histories replay, and all of them sync without losing a file."""

import json
from pathlib import Path
from typing import Any

import pytest

from data.catalog.entity import parse_ref
from data.catalog.sources.files import FilesSource
from data.catalog.syncing.sync import sync
from data.store import catalog
from data.store.database import Database

HISTORIES = ("b4mad__racing-manifests", "giantswarm__backstage-catalogs", "kambisports__backstage-poc-data")


@pytest.mark.parametrize("history", HISTORIES)
def test_a_history_replays_with_the_differences_it_states(
    sqlite: Database, shared: Path, tmp_path: Path, clock: Any, history: str
) -> None:
    folder = shared / "catalogs" / "_history" / history
    at = tmp_path / "state"
    for state in json.loads((folder / "expected_diffs.json").read_text())["states"]:
        at.unlink(missing_ok=True)
        at.symlink_to(folder / state["state"], target_is_directory=True)
        report = sync(sqlite, FilesSource("history", at / "**/*.y*ml"), now=clock, allow_removals=True)
        where = f"{history} {state['state']}"
        assert (report.error, report.entities, report.documents) == ("", state["entities"], state["documents"]), (
            where
        )
        if "added" in state:
            assert report.added == state["added"], where
            assert report.removed == state["removed"], where
            assert report.changed == state["changed"], where
            assert report.owner_changed == [_canonical(*row) for row in state["owner_changed"]], where


def _canonical(ref: str, was: str, now: str) -> tuple[str, str, str]:
    """The expectation gives owners as written: a default namespace is left out, as is a missing owner."""
    before, after = (str(parse_ref(owner, "group")) if owner else "" for owner in (was, now))
    return ref, before, after


def test_every_real_file_is_taken_or_explained(sqlite: Database, shared: Path, clock: Any) -> None:
    root = shared / "catalogs"
    source = FilesSource("all", root / "**/*.y*ml")
    report = sync(sqlite, source, now=clock)
    files = [path for path in root.rglob("*.y*ml") if not any(part[0] == "." for part in path.parts[1:])]
    assert report.error == ""
    assert report.files == len(files)
    with sqlite.reading() as store:
        problems = [problem for _, problem in catalog.load_problems(store)]
        answering = len(list(catalog.load_entities(store)))
        told = {row[0] for row in store.connection.exec_driver_sql("SELECT path FROM entity")}
        said = told | {problem.path for problem in problems}
        empty = {row[0] for row in store.connection.exec_driver_sql("SELECT path FROM file WHERE documents = 0")}
    assert answering == report.entities
    assert {path.relative_to(root).as_posix() for path in files} == said | empty
    assert sync(sqlite, source, now=clock).changed == []


def test_every_repository_syncs_as_a_source_of_its_own(sqlite: Database, shared: Path, clock: Any) -> None:
    for folder in sorted((shared / "catalogs").iterdir()):
        if folder.is_dir() and folder.name != "_history":
            report = sync(sqlite, FilesSource(folder.name, folder), now=clock)
            assert report.error == "", folder.name
    with sqlite.reading() as store:
        assert len(catalog.load_sources(store)) > 50
        assert len(list(catalog.load_entities(store))) > 200

"""What live sources cost: requests to a GitHub of 10,000 repositories, and entities a second of a Backstage."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import beside, synthetic
from bench.harness import Measure, at_least, at_most, figure
from data.catalog.sources.backstage import BackstageSource
from data.catalog.sources.github import GitHubSource
from data.catalog.sources.github_token import Token
from data.catalog.syncing.report import Report
from data.catalog.syncing.sync import sync
from data.http.answers import Answer
from data.http.api import Api
from data.ports.catalog import CatalogSource
from data.store.database import Database
from tests.fakes.backstage import FakeBackstage
from tests.fakes.github import FakeGitHub

COUNT = 10_000
ROUNDS = 3

_FILE = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: {name}
  description: Takes what comes and checks it.
  tags: [java]
spec:
  type: service
  lifecycle: production
  owner: {owner}
"""


def run(quick: bool) -> Iterator[Measure]:
    """Against stateful stand-ins on loopback; their own time is left out where seconds are meant."""
    count, rounds = (100, 1) if quick else (COUNT, ROUNDS)
    yield from _github(count)
    taken = [_backstage(count) for _ in range(rounds)]
    first, same = (count / statistics.median(each[at] for each in taken) for at in (0, 1))
    yield at_least("live.backstage", f"Backstage, {count:,} entities, its answering left out", first, 3000, "1/s")
    yield figure("live.backstage.same", "the same with nothing changed", same, "1/s")
    yield from beside.run(quick, count)


def _github(count: int) -> Iterator[Measure]:
    owners = synthetic.teams(count)
    github = FakeGitHub()
    for number, name in enumerate(synthetic.names(count)):
        files = {"catalog-info.yaml": _FILE.format(name=name, owner=owners[number % len(owners)])}
        files |= {"README.md": f"# {name}\n", "CODEOWNERS": f"* @acme/{owners[number % len(owners)]}\n"}
        github.create(
            name, {**files, "docs/index.md": "# Docs\n"} if number % 2 else {"main.go": "package main\n"}
        )
    source = GitHubSource("hub", "acme", Token("ghp_valid"), github.url)
    try:
        with tempfile.TemporaryDirectory() as folder, closing(_database(folder)) as database:
            first = _requests(database, source, github, count // 2)
            same = _requests(database, source, github, count // 2)
    finally:
        github.server.stop()
    what = f"requests to discover {count:,} repositories"
    yield at_most("live.github.first", f"{what} with files, README, docs, CODEOWNERS", first, 450, "")
    yield at_most("live.github.same", f"{what} when nothing changed", same, 120, "")


def _requests(database: Database, source: CatalogSource, github: FakeGitHub, entities: int) -> int:
    github.server.history.clear()
    report = _sync(database, source)
    assert (report.error, report.entities) == ("", entities), report.error
    return len(github.server.history)


def _backstage(count: int) -> tuple[float, float]:
    """Seconds of ours for (a first sync, one without change)."""
    owners, fake = synthetic.teams(count), FakeBackstage()
    for number, name in enumerate(synthetic.names(count)):
        fake.put(entity_of(name, owners[number % len(owners)], number))
    source = BackstageSource("portal", fake.url, fake.token)
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            closing(_database(folder)) as database,
            _Waiting() as waiting,
        ):
            first = _own(database, source, waiting, count)
            return first, _own(database, source, waiting, count)
    finally:
        fake.server.stop()


def _own(database: Database, source: CatalogSource, waiting: "_Waiting", count: int) -> float:
    began, waited = time.perf_counter(), waiting.seconds
    report = _sync(database, source)
    assert (report.error, report.entities) == ("", count), report.error
    return time.perf_counter() - began - (waiting.seconds - waited)


class _Waiting:
    """Counts the seconds in which we wait for an answer."""

    def __enter__(self) -> "_Waiting":
        self.seconds = 0.0
        self._call = Api.call

        def call(api: Api, *args: Any, **named: Any) -> Answer:
            began = time.perf_counter()
            try:
                return self._call(api, *args, **named)
            finally:
                self.seconds += time.perf_counter() - began

        Api.call = call  # type: ignore[assignment, method-assign]  # only while this bench measures
        return self

    def __exit__(self, *_: object) -> None:
        Api.call = self._call  # type: ignore[method-assign]  # as above


def entity_of(name: str, owner: str, number: int) -> dict[str, Any]:
    """A component as Backstage tells it."""
    place = f"url:https://github.com/acme/{name}/blob/main/catalog-info.yaml"
    annotations = {
        "backstage.io/managed-by-location": place,
        "backstage.io/managed-by-origin-location": place,
        "github.com/project-slug": f"acme/{name}",
        "backstage.io/techdocs-ref": "dir:.",
    }
    spec = {"type": "service", "lifecycle": "production", "owner": owner, "providesApis": [f"{name}-api"]}
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {
            "name": name,
            "description": "Takes what the domain sends, checks it against the rules and keeps it.",
            "annotations": annotations,
            "labels": {"tier": str(number % 4)},
            "tags": ["java", f"tier{number % 4}"],
            "links": [{"url": f"https://grafana.example.com/d/{name}", "title": "Dashboard"}],
        },
        "spec": spec,
        "relations": [
            {"type": "ownedBy", "targetRef": f"group:default/{owner}"},
            {"type": "providesApi", "targetRef": f"api:default/{name}-api"},
        ],
    }


def _database(folder: str) -> Database:
    database = Database(f"sqlite:///{Path(folder)}/bench.db")
    database.migrate()
    return database


def _sync(database: Database, source: CatalogSource) -> Report:
    return sync(database, source, now=lambda: datetime.now(UTC))

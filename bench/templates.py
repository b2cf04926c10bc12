"""The census of golden paths: 10,000 services, with their last looks in the database."""

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from bench.harness import Measure, at_most, figure
from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.ports.golden_paths import GoldenPath
from data.store import templates
from data.store.database import Database
from data.store.templates import looked_at, with_paths
from workflows.templates.census import census

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PATHS = 20
VERSIONS = 8


def run(quick: bool) -> Iterator[Measure]:
    """The first census of a catalog (nothing remembered) and the following ones, every fifth service by hand."""
    count = 1_000 if quick else 10_000
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/idp.db")
        database.migrate()
        entities, companions = _services(count)
        _looked(database, entities)
        paths = [
            GoldenPath(f"path-{n}", f"Path {n}", f"https://git.acme.example/path-{n}.git") for n in range(PATHS)
        ]
        idp = cast(Idp, SimpleNamespace(database=database, golden_paths=SimpleNamespace(all=lambda: paths)))
        snapshot = Snapshot.build(entities, companions=companions)
        anew = best(lambda: census(idp, snapshot), before=lambda: _look(database, entities[1]))
        again = best(lambda: census(idp, snapshot))
        fresh = [Snapshot.build(entities, companions=companions) for _ in range(9)]
        first = best(lambda: census(idp, fresh.pop()))
        database.close()
    what = f"census of {count:,} services"
    yield at_most("templates.census", f"{what}, after a repository was looked at", anew.wall, 50, "ms")
    yield figure("templates.census.cpu", f"{what}, the same as CPU time", anew.cpu, "ms")
    yield figure("templates.census.first", f"{what}, of a new version of the catalog", first.wall, "ms")
    yield figure("templates.census.first.cpu", f"{what}, the same as CPU time", first.cpu, "ms")
    yield figure("templates.census.again", f"{what}, nothing changed", again.wall, "ms")


class Taken(NamedTuple):
    """Milliseconds on the clock of the wall, and of this process's own work."""

    wall: float
    cpu: float


def best(call: Callable[[], object], before: Callable[[], None] = lambda: None, rounds: int = 9) -> Taken:
    """The fastest round by each clock: the others say what else the machine was doing."""
    walls, cpus = [], []
    for _ in range(rounds):
        before()
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return Taken(min(walls) * 1e3, min(cpus) * 1e3)


def _services(count: int) -> tuple[list[Entity], list[tuple[str, str, str]]]:
    blank: dict[str, Any] = dict.fromkeys(Entity._fields, "")
    entities, companions = [], []
    for number in range(count):
        name = f"service-{number}"
        values = blank | {"ref": f"component:default/{name}", "kind": "Component", "name": name, "type": "service"}
        values |= {"namespace": "default", "source": "acme", "path": f"{name}/catalog-info.yaml", "line": 1}
        entities.append(Entity(**values | {"stale": False}))
        if number % 5:
            said = f"_commit: v{number % VERSIONS}\n_src_path: https://git.acme.example/path-{number % PATHS}\n"
            companions.append(("acme", f"{name}/.copier-answers.yml", said + "name: x\nowner: y\n" * 10))
    return entities, companions


def _look(database: Database, entity: Entity) -> None:
    with database.store() as store:
        now = datetime.now(UTC)
        templates.put_check(
            store, looked_at(entity.ref, "path-1", version="v1", target="v7", outcome="clean", now=now)
        )


def _looked(database: Database, entities: list[Entity]) -> None:
    with database.store() as store:
        for number in range(PATHS):
            templates.put_versions(store, f"path-{number}", NOW, {f"v{v}": "Notes." for v in range(VERSIONS)})
        for number, entity in enumerate(entities):
            if number % 5:
                path, version = f"path-{number % PATHS}", f"v{number % VERSIONS}"
                look = looked_at(entity.ref, path, version=version, target="v7", outcome="clean", now=NOW)
                look = with_paths(look, ["deploy/deployment.yaml"] if number % 3 else [], [])
                templates.put_check(store, look)

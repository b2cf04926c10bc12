"""Development workspaces: how long a list of a thousand takes, and what watching two hundred builds costs."""

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.harness import Measure, at_most, figure
from bot.slack.drawing.views import render
from commands.parts.ask import Asker
from commands.parts.typed.answering import answer
from data.ports.workspaces import RemoteWorkspace
from data.store import workspaces
from data.store.database import Database
from data.store.workspaces import Workspace
from tests.workflows.house import CHECKOUT, House, build, now
from workflows.workspaces.inventory import take_stock
from workflows.workspaces.watching import watch

ANN = "ann@acme.example"


class Counting:
    """A system whose answers are there at once, so that only what follows them is measured; counts its calls."""

    key, name, acts_as, launches = "fake", "Fake", "nobody", True

    def __init__(self, there: list[RemoteWorkspace]) -> None:
        self.there, self.calls = there, 0

    def list(self) -> list[RemoteWorkspace]:
        self.calls += 1
        return self.there

    def get(self, id: str) -> RemoteWorkspace | None:
        self.calls += 1
        return next((one for one in self.there if one.id == id), None)


def run(quick: bool) -> Iterator[Measure]:
    """On SQLite, in one process."""
    many, builds = (100, 20) if quick else (1000, 200)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/idp.db"
        database = Database(url)
        database.migrate()
        database.close()
        house = build(url, Path(folder))
        try:
            yield from _listing(house, many)
            yield from _watching(house, builds)
        finally:
            house.engine.close()
            house.idp.database.close()


def _remote(number: int, state: Any) -> RemoteWorkspace:
    return RemoteWorkspace(f"w{number}", f"box-{number}", ANN, "python-service", state, now(), cost=3, ours=True)


def _listing(house: House, many: int) -> Iterator[Measure]:
    system: Any = Counting([_remote(number, "running") for number in range(many)])
    idp = replace(house.idp, workspaces=(system,))
    started = time.perf_counter()
    take_stock(idp)
    yield figure("workspaces.adopted", f"{many:,} unknown workspaces get their rows", _ms(started), "ms")
    asker = Asker("ann", ANN)
    for text, what in (("workspaces", "mine"), ("workspaces all", "everybody's")):
        render(answer(text, asker, idp))
        taken, waited = [], []
        for _ in range(9):
            cpu, started = time.process_time(), time.perf_counter()
            take_stock(idp)  # the system's answer is there: compared with the rows
            render(answer(text, asker, idp))
            taken.append((time.process_time() - cpu) * 1000)
            waited.append(_ms(started))
        id, size = f"workspaces.listed.{what[:4]}", f"{many:,} compared and listed, {what}"
        yield at_most(id, f"{size} (processor time)", statistics.median(taken), 100, "ms")
        yield figure(
            f"{id}.waited", f"{size} (with what others took of the machine)", statistics.median(waited), "ms"
        )


def _watching(house: House, builds: int) -> Iterator[Measure]:
    system: Any = Counting([_remote(10_000 + number, "starting") for number in range(builds)])
    idp = replace(house.idp, workspaces=(system,))
    at = now()
    with idp.database.store() as store:
        for row in workspaces.find(store):
            workspaces.move(store, row, state="deleted")
        for one in system.there:
            workspaces.add(store, _row(one, at))
    before, most = threading.active_count(), 0
    taken = []
    for number in range(5):
        soon = at + timedelta(seconds=40 * (number + 1))
        started = time.perf_counter()
        watch(replace(idp, now=lambda soon=soon: soon))  # type: ignore[misc]  # bound now
        taken.append(_ms(started))
        most = max(most, threading.active_count())
    yield at_most("workspaces.threads", f"threads more while {builds} builds are watched", most - before, 0, "")
    yield at_most("workspaces.calls", f"calls for one look at {builds} builds", system.calls / 5, 1, "")
    yield figure("workspaces.look", f"one look at {builds} builds", sorted(taken)[2], "ms")


def _row(one: RemoteWorkspace, at: Any) -> Workspace:
    return Workspace(
        id=0, system="fake", remote=one.id, name=one.name, template=one.template, owner="user:default/ann",
        email=ANN, target=CHECKOUT, team="", state="starting", recorded_at=at, building_since=at, next_at=at,
        created_at=one.created_at, cost=one.cost,
    )  # fmt: skip


def _ms(started: float) -> float:
    return (time.perf_counter() - started) * 1000

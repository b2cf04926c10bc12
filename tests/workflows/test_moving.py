"""A house that moves from SQLite to PostgreSQL while much is going on: all of it goes on, and once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from data.store import audit_check, digests, inbox, requests
from data.store.transfer import transfer
from tests.waiting import until
from tests.workflows.access.held import given, grant_of
from tests.workflows.house import ANN, BEN, House, build, launch
from tests.workflows.processes import start
from workflows.action import actions
from workflows.engine import TABLES
from workflows.requests.request import Actor, decide


@dataclass
class Busy:
    """What is going on: numbers of requests."""

    house: House
    half_done: int
    queued: int
    in_force: int
    pending: int


@pytest.fixture
def busy(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Busy]:
    """A run whose process was killed in it, one that nobody has begun, access in force, a question that waits."""
    url = f"sqlite:///{tmp_path}/idp.db"
    (tmp_path / "idp.db").write_bytes(migrated_sqlite.read_bytes())
    house = build(url, tmp_path)
    half = house.submit()
    decide(house.idp, half.id, Actor(BEN), True)
    assert start(url, tmp_path, POINT="announce:inside").wait() == -9, (tmp_path / "worker.log").read_text()
    queued = house.submit("workspace")
    held = given(house, "2s")
    pending = house.submit(reason="INC-124")
    with house.idp.database.store() as store:
        now = house.idp.now()
        inbox.receive(store, "press-1", "press", "{}", now, claimed_until=now - timedelta(seconds=1))
        digest = digests.plan(store, "group:default/payments", "2026-W47", now + timedelta(hours=1), now)
        house.engine.enqueue(store, "digest", f"digest:{digest}", int(digest or 0), delay=3600)
    yield Busy(house, half.id, queued.id, held, pending.id)
    house.engine.close()
    house.idp.database.close()


@pytest.fixture
def moved(
    busy: Busy, new_postgres: Callable[[str], str], migrated_postgres: str, tmp_path: Path
) -> Iterator[House]:
    """The same house on PostgreSQL, in which nobody works yet."""
    house = build(new_postgres(migrated_postgres), tmp_path)
    transfer(busy.house.idp.database, house.idp.database, TABLES, lambda *_: None)
    yield house
    house.engine.stop(drain=0)
    house.idp.database.close()


def work(house: House, table: str) -> list[Any]:
    columns = "workflow_uuid, status, name, queue_name, executor_id, created_at, delay_until_epoch_ms"
    with house.idp.database.reading() as store:
        return sorted(store.connection.execute(text(f"SELECT {columns} FROM {table}")).all())


def state(house: House, id: int) -> str:
    with house.idp.database.reading() as store:
        found = requests.load(store, id)
    return found.state if found else ""


def test_all_that_was_going_on_goes_on(busy: Busy, moved: House, tmp_path: Path) -> None:
    before = work(busy.house, "workflow_status")
    assert work(moved, "dbos.workflow_status") == before
    assert {row.status for row in before} >= {"PENDING", "ENQUEUED", "DELAYED"}
    assert {f"{name}:{busy.pending}" for name in ("expire",)} | {"digest:1"} <= {
        row.workflow_uuid for row in before
    }
    assert grant_of(moved, busy.in_force).state == grant_of(busy.house, busy.in_force).state
    launch(moved)  # without the clock's ticks: what was waiting needs nobody who finds it again
    until(lambda: state(moved, busy.half_done) == state(moved, busy.queued) == "done")
    notes = sorted(file.name for file in (tmp_path / "board").iterdir())
    assert notes == sorted(f"{busy.half_done}-{step.name}.json" for step in actions()["game-day"].steps)
    until(lambda: grant_of(moved, busy.in_force).ended_at is not None and not moved.access.list())
    decide(moved.idp, busy.pending, Actor(BEN), True)
    assert moved.submit(by=ANN, reason="INC-125").id == busy.pending + 1
    until(lambda: state(moved, busy.pending) == "done")
    with moved.idp.database.store() as store:
        assert [event.id for event in inbox.claim(store, moved.idp.now(), timedelta(minutes=1))] == ["press-1"]
        assert audit_check.verify(store).holds

"""Two replicas on PostgreSQL: one is killed, or ends cleanly, and the other finishes its work."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.store import requests
from tests.workflows.house import BEN, House, build
from tests.workflows.processes import end, ready, start, until
from workflows.requests.request import Actor, decide


@pytest.fixture
def shared_url(new_postgres: Callable[[str], str], migrated_postgres: str) -> str:
    return new_postgres(migrated_postgres)


@pytest.fixture
def front(shared_url: str, tmp_path: Path) -> Iterator[House]:
    house = build(shared_url, tmp_path)
    yield house
    house.engine.close()
    house.idp.database.close()


def approved(house: House) -> int:
    asked = house.submit("game-day")
    return decide(house.idp, asked.id, Actor(BEN), True).id


def done(house: House, ids: list[int]) -> bool:
    with house.idp.database.reading() as store:
        return all((found := requests.load(store, id)) is not None and found.state == "done" for id in ids)


def under_way(folder: Path, ids: list[int]) -> bool:
    calls = (folder / "calls").read_text() if (folder / "calls").exists() else ""
    return all(f"{id} " in calls for id in ids)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_other_replica_finishes(front: House, shared_url: str, tmp_path: Path, how: signal.Signals) -> None:
    slow = {"SLOW": "0.4", "LEASE": "5", "BEAT": "1"}
    first = start(shared_url, tmp_path, **slow)
    ready(first, tmp_path)
    ids = [approved(front) for _ in range(4)]
    until(lambda: under_way(tmp_path, ids), 10)
    second = start(shared_url, tmp_path, **slow)
    ready(second, tmp_path)
    began = time.monotonic()
    first.send_signal(how)
    assert first.wait(15) == (-9 if how == signal.SIGKILL else 0)
    stopped = time.monotonic() - began
    try:
        until(lambda: done(front, ids), 20)
    finally:
        took = time.monotonic() - began
        end(second)
    print(f"{how.name}: ended after {stopped:.1f} s, all done after {took:.1f} s")
    assert took < 15
    assert stopped < 10
    calls = Counter((tmp_path / "calls").read_text().splitlines())
    repeated = [call for call, times in calls.items() if times > 1]
    assert len(calls) == 20
    assert max(calls.values()) <= 2
    assert len(repeated) <= (4 if how == signal.SIGKILL else 0), repeated  # at most the one step in flight of each
    assert len(list((tmp_path / "board").iterdir())) == 20

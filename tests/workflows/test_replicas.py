"""Two replicas on PostgreSQL: one is killed, or ends cleanly, and the other finishes its work."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.catalog.live import Catalog
from data.catalog.sources.files import FilesSource
from data.catalog.syncing.sync import sync
from data.errors import Conflict, NotAllowed
from data.store import requests
from data.store.clock import DatabaseClock
from tests.waiting import PATIENT, until
from tests.workflows.house import ANN, BEN, FAY, GAME, House, build
from tests.workflows.processes import end, ready, start
from workflows.action import actions
from workflows.requests.request import Actor, decide, submit


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
    lease = "5" if how == signal.SIGKILL else "60"  # who ends cleanly hands on, and nobody has to be missed
    first = start(shared_url, tmp_path, LEASE=lease, BEAT="1", HELD="")
    ready(first, tmp_path)
    ids = [approved(front) for _ in range(4)]
    until(lambda: under_way(tmp_path, ids))  # and it gets no further, so that something is left
    second = start(shared_url, tmp_path, LEASE=lease, BEAT="1")
    ready(second, tmp_path)
    first.send_signal(how)
    assert first.wait(PATIENT) == (-9 if how == signal.SIGKILL else 0)
    try:
        until(lambda: done(front, ids))
    finally:
        end(second)
    calls = Counter((tmp_path / "calls").read_text().splitlines())
    repeated = [call for call, times in calls.items() if times > 1]
    assert len(calls) == 20
    assert max(calls.values()) <= 2
    assert len(repeated) == (4 if how == signal.SIGKILL else 0), repeated  # the one step in flight of each
    assert len(list((tmp_path / "board").iterdir())) == 20


def test_a_replica_whose_clock_is_behind_decides_no_request_that_has_expired(front: House) -> None:
    asked = front.submit()
    with front.idp.database.store() as store:
        requests.move(store, asked.id, states={"pending"}, expires_at=front.idp.now() - timedelta(seconds=1))
    clock = DatabaseClock(front.idp.database, lambda: datetime.now(UTC) - timedelta(hours=2))
    clock.adjust()
    with pytest.raises(Conflict, match="expired"):
        decide(replace(front.idp, now=clock), asked.id, Actor(BEN), True)


TEAM = """
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {{name: payments}}
spec: {{type: team, children: [], members: [{members}]}}
"""
REST = """
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: checkout}
spec: {type: service, lifecycle: production, owner: payments}
"""
PERSON = """
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {{name: {name}}}
spec: {{memberOf: [], profile: {{email: {name}@acme.example}}}}
"""


def test_who_left_the_team_a_moment_ago_has_no_voice_on_a_replica_that_has_not_noticed(
    front: House, tmp_path: Path
) -> None:
    source = FilesSource("acme", tmp_path / "files")
    people = "".join(PERSON.format(name=name) for name in ("ann", "ben", "fay"))

    def synced(*members: str) -> None:
        source.path.mkdir(exist_ok=True)
        team = TEAM.format(members=", ".join(members))
        (source.path / "catalog-info.yaml").write_text(f"{REST}---{team}{people}")
        assert not sync(front.idp.database, source, now=front.idp.now).error

    synced("ben", "fay")
    replica = replace(front.idp, catalog=Catalog(front.idp.database))
    replica.catalog.refresh()
    asked = submit(replica, actions()["game-day"], Actor(ANN), GAME, reason="practice")
    synced("fay")  # through another replica
    with pytest.raises(NotAllowed, match="not among those who may approve"):
        decide(replica, asked.id, Actor(BEN), True)
    assert decide(replica, asked.id, Actor(FAY), True).state == "approved"

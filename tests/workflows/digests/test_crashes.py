"""Replicas that are killed at named points and at random moments: a team reads its digest once."""

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import PATIENT, until
from tests.workflows.digests.replica import TEAMS, company, main, posts
from tests.workflows.digests.scored import learn, states
from tests.workflows.house import House
from tests.workflows.processes import Worker, end, forked, ready

CLAIM = 1.5  # seconds
POINTS = ("plan:after", "post:inside", "shown:before", "post:before")


@pytest.fixture
def front(database_url: str, tmp_path: Path) -> Iterator[House]:
    """The same teams, scored, in a process that does not work."""
    house = company(database_url, tmp_path)
    learn(house.idp, {f"{name}-{at}": {"documented": False, "watched": True} for name in TEAMS for at in (0, 1)})
    yield house
    house.engine.close()
    house.idp.database.close()


def start(url: str, folder: Path, **environment: str) -> Worker:
    return forked(main, url, folder, folder / "replica.log", {"CLAIM": str(CLAIM)} | environment)


def told(folder: Path) -> Counter[str]:
    """How often each channel was told, by kind of message."""
    return Counter(f"{line['kind']} {line['place']}" for line in posts(folder / "posts"))


def all_posted(house: House) -> bool:
    found = states(house.idp)
    return len(found) == len(TEAMS) and set(found.values()) == {"posted"}


ONCE = Counter({f"{kind} {name}": 1 for name in TEAMS for kind in ("DigestCard", "DetailsCard")})


def finished(front: House, url: str, folder: Path) -> None:
    """A replica that lives, until everything is told."""
    last = start(url, folder)
    ready(last, folder)  # before that it knows no SIGTERM
    try:
        until(lambda: all_posted(front) and told(folder) >= ONCE)
        time.sleep(CLAIM + 0.5)  # whoever would post again does it now
    finally:
        end(last)


def test_killed_at_every_point_and_at_random_moments_each_team_is_told_once(
    front: House, database_url: str, tmp_path: Path, full: bool
) -> None:
    for number, point in enumerate(POINTS if full else POINTS[1:3]):
        killed = start(database_url, tmp_path, POINT=point, AFTER=str(1 + number % 2))
        assert killed.wait(PATIENT) == -9, (tmp_path / "replica.log").read_text()[-2000:]
    seed = random.randrange(10_000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(10 if full else 1):
        replica = start(database_url, tmp_path)
        ready(replica, tmp_path)
        time.sleep(chance.uniform(0.0, 1.2))
        replica.send_signal(signal.SIGKILL)
        replica.wait(PATIENT)
    finished(front, database_url, tmp_path)
    assert told(tmp_path) == ONCE


def test_where_nobody_can_look_a_killed_replica_costs_one_message_at_most(
    front: House, database_url: str, tmp_path: Path, full: bool
) -> None:
    if not full:
        pytest.skip("the same is tested without processes; `--rounds=full` runs it")
    killed = start(database_url, tmp_path, POINT="post:inside", AFTER="2", BLIND="1")
    assert killed.wait(PATIENT) == -9
    last = start(database_url, tmp_path, BLIND="1")
    ready(last, tmp_path)
    try:
        until(lambda: sorted(set(states(front.idp).values())) == ["failed", "posted"])
        until(lambda: list(states(front.idp).values()).count("posted") == len(TEAMS) - 1)
        time.sleep(CLAIM + 0.5)
    finally:
        end(last)
    assert max(told(tmp_path).values()) == 1
    assert sum(count for kind, count in told(tmp_path).items() if kind.startswith("DigestCard")) == len(TEAMS)

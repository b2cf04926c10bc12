"""Two replicas on PostgreSQL, one of them killed at random moments: a team reads its digest once."""

import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.waiting import PATIENT, until
from tests.workflows.digests.replica import TEAMS, company
from tests.workflows.digests.scored import learn
from tests.workflows.digests.test_crashes import ONCE, all_posted, start, told
from tests.workflows.house import House
from tests.workflows.processes import end, ready

CLAIM = "5"  # seconds: one replica looks after what the other has begun, so neither may be held up for longer


@pytest.fixture
def shared_url(new_postgres: Callable[[str], str], migrated_postgres: str) -> str:
    return new_postgres(migrated_postgres)


@pytest.fixture
def front(shared_url: str, tmp_path: Path) -> Iterator[House]:
    house = company(shared_url, tmp_path)
    learn(house.idp, {f"{name}-{at}": {"documented": False, "watched": True} for name in TEAMS for at in (0, 1)})
    yield house
    house.engine.close()
    house.idp.database.close()


def test_two_replicas_tell_once_while_one_after_the_other_is_killed(
    front: House, shared_url: str, tmp_path: Path, full: bool
) -> None:
    seed = random.randrange(10_000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    living = start(shared_url, tmp_path, CLAIM=CLAIM)
    for _ in range(10 if full else 1):
        other = start(shared_url, tmp_path, CLAIM=CLAIM)
        ready(other, tmp_path)
        time.sleep(chance.uniform(0.0, 1.0))
        living.send_signal(signal.SIGKILL)
        living.wait(PATIENT)
        living = other
    try:
        until(lambda: all_posted(front) and told(tmp_path) >= ONCE)
        time.sleep(float(CLAIM) + 0.5)
    finally:
        end(living)
    assert told(tmp_path) == ONCE

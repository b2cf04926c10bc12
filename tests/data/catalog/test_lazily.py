"""How a builder gives way to those who answer meanwhile."""

from collections.abc import Iterator
from itertools import count

from data.catalog.lazily import RESTS, WORKS, giving_way
from data.catalog.snapshot import Snapshot
from tests.data.catalog.conftest import MakeEntity


def test_a_builder_rests_by_the_clock_however_often_it_may() -> None:
    ticks: Iterator[int] = count()
    slept: list[float] = []
    rest = giving_way(lambda: next(ticks) * WORKS * 0.4, slept.append)
    for _ in range(30):
        rest()
    assert slept == [RESTS] * 10  # each third time more than a whole stretch of work has gone by


def test_a_new_snapshot_is_made_with_many_moments_to_rest(entity: MakeEntity) -> None:
    moments: list[int] = []
    rows = [entity(f"component:service-{number}") for number in range(2_000)]
    snapshot = Snapshot.build(rows, rest=lambda: moments.append(1))
    assert len(moments) >= 2_000 / 100
    moments.clear()
    snapshot.warm(lambda: moments.append(1))
    assert len(moments) >= 5 * 2_000 / 20  # five indexes at least

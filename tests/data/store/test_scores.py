"""How a day stands, written by several at the same moment."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from data.store import scores
from data.store.database import Database
from data.store.scores import LevelCount, RuleTotal

ROUNDS = 8
FIRST = date(2026, 3, 2)


def levels(day: date, count: int) -> Sequence[LevelCount]:
    return [LevelCount(day, "readiness", f"group:default/team-{n}", "gold", count) for n in range(20)]


def test_two_that_write_the_same_new_day_both_succeed(database: Database) -> None:
    together = threading.Barrier(2, timeout=60)

    def write(day: date, order: int) -> None:
        with database.reading() as store:
            scores.is_first(store)  # connected before both begin
        together.wait()
        with database.store() as store:
            rules = [RuleTotal(day, "readiness", "group:default/team-1", "coverage", 1, 2, 3)]
            scores.note_day(store, levels(day, 1)[::order], rules)

    with ThreadPoolExecutor(2) as threads:
        for day in [FIRST + timedelta(days=n) for n in range(ROUNDS)]:
            for done in [threads.submit(write, day, order) for order in (1, -1)]:
                done.result()
    with database.reading() as store:
        counts, rules = scores.days(store, FIRST, FIRST + timedelta(days=ROUNDS))
    assert (len(counts), len(rules)) == (20 * ROUNDS, ROUNDS)


def test_a_day_is_replaced_where_it_differs(database: Database) -> None:
    for rows in (levels(FIRST, 1), levels(FIRST, 2)[:5]):
        with database.store() as store:
            scores.note_day(store, rows, [RuleTotal(FIRST, "readiness", "", "coverage", 1, 2, 3)])
    with database.reading() as store:
        counts, rules = scores.days(store, FIRST, FIRST)
        assert sorted(counts) == sorted(levels(FIRST, 2)[:5])
        assert len(rules) == 1

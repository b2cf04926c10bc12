"""How things are measured: side by side, interleaved, as ratios.

Machines are noisy, and shared ones are worse: only the ratio of two things measured in the same round means
something. A round measures one after the other, in changing order; a result is the median over the rounds.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Measure(NamedTuple):
    """One line of the table. `goal` is the promise as text, "" for a figure without one; then it always holds."""

    id: str
    what: str
    value: float
    unit: str
    goal: str
    holds: bool


def at_most(id: str, what: str, value: float, goal: float, unit: str = "x") -> Measure:
    """A promise that the value stays at or under the goal."""
    return Measure(id, what, value, unit, f"<= {goal:g}", value <= goal)


def at_least(id: str, what: str, value: float, goal: float, unit: str = "x") -> Measure:
    """A promise that the value reaches the goal."""
    return Measure(id, what, value, unit, f">= {goal:g}", value >= goal)


def figure(id: str, what: str, value: float, unit: str) -> Measure:
    """For information."""
    return Measure(id, what, value, unit, "", True)


Call = Callable[[], object]


def p50(call: Call, times: int) -> float:
    """Median seconds of one call."""
    clock = time.perf_counter_ns
    taken = []
    for _ in range(times):
        start = clock()
        call()
        taken.append(clock() - start)
    return statistics.median(taken) / 1e9


def ratios(subjects: Sequence[Call], base: Call, *, rounds: int, times: int) -> list[float]:
    """For each subject the median over the rounds of its p50 against that of `base` in the same round."""
    calls = [base, *subjects]
    for call in calls:
        p50(call, max(times // 4, 1))
    per_round = []
    for number in range(rounds):
        order = range(len(calls)) if number % 2 else range(len(calls) - 1, -1, -1)
        taken = {at: p50(calls[at], times) for at in order}
        per_round.append([taken[at] / taken[0] for at in range(1, len(calls))])
    return [statistics.median(column) for column in zip(*per_round, strict=True)]


def ratio(subject: Call, base: Call, *, rounds: int, times: int) -> float:
    """The ratio of one subject to `base`, see `ratios`."""
    return ratios([subject], base, rounds=rounds, times=times)[0]

"""What the made-up company did before the demo began, so that its digests have something to thank for.

Ten weeks in which things slowly got better, told backwards from how they stand now; invented, like Acme.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from data.store.scores import Changed, LevelCount, Result, RuleTotal

WEEKS = 10
LATELY = timedelta(days=2)  # before now: what the first digest tells of


@dataclass(frozen=True, slots=True)
class Past:
    """Days and changes, as the clock would have written them down."""

    levels: Sequence[LevelCount]
    rules: Sequence[RuleTotal]
    changes: Sequence[Changed]


def past(results: Iterable[Result], order: Mapping[str, Sequence[str]], now: datetime) -> Past:
    """The weeks before, for these present results; `order` names the levels of each scorecard, lowest first."""
    known = list(results)
    levels: list[LevelCount] = []
    rules: list[RuleTotal] = []
    for back in range(1, WEEKS + 1):
        day = (now - timedelta(weeks=back)).date()
        levels += _levels(known, order, day, back)
        rules += _rules(known, day, back)
    return Past(levels, rules, list(_changes(known, now - LATELY)))


def _levels(known: Sequence[Result], order: Mapping[str, Sequence[str]], day: date, back: int) -> list[LevelCount]:
    """Each service stood lower the longer ago, one level in about four weeks, not all at once."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for at, result in enumerate(known):
        names = ["", *order.get(result.scorecard, ())]
        place = names.index(result.level) if result.level in names else 0
        counts[result.scorecard, result.owner, names[max(0, place - (back + at % 3) // 4)]] += 1
    return [LevelCount(day, *key, count) for key, count in counts.items()]


def _rules(known: Sequence[Result], day: date, back: int) -> list[RuleTotal]:
    counts: dict[tuple[str, str, str], Counter[str]] = {}
    for at, result in enumerate(known):
        for number, (rule, outcome) in enumerate(result.outcomes.items()):
            before = "fail" if outcome == "pass" and (at + number) % WEEKS < back - 1 else outcome
            counts.setdefault((result.scorecard, result.owner, rule), Counter())[before] += 1
    return [RuleTotal(day, *key, n["pass"], n["fail"], n["unknown"]) for key, n in counts.items()]


def _changes(known: Sequence[Result], at: datetime) -> Iterable[Changed]:
    """Of each owner one thing that got better, and of every second one also something that got worse."""
    seen: dict[str, int] = {}
    for result in known:
        turn = seen.get(result.owner, 0)
        passing = [rule for rule, outcome in result.outcomes.items() if outcome == "pass"]
        failing = [rule for rule, outcome in result.outcomes.items() if outcome == "fail"]
        changed = {passing[0]: "fail"} if turn == 0 and passing else {failing[0]: "pass"} if turn == 1 and failing else {}
        if changed:
            before = {**result.outcomes, **changed}
            yield Changed(
                result.scorecard, result.entity, result.owner, at, result.level, result.level, before, result.outcomes
            )
            seen[result.owner] = turn + 1

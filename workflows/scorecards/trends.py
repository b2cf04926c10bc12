"""How scores moved: what the clock wrote down, read back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from data.idp import Idp
from data.store import scores
from data.store.scores import Changed, RuleTotal
from workflows.scorecards.results import Change, Day, RuleCount


def changes(idp: Idp, since: datetime, until: datetime, owner: str = "") -> Sequence[Change]:
    """Net changes in [since, until) of the entities of one owner (canonical reference), or of all with ""."""
    with idp.database.reading() as store:
        told = list(scores.changes(store, since, until, owner))
    by_entity: dict[tuple[str, str], list[Changed]] = {}
    for change in told:
        by_entity.setdefault((change.entity, change.scorecard), []).append(change)
    net = (_net(each[0], each[-1]) for _, each in sorted(by_entity.items()))
    return [change for change in net if change.better or change.worse or change.level != change.level_before]


def _net(first: Changed, last: Changed) -> Change:
    before, after = first.outcomes_before, last.outcomes
    return Change(
        entity=last.entity,
        owner=last.owner,
        scorecard=last.scorecard,
        at=last.at,
        level_before=first.level_before,
        level=last.level,
        better=[rule for rule, outcome in after.items() if outcome == "pass" and before.get(rule) == "fail"],
        worse=[rule for rule, outcome in after.items() if outcome == "fail" and before.get(rule) != "fail"],
    )


def history(idp: Idp, since: date, until: date, owner: str = "", scorecard: str = "") -> Sequence[Day]:
    """Each day in [since, until] that was written down, oldest first; of one owner, or of the whole fleet."""
    with idp.database.reading() as store:
        levels, rules = scores.days(store, since, until, owner, scorecard)
    counts: dict[tuple[date, str], Counter[str]] = {}
    totals: dict[tuple[date, str], list[RuleTotal]] = {}
    for level in levels:
        counts.setdefault((level.day, level.scorecard), Counter())[level.level] += level.entities
    for rule in rules:
        totals.setdefault((rule.day, rule.scorecard), []).append(rule)
    return [Day(*key, count, _summed(totals.get(key, ()))) for key, count in sorted(counts.items())]


def _summed(totals: Iterable[RuleTotal]) -> Mapping[str, RuleCount]:
    found: dict[str, RuleCount] = {}
    for each in totals:
        known = found.get(each.rule, RuleCount(0, 0, 0))
        found[each.rule] = RuleCount(
            known.passed + each.passed, known.failed + each.failed, known.unknown + each.unknown
        )
    return found

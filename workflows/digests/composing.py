"""What a team's digest says: thanks first, then what changed, then the few things most worth fixing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.scorecards.rules import Scorecard
from workflows.digests.content import DigestContent, Moved, Point, Tally, Task, Track
from workflows.scorecards.results import Change, Day, RuleResult, Score
from workflows.scorecards.scoring import most_worth_fixing, team_scores
from workflows.scorecards.trends import changes, history

TASKS: Final = 3
WEEKS: Final = 12  # of the trend


@dataclass(frozen=True, slots=True)
class Span:
    """What a digest is about: everything from `since` until `until`; `first` for a team that has read none."""

    week: str
    since: datetime
    until: datetime
    first: bool


def composed(
    idp: Idp, snapshot: Snapshot, team: Entity, span: Span, disowned: frozenset[str]
) -> DigestContent | None:
    """The digest of a team; None when nothing has changed, which is not worth a message.

    To a team that has read none, it is a change that its services are looked at, if there is anything to do.
    """
    scores = [one for one in team_scores(idp, snapshot, team.ref) if one.entity not in disowned]
    moved = [one for one in changes(idp, span.since, span.until, team.ref) if one.entity not in disowned]
    failing = {one.entity for one in scores if one.failing}
    first, *more = _tracks(idp, team.ref, scores, span.until.date()) or [Track("", (), ())]
    content = DigestContent(
        team=team.ref,
        week=span.week,
        first=span.first,
        services=len({one.entity for one in scores}),
        failing=len(failing),
        order=first.order,
        better=list(_better(idp, scores, moved)),
        worse=[Moved(one.entity, _title(idp, rule)) for one in moved for rule in one.worse],
        up=list(_levels(idp, moved, up=True)),
        down=list(_levels(idp, moved, up=False)),
        tasks=list(_tasks(scores)),
        claimed=[Moved(one.entity, result.rule.title, result.claimed_by) for one, result in _claimed(scores)],
        tallies=list(_tallies(scores)),
        announced=list(_announced(scores)),
        disowned=sorted(disowned),
        trend=first.trend,
        scorecard=first.scorecard,
        more=more,
    )
    if content.better or content.worse or content.up or content.down or (span.first and content.tasks):
        return content
    return None


def _tracks(idp: Idp, team: str, scores: Sequence[Score], until: date) -> list[Track]:
    """Every scorecard that is for something of the team, or was lately, as they are configured."""
    days = history(idp, until - timedelta(weeks=WEEKS), until, team)
    known = {one.card.name for one in scores} | {day.scorecard for day in days}
    return [
        Track(card.title, list(card.levels), points([day for day in days if day.scorecard == card.name]))
        for card in idp.scorecards.cards
        if card.name in known
    ]


def points(days: Sequence[Day]) -> list[Point]:
    """Of the days of one scorecard, one point a week: the newest day and those seven days apart before it."""
    if not days:
        return []
    ours = {one.day: one for one in days}
    newest = max(ours)
    chosen = [ours[day] for back in range(WEEKS) if (day := newest - timedelta(weeks=back)) in ours]
    return [Point(one.day.isoformat(), dict(one.levels), share(one)) for one in reversed(chosen)]


def share(day: Day) -> int | None:
    """Percent of the checks passed, of those that are known."""
    passed = sum(count.passed for count in day.rules.values())
    known = passed + sum(count.failed for count in day.rules.values())
    return round(100 * passed / known) if known else None


def _title(idp: Idp, rule: str) -> str:
    known = idp.scorecards.rules.get(rule)
    return known.title if known else rule


def _better(idp: Idp, scores: Sequence[Score], moved: Sequence[Change]) -> Iterator[Moved]:
    """What passes now and did not, with whoever had claimed it, so that people can be thanked."""
    claimed = {(one.entity, r.rule.name): r.claimed_by for one in scores for r in one.results if r.claimed_by}
    for one in moved:
        for rule in one.better:
            yield Moved(one.entity, _title(idp, rule), claimed.get((one.entity, rule), ""))


def _levels(idp: Idp, moved: Sequence[Change], *, up: bool) -> Iterator[Moved]:
    for one in moved:
        if (
            one.level != one.level_before
            and (_rank(idp, one, one.level) > _rank(idp, one, one.level_before)) == up
        ):
            card = idp.scorecards.card(one.scorecard) if len(idp.scorecards.cards) > 1 else None
            yield Moved(one.entity, one.level, scorecard=card.title if card else "")


def _rank(idp: Idp, change: Change, level: str) -> int:
    card = idp.scorecards.card(change.scorecard)
    return list(card.levels).index(level) if card and level in card.levels else -1


def _tasks(scores: Sequence[Score]) -> Iterator[Task]:
    """The few things most worth fixing; different rules before the same rule again."""
    wanted = list(most_worth_fixing(scores, TASKS * 10))
    failing = Counter(result.rule.name for one in scores for result in one.failing)
    seen: set[str] = set()
    fresh = [pair for pair in wanted if not (pair[1].rule.name in seen or seen.add(pair[1].rule.name))]  # type: ignore[func-returns-value]  # adds while it looks
    rest = [pair for pair in wanted if pair not in fresh]
    for one, result in [*fresh, *rest][:TASKS]:
        yield _task(one, result, failing[result.rule.name] - 1)


def _task(score: Score, result: RuleResult, others: int) -> Task:
    rule = result.rule
    return Task(score.entity, rule.name, rule.title, rule.why, found(result), rule.level, max(0, others))


def found(result: RuleResult) -> str:
    """The values that a rule looked at, in words: coverage 61 (coverage file)."""
    return "; ".join(f"{name} is {_said(one.value)} ({one.source})" for name, one in result.readings.items())


def _said(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else f"{value}"


def _claimed(scores: Sequence[Score]) -> Iterator[tuple[Score, RuleResult]]:
    return ((one, result) for one in scores for result in one.failing if result.claimed_by)


def _tallies(scores: Sequence[Score]) -> Iterator[Tally]:
    """Every rule with how many entities pass it, the one that fails most first; what is set aside is left out."""
    counts: dict[str, Counter[str]] = {}
    titles: dict[str, str] = {}
    for one in scores:
        for result in one.results:
            titles[result.rule.name] = result.rule.title
            if not result.aside:
                counts.setdefault(result.rule.name, Counter())[result.outcome] += 1
    for name, count in sorted(counts.items(), key=lambda each: (-each[1]["fail"], titles[each[0]])):
        yield Tally(titles[name], count["pass"], count["fail"], count["unknown"])


def _announced(scores: Sequence[Score]) -> Iterator[str]:
    """Rules that will count from a day on, with how many would fail today."""
    coming: dict[tuple[str, str], int] = {}
    for card, result in ((one.card, result) for one in scores for result in one.results):
        if result.aside == "announced" and result.until is not None:
            key = (_named(card, result), f"{result.until:%Y-%m-%d}")
            coming[key] = coming.get(key, 0) + (result.outcome == "fail")
    for (title, day), failing in sorted(coming.items(), key=lambda each: each[0][1]):
        yield f"{title} counts from {day}; {failing} of yours would fail it today"


def _named(card: Scorecard, result: RuleResult) -> str:
    return f"{result.rule.title} ({card.title})"

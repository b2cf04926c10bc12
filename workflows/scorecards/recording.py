"""Results written down by the clock: the present one, what changed, and how each day stood."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.store import scores
from data.store.database import Store
from data.store.scores import Changed, LevelCount, Result, RuleTotal
from workflows.scorecards.results import Score
from workflows.scorecards.scoring import ground, scored

AT_ONCE = 500  # entities in one transaction
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
"""When what was there at the first scoring of all was first seen: nothing of that is new."""


def record_all(idp: Idp, _name: str) -> None:
    """The work "score": every entity anew, and how the day stands."""
    snapshot = idp.catalog.snapshot
    if not len(snapshot):
        return  # no catalog yet: nothing is gone, we only do not know it
    judged = [entity for entity in snapshot if entity.kind not in ("User", "Group", "Location")]
    with idp.database.reading() as store:
        first = scores.is_first(store)
    for start in range(0, len(judged), AT_ONCE):
        _record(idp, snapshot, judged[start : start + AT_ONCE], first)
    with idp.database.reading() as store:
        known = scores.results(store)
    gone = {key for key in known if snapshot.get(key[1]) is None}
    levels, rules = _day(idp.now(), [result for key, result in known.items() if key not in gone])
    with idp.database.store() as store:
        scores.drop(store, gone)
        scores.note_day(store, levels, rules)


def record(idp: Idp, refs: Collection[str]) -> None:
    """These entities anew, because something about them has changed."""
    snapshot = idp.catalog.snapshot
    found = [entity for ref in sorted(refs) if (entity := snapshot.get(ref))]
    with idp.database.reading() as store:
        first = scores.is_first(store)
    if first:
        record_all(idp, "all")  # so that everything begins at the same moment
        return
    for start in range(0, len(found), AT_ONCE):
        _record(idp, snapshot, found[start : start + AT_ONCE], first)


def _record(idp: Idp, snapshot: Snapshot, entities: Sequence[Entity], first: bool) -> None:
    """Worked out while others may write; written only if something differs, against what is known then."""
    refs = [entity.ref for entity in entities]
    with idp.database.reading() as store:
        now = idp.now()
        born = BEFORE_ALL if first else now
        ground_ = ground(store, now, refs, born)
        known = scores.results(store, refs)
    fresh = [score for entity in entities for score in scored(idp, snapshot, entity, ground_)]
    gone = known.keys() - {(score.card.name, score.entity) for score in fresh}
    moved = [score for score in fresh if _has_moved(score, known.get((score.card.name, score.entity)), now)]
    if moved or gone:
        with idp.database.store() as store:
            scores.drop(store, gone)
            _keep(store, moved, scores.results(store, {score.entity for score in moved}), born, now)


def _has_moved(score: Score, before: Result | None, now: datetime) -> bool:
    return before is None or _differs(before, _result(score, before.first_at, now))


def _keep(
    store: Store,
    fresh: Iterable[Score],
    known: dict[tuple[str, str], Result],
    first_at: datetime,
    now: datetime,
) -> list[Changed]:
    """Only what differs is written; gives what changed."""
    results, changes = [], []
    for score in fresh:
        before = known.get((score.card.name, score.entity))
        result = _result(score, before.first_at if before else first_at, now)
        if before is None or _differs(before, result):
            results.append(result)
        if before is not None and (before.level, before.outcomes) != (result.level, result.outcomes):
            changes.append(_change(before, result, now))
    scores.keep(store, results)
    scores.note_changes(store, changes)
    return changes


def _result(score: Score, first_at: datetime, now: datetime) -> Result:
    outcomes = {result.rule.name: result.aside or result.outcome for result in score.results}
    points = -1 if score.points is None else score.points
    return Result(score.card.name, score.entity, score.owner, score.level, points, outcomes, first_at, now)


def _differs(before: Result, after: Result) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in ("owner", "level", "points", "outcomes"))


def _change(before: Result, after: Result, now: datetime) -> Changed:
    return Changed(
        after.scorecard, after.entity, after.owner, now, before.level, after.level, before.outcomes, after.outcomes
    )


def _day(now: datetime, results: Iterable[Result]) -> tuple[list[LevelCount], list[RuleTotal]]:
    day = now.astimezone(UTC).date()
    levels: Counter[tuple[str, str, str]] = Counter()
    rules: dict[tuple[str, str, str], Counter[str]] = {}
    for result in results:
        levels[result.scorecard, result.owner, result.level] += 1
        for rule, outcome in result.outcomes.items():
            rules.setdefault((result.scorecard, result.owner, rule), Counter())[outcome] += 1
    return (
        [LevelCount(day, *key, count) for key, count in levels.items()],
        [RuleTotal(day, *key, n["pass"], n["fail"], n["unknown"]) for key, n in rules.items()],
    )

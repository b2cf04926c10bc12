"""How entities stand: worked out from the facts at the moment of the question."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.ports.facts import Readings
from data.scorecards.rules import Rule, Scorecard, Verdict
from data.scorecards.vocabulary import FactType, typed
from data.store import checks, facts, scores
from data.store.checks import Said
from data.store.database import Store
from workflows.scorecards.results import Aside, Outcome, RuleResult, Score


@dataclass(frozen=True, slots=True)
class Ground:
    """What scores are worked out of, read in one transaction."""

    facts: Mapping[str, Readings]
    said: Said
    first_seen: Mapping[str, datetime]
    born: datetime  # when what was never scored is taken to be new
    now: datetime


def ground(store: Store, now: datetime, entities: Collection[str], born: datetime | None = None) -> Ground:
    """For these entities; those that were never scored are new now, or at `born`."""
    return Ground(
        facts.readings(store, entities),
        checks.said(store, now, entities),
        scores.first_seen(store, entities),
        born or now,
        now,
    )


def score(idp: Idp, snapshot: Snapshot, entity: Entity) -> Sequence[Score]:
    """One entity on every scorecard that applies to it, in the order of the configuration; one short read."""
    with idp.database.reading() as store:
        ground_ = ground(store, idp.now(), [entity.ref])
    return list(scored(idp, snapshot, entity, ground_))


def result_of(idp: Idp, entity: Entity, rule: str) -> RuleResult | None:
    """How one rule (its name) stands for an entity now; None when no scorecard has it for this one."""
    results = (each for one in score(idp, idp.catalog.snapshot, entity) for each in one.results)
    return next((each for each in results if each.rule.name == rule), None)


def team_scores(idp: Idp, snapshot: Snapshot, owner: str) -> Sequence[Score]:
    """Everything that a group or person (canonical reference) owns, by entity and then scorecard."""
    owned = [link.entity for link in snapshot.links(owner) if link.type == "ownerOf" and link.entity]
    with idp.database.reading() as store:
        ground_ = ground(store, idp.now(), [entity.ref for entity in owned])
    ordered = sorted(owned, key=lambda entity: entity.ref)
    return [score for entity in ordered for score in scored(idp, snapshot, entity, ground_)]


def scored(idp: Idp, snapshot: Snapshot, entity: Entity, ground: Ground) -> Iterator[Score]:
    """The scores of one entity, of facts that were read already."""
    readings = ground.facts.get(entity.ref, {})
    values = seen_by_rules(readings, idp.scorecards.facts)
    owner = snapshot.owner(entity).ref
    cards = idp.scorecards.cards
    for card, verdicts in zip(
        cards, idp.scorecards.judge(entity, values.get, ground.now.timestamp()), strict=True
    ):
        if verdicts is not None:
            pairs = zip(card.rules, verdicts, strict=True)
            results = [
                _result(card, rule, verdict, entity.ref, ground) for rule, verdict in pairs if verdict is not ...
            ]
            yield summed_up(card, entity.ref, owner, results)


def seen_by_rules(readings: Readings, types: Mapping[str, FactType]) -> dict[str, float | str | bool]:
    """Facts as the compiled rules want them; one that is not of its type is unknown."""
    found = {}
    for name, reading in readings.items():
        type_ = types.get(name)
        value = typed(reading.value, type_) if type_ else None
        if value is not None:
            found[name] = value
    return found


def _result(card: Scorecard, rule: Rule, verdict: Verdict, ref: str, ground: Ground) -> RuleResult:
    outcome: Outcome = "unknown" if verdict is None else "pass" if verdict else "fail"
    aside, until, because = _set_aside(card, rule, ref, ground)
    claim = ground.said.claims.get((ref, rule.name))
    readings = ground.facts.get(ref, {})
    return RuleResult(
        rule=rule,
        outcome=outcome,
        readings={name: readings[name] for name in rule.facts if name in readings},
        aside=aside,
        until=until,
        exempt_because=because,
        claimed_by=claim[0] if claim else "",
        snoozed_until=ground.said.snoozes.get((ref, rule.name)),
    )


def _set_aside(card: Scorecard, rule: Rule, ref: str, ground: Ground) -> tuple[Aside, datetime | None, str]:
    """Why a rule does not count for an entity now, until when, and the reason that was given."""
    exemption = ground.said.exemptions.get((ref, rule.name))
    if exemption is not None:
        return "exempt", exemption.until, exemption.reason
    if rule.since is not None:
        begins = datetime.combine(rule.since, time(), UTC)
        if ground.now < begins:
            return "announced", begins, ""
    seen = ground.first_seen.get(ref, ground.born)
    grown = seen + timedelta(seconds=card.grace)
    return ("grace", grown, "") if ground.now < grown else ("", None, "")


def summed_up(card: Scorecard, entity: str, owner: str, results: Sequence[RuleResult]) -> Score:
    """Level, points and what is missing, from the results of the single rules."""
    level, next_level, needs = "", "", []
    for name in card.levels:
        missing = [result for result in results if result.rule.level == name and not _satisfied(result)]
        if missing:
            next_level, needs = name, sorted(missing, key=lambda result: result.outcome != "fail")
            break
        level = name
    counted = [result for result in results if result.aside in ("", "grace") and result.outcome != "unknown"]
    whole = sum(result.rule.weight for result in counted)
    passed = sum(result.rule.weight for result in counted if result.outcome == "pass")
    points = passed * 100 // whole if whole else None
    return Score(entity, owner, card, level, next_level, needs, results, points)


def _satisfied(result: RuleResult) -> bool:
    """Grace spares reminders, it gives no level."""
    return result.outcome == "pass" or result.aside in ("exempt", "announced")


def most_worth_fixing(scores: Sequence[Score], count: int = 3) -> Sequence[tuple[Score, RuleResult]]:
    """What to do first: what the next level of an entity lacks least, heavier rules first, each rule of an entity
    once. What is snoozed, claimed or set aside is left out, and so is what is merely unknown."""
    open_ = [
        (score, result)
        for score in scores
        for result in score.failing
        if not result.claimed_by and result.snoozed_until is None
    ]
    open_.sort(key=lambda pair: (*_distance(*pair), pair[0].entity, pair[1].rule.name))
    return open_[:count]


def _distance(score: Score, result: RuleResult) -> tuple[int, int, int]:
    """First what the next level needs, where little is missing; of that the heaviest."""
    needed = result in score.needs
    return (0 if needed else 1, len(score.needs) if needed else 0, -result.rule.weight)

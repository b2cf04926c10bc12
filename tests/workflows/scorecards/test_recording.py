"""What the clock writes down: results, changes, days; and how facts are gathered."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from data.errors import Unavailable
from data.ports.facts import Collected, Fact, Known
from data.store import facts, scores
from tests.workflows.scorecards.conftest import CART, LEDGER, PAYMENTS, Scored, service, snapshot
from workflows.scorecards.gathering import Gathering, gather, take_in
from workflows.scorecards.recording import record, record_all
from workflows.scorecards.results import RuleCount
from workflows.scorecards.trends import changes, history


def test_what_came_and_went_within_a_week_does_not_show(scored: Scored) -> None:
    begin = scored.clock()
    scored.tell_all(CART, coverage=10, slo__missing=1)
    scored.tell_all(LEDGER)
    record_all(scored.idp, "")
    for coverage, missing, oncall in ((90, 1, True), (50, 1, False), (85, 1, False)):
        scored.clock.advance(days=1)
        scored.tell(CART, coverage=coverage, slo__missing=missing, oncall__rotation=oncall)
        record(scored.idp, {CART, LEDGER})
    (change,) = changes(scored.idp, begin, scored.clock() + timedelta(seconds=1), PAYMENTS)
    assert (change.entity, change.better, change.worse) == (CART, ["coverage"], ["on-call"])
    assert (change.level_before, change.level) == ("silver", "")
    assert changes(scored.idp, begin, scored.clock() + timedelta(seconds=1), "group:default/identity") == []
    scored.clock.advance(days=1)
    scored.tell(CART, coverage=10, oncall__rotation=True)
    record(scored.idp, {CART})
    assert changes(scored.idp, begin, scored.clock() + timedelta(seconds=1)) == []


def test_the_first_result_of_a_service_is_no_change(scored: Scored) -> None:
    record_all(scored.idp, "")
    scored.catalog.snapshot = snapshot(service("component:default/late"))
    record_all(scored.idp, "")
    assert changes(scored.idp, scored.clock() - timedelta(days=1), scored.clock() + timedelta(days=1)) == []


def test_each_day_is_written_as_it_ended(scored: Scored) -> None:
    scored.tell_all(CART)
    scored.tell_all(LEDGER, coverage=1)
    record_all(scored.idp, "")
    scored.tell(LEDGER, coverage=99)
    record_all(scored.idp, "")
    scored.clock.advance(days=1)
    scored.tell(CART, coverage=1)
    record_all(scored.idp, "")
    first, second = history(scored.idp, date(2026, 3, 1), date(2026, 3, 31), PAYMENTS)
    assert (first.day, first.levels) == (date(2026, 3, 2), {"gold": 2})
    assert second.levels == {"silver": 1, "gold": 1}
    assert second.rules["coverage"] == RuleCount(1, 1, 0)
    fleet = history(scored.idp, date(2026, 3, 3), date(2026, 3, 3))
    assert fleet[0].levels == {"silver": 1, "gold": 1, "": 1}
    assert fleet[0].rules["coverage"].unknown == 1


def test_what_is_gone_or_no_longer_judged_is_forgotten(scored: Scored) -> None:
    record_all(scored.idp, "")
    scored.catalog.snapshot = snapshot(service("component:default/late"))
    record_all(scored.idp, "")
    scored.catalog.snapshot = snapshot()
    record_all(scored.idp, "")
    with scored.idp.database.reading() as store:
        assert {ref for _, ref in scores.results(store)} == {CART, LEDGER, "component:default/login"}


def test_without_a_catalog_nothing_is_forgotten(scored: Scored) -> None:
    record_all(scored.idp, "")
    from data.catalog.snapshot import Snapshot

    scored.catalog.snapshot = Snapshot.build(())
    record_all(scored.idp, "")
    with scored.idp.database.reading() as store:
        assert len(scores.results(store)) == 3


@dataclass
class Told:
    """A collector that says what it is told to say."""

    values: dict[str, float] = field(default_factory=dict)
    fails: bool = False
    keeps: str = ""
    name: str = "ci"
    every: int = 300

    def collect(self, known: Known) -> Collected:
        if self.fails:
            raise Unavailable("The pipeline does not answer.")
        told = [Fact(ref, "coverage", value, self.name, known.now) for ref, value in self.values.items()]
        return Collected(told, ("one file is odd",) if self.keeps else (), lambda ref, _name: ref == self.keeps)


def coverage(scored: Scored) -> dict[str, object]:
    with scored.idp.database.reading() as store:
        return {ref: each["coverage"].value for ref, each in facts.readings(store).items()}


def test_the_last_good_value_stays_with_its_age_while_a_source_fails(scored: Scored) -> None:
    collector = Told({CART: 81.0})
    take_in(scored.idp, collector)
    then = scored.clock()
    scored.clock.advance(hours=3)
    collector.fails = True
    take_in(scored.idp, collector)
    with scored.idp.database.reading() as store:
        reading = facts.readings(store, [CART])[CART]["coverage"]
        run = facts.runs(store)["ci"]
    assert (reading.value, reading.observed_at, reading.trouble) == (81, then, "The pipeline does not answer.")
    assert (run.told_at, run.tried_at) == (then, scored.clock())


def test_a_fact_that_is_no_longer_told_is_unknown_unless_it_could_not_be_read(scored: Scored) -> None:
    collector = Told({CART: 81.0, LEDGER: 70.0})
    take_in(scored.idp, collector)
    collector.values, collector.keeps = {}, LEDGER
    assert take_in(scored.idp, collector) == {CART}
    assert coverage(scored) == {LEDGER: 70}
    with scored.idp.database.reading() as store:
        assert [(past.value, past.source) for past in facts.past(store, CART, "coverage")] == [
            (None, "ci"),
            (81, "ci"),
        ]


def test_every_value_that_a_fact_took_is_remembered(scored: Scored) -> None:
    collector = Told()
    for value in (50.0, 50.0, 60.0):
        scored.clock.advance(hours=2)
        collector.values = {CART: value}
        take_in(scored.idp, collector)
    with scored.idp.database.reading() as store:
        past = facts.past(store, CART, "coverage")
        reading = facts.readings(store, [CART])[CART]["coverage"]
    assert [each.value for each in past] == [60, 50]
    assert reading.observed_at == scored.clock()


def test_two_collectors_of_one_fact_the_newer_observation_counts(scored: Scored) -> None:
    scored.tell(CART, "push", at=scored.clock() + timedelta(minutes=1), coverage=77)
    take_in(scored.idp, Told({CART: 12.0}))
    assert coverage(scored) == {CART: 77}


def test_the_clock_asks_once_for_each_slot_and_version_of_the_catalog(scored: Scored) -> None:
    idp = replace(scored.idp, collectors=(Told(),))
    here, there = Gathering(), Gathering()
    for gathering in (here, there, here):
        gathering.tick(idp)
    asked = idp.engine.asked  # type: ignore[attr-defined]  # of the engine of these tests
    assert sorted(work for work, _ in asked.values()) == ["gather", "score"]
    scored.clock.advance(minutes=5)
    here.tick(idp)
    assert sorted(work for work, _ in asked.values()) == ["gather", "gather", "score"]


def test_a_run_of_a_collector_is_scored_at_once(scored: Scored) -> None:
    record_all(scored.idp, "")
    idp = replace(scored.idp, collectors=(Told({CART: 12.0}),))
    gather(idp, "ci")
    gather(idp, "gone")
    with idp.database.reading() as store:
        found = scores.results(store, [CART])["production-readiness", CART]
    assert (found.outcomes["coverage"], found.points) == ("fail", 0)

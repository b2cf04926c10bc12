"""How services stand, from facts to levels."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from data.store import checks, facts
from data.store.checks import Exemption
from data.store.facts import Run
from tests.workflows.scorecards.conftest import CART, LEDGER, LOGIN, PAYMENTS, RULES, Scored
from workflows.scorecards.recording import record_all
from workflows.scorecards.results import Score
from workflows.scorecards.scoring import most_worth_fixing, score, team_scores


def of(scored: Scored, ref: str = CART) -> Score:
    entity = scored.catalog.snapshot.get(ref)
    assert entity is not None
    (found,) = score(scored.idp, scored.catalog.snapshot, entity)
    return found


def outcomes(found: Score) -> dict[str, str]:
    return {result.rule.name: result.outcome for result in found.results}


def test_a_service_of_which_nothing_is_known_has_no_level_and_fails_nothing(scored: Scored) -> None:
    record_all(scored.idp, "")
    found = of(scored)
    assert (found.level, found.next_level, found.points) == ("", "bronze", None)
    assert set(outcomes(found)) == set(RULES)
    assert set(outcomes(found).values()) == {"unknown"}
    assert found.failing == []


def test_all_six_pass_and_it_is_gold(scored: Scored) -> None:
    record_all(scored.idp, "")
    scored.tell_all(CART)
    found = of(scored)
    assert (found.level, found.next_level, found.points, list(found.needs)) == ("gold", "", 100, [])


def test_unknown_is_no_pass_so_the_level_waits_and_no_fail_so_the_points_do_not(scored: Scored) -> None:
    record_all(scored.idp, "")
    scored.tell_all(CART, coverage=None)
    found = of(scored)
    assert (found.level, found.next_level, found.points) == ("silver", "gold", 100)
    assert [(each.rule.name, each.outcome) for each in found.needs] == [("coverage", "unknown")]


def test_the_next_level_needs_what_fails_first_and_then_what_is_unknown(scored: Scored) -> None:
    record_all(scored.idp, "")
    scored.tell_all(CART, oncall__rotation=None, readme__runbook=False)
    found = of(scored)
    assert (found.level, found.next_level) == ("", "bronze")
    assert [(each.rule.name, each.outcome) for each in found.needs] == [
        ("runbook", "fail"),
        ("on-call", "unknown"),
    ]


def test_a_value_has_its_source_its_age_and_why_there_is_no_newer_one(scored: Scored) -> None:
    then = scored.clock() - timedelta(days=3)
    scored.tell(CART, "coverage", at=then, coverage=61)
    with scored.idp.database.store() as store:
        facts.note_run(store, Run("coverage", scored.clock(), None, "There is no folder ci.", 0))
    reading = next(each for each in of(scored).results if each.rule.name == "coverage").readings["coverage"]
    assert (reading.value, reading.source, reading.observed_at) == (61, "coverage", then)
    assert reading.trouble == "There is no folder ci."


def test_a_fact_of_the_wrong_type_is_unknown(scored: Scored) -> None:
    scored.tell(CART, coverage="nearly all", readme__runbook=1, deployment__at="yesterday")
    assert set(outcomes(of(scored)).values()) == {"unknown"}


def test_deployed_within_30_days_is_looked_at_with_the_clock(scored: Scored) -> None:
    scored.tell(CART, deployment__at=(scored.clock() - timedelta(days=29)).isoformat())
    assert outcomes(of(scored))["deployed-lately"] == "pass"
    scored.clock.advance(days=2)
    assert outcomes(of(scored))["deployed-lately"] == "fail"


def test_a_scorecard_judges_only_what_it_applies_to(scored: Scored) -> None:
    library = scored.catalog.snapshot.get("component:default/lib")
    assert library is not None
    assert score(scored.idp, scored.catalog.snapshot, library) == []


def test_what_is_there_at_the_first_scoring_is_not_new_and_what_comes_later_has_its_grace(scored: Scored) -> None:
    record_all(scored.idp, "")
    scored.tell_all(CART, coverage=1)
    assert [each.rule.name for each in of(scored).failing] == ["coverage"]
    from tests.workflows.scorecards.conftest import service, snapshot

    late = "component:default/late"
    scored.catalog.snapshot = snapshot(service(late))
    record_all(scored.idp, "")
    scored.tell_all(late, coverage=1)
    found = of(scored, late)
    assert {each.aside for each in found.results} == {"grace"}
    assert (found.level, found.failing) == ("silver", [])
    scored.clock.advance(days=15)
    assert "coverage" in [each.rule.name for each in of(scored, late).failing]


def test_an_exemption_counts_until_its_end_and_says_why(scored: Scored) -> None:
    record_all(scored.idp, "")
    scored.tell_all(CART, coverage=1)
    until = scored.clock() + timedelta(days=10)
    with scored.idp.database.store() as store:
        given = Exemption(7, CART, "coverage", until, "is being replaced", "user:default/ann", until)
        for each in (given, given, replace(given, request=8, until=until - timedelta(days=5))):
            checks.exempt(store, each)  # a step may be done twice, and the later end counts
    found = of(scored)
    coverage = next(each for each in found.results if each.rule.name == "coverage")
    assert (coverage.aside, coverage.until, coverage.exempt_because) == ("exempt", until, "is being replaced")
    assert (found.level, found.failing, found.points) == ("gold", [], 100)
    scored.clock.advance(days=10)
    assert of(scored).level == "silver"


ANNOUNCED = """
scorecards:
  ready:
    title: Ready
    levels: [good]
    rules:
      tier: {title: States a tier, level: good, check: known(catalog.tier), from: 2026-03-10}
"""


def test_a_rule_is_announced_before_it_counts(make: Callable[..., Scored], tmp_path: Path) -> None:
    file = tmp_path / "announced.yaml"
    file.write_text(ANNOUNCED)
    scored = make(file)
    record_all(scored.idp, "")
    found = of(scored)
    (result,) = found.results
    assert (result.outcome, result.aside, found.level, found.failing) == ("fail", "announced", "good", [])
    assert f"{result.until:%Y-%m-%d}" == "2026-03-10"
    scored.clock.advance(days=8)
    assert [each.rule.name for each in of(scored).failing] == ["tier"]


def test_a_team_sees_what_it_owns_and_what_is_most_worth_fixing(scored: Scored) -> None:
    record_all(scored.idp, "")
    scored.tell_all(CART, coverage=10)
    scored.tell_all(LEDGER, oncall__rotation=False, readme__runbook=False, slo__missing=2)
    scored.tell_all(LOGIN, coverage=10)
    found = team_scores(scored.idp, scored.catalog.snapshot, PAYMENTS)
    assert [(each.entity, each.level) for each in found] == [(CART, "silver"), (LEDGER, "")]
    worth = [(each.entity, result.rule.name) for each, result in most_worth_fixing(found)]
    assert worth == [(CART, "coverage"), (LEDGER, "on-call"), (LEDGER, "runbook")]


@pytest.mark.parametrize("said", ["claimed", "snoozed"])
def test_what_somebody_takes_care_of_or_put_off_is_not_worth_a_reminder(scored: Scored, said: str) -> None:
    record_all(scored.idp, "")
    scored.tell_all(CART, coverage=10, slo__missing=1)
    with scored.idp.database.store() as store:
        if said == "claimed":
            checks.claim(store, CART, "slos", "user:default/ann", scored.clock())
        else:
            until = scored.clock() + timedelta(days=3)
            checks.snooze(store, CART, "slos", until=until, person="user:default/ann", now=scored.clock())
    found = of(scored)
    assert [result.rule.name for _, result in most_worth_fixing([found])] == ["coverage"]
    assert len(found.failing) == 2

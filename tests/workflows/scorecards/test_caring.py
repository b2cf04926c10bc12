"""Claims, snoozes and exemptions: who may say so, until when, and that it is written down."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.errors import Conflict, Invalid, NotAllowed, NotFound
from data.store import audit, scores
from tests.workflows.house import ANN, BEN, CAT, DAN
from tests.workflows.scorecards.conftest import CART, LEDGER, Scored
from workflows.action import actions
from workflows.requests.request import Actor, decide, preview, submit
from workflows.requests.run import run
from workflows.scorecards import caring
from workflows.scorecards.caring import Checked
from workflows.scorecards.fixing import remedy
from workflows.scorecards.recording import record_all
from workflows.scorecards.results import RuleResult
from workflows.scorecards.scoring import score

COVERAGE = Checked(CART, "coverage")
EXEMPT = {"target": CART, "rule": "coverage", "until": "2026-04-01"}


@pytest.fixture(autouse=True)
def begun(scored: Scored) -> None:
    record_all(scored.idp, "")
    scored.tell_all(CART, coverage=10)


def result(scored: Scored) -> RuleResult:
    entity = scored.catalog.snapshot.get(CART)
    assert entity is not None
    (found,) = score(scored.idp, scored.catalog.snapshot, entity)
    return next(each for each in found.results if each.rule.name == "coverage")


def audited(scored: Scored) -> list[str]:
    with scored.idp.database.reading() as store:
        return [record.what for record in audit.records(store)]


def test_one_person_takes_care_of_it_until_they_let_it_go(scored: Scored) -> None:
    caring.claim(scored.idp, COVERAGE, Actor(ANN))
    caring.claim(scored.idp, COVERAGE, Actor(ANN))
    assert result(scored).claimed_by == ANN
    with pytest.raises(Conflict, match="ann takes care of coverage already"):
        caring.claim(scored.idp, COVERAGE, Actor(BEN))
    caring.unclaim(scored.idp, COVERAGE, Actor(BEN))
    assert result(scored).claimed_by == ""
    with pytest.raises(Conflict):
        caring.unclaim(scored.idp, COVERAGE, Actor(BEN))
    assert audited(scored) == ["check.claimed", "check.claimed", "check.unclaimed"]


@pytest.mark.parametrize("who", [ANN, CAT])
def test_the_owning_team_and_the_platform_team_may(scored: Scored, who: str) -> None:
    caring.snooze(scored.idp, COVERAGE, scored.clock() + timedelta(days=3), Actor(who))
    assert result(scored).snoozed_until == scored.clock() + timedelta(days=3)
    assert result(scored).failing


@pytest.mark.parametrize("who", [DAN, "user:default/nobody", "group:default/payments"])
def test_others_may_not(scored: Scored, who: str) -> None:
    with pytest.raises(NotAllowed):
        caring.claim(scored.idp, COVERAGE, Actor(who))
    assert result(scored).claimed_by == ""


def test_a_snooze_ends_by_itself_and_is_not_for_ever(scored: Scored) -> None:
    caring.snooze(scored.idp, COVERAGE, scored.clock() + timedelta(days=3), Actor(ANN))
    scored.clock.advance(days=4)
    assert result(scored).snoozed_until is None
    for days in (0, 91, -1):
        with pytest.raises(Invalid):
            caring.snooze(scored.idp, COVERAGE, scored.clock() + timedelta(days=days), Actor(ANN))


@pytest.mark.parametrize("what", ["claim", "snooze"])
def test_what_passes_by_now_is_said_kindly_and_nothing_changes(scored: Scored, what: str) -> None:
    """The message with the button was drawn while it failed."""
    scored.tell(CART, coverage=91)
    soon = scored.clock() + timedelta(days=3)
    ways: dict[str, Callable[[], None]] = {
        "claim": lambda: caring.claim(scored.idp, COVERAGE, Actor(ANN)),
        "snooze": lambda: caring.snooze(scored.idp, COVERAGE, soon, Actor(ANN)),
    }
    with pytest.raises(Conflict, match="“Coverage of at least 80 %” of cart passes already"):
        ways[what]()
    assert (result(scored).claimed_by, result(scored).snoozed_until) == ("", None)
    assert audited(scored) == []
    scored.tell(CART, coverage=10)
    assert (result(scored).claimed_by, result(scored).snoozed_until) == ("", None)


def test_what_is_not_known_can_be_claimed(scored: Scored) -> None:
    """Finding out is work as well."""
    unknown = Checked(LEDGER, "coverage")
    caring.claim(scored.idp, unknown, Actor(ANN))
    assert audited(scored) == ["check.claimed"]


def test_what_is_claimed_can_be_let_go_when_it_passes(scored: Scored) -> None:
    caring.claim(scored.idp, COVERAGE, Actor(ANN))
    scored.tell(CART, coverage=91)
    caring.unclaim(scored.idp, COVERAGE, Actor(ANN))
    assert audited(scored) == ["check.claimed", "check.unclaimed"]


def test_a_check_of_other_kinds_of_things_is_not_claimed_here(scored: Scored) -> None:
    with pytest.raises(NotFound, match="is not for lib"):
        caring.claim(scored.idp, Checked("component:default/lib", "coverage"), Actor(CAT))


@pytest.mark.parametrize("about", [Checked(CART, "no-such-check"), Checked("component:default/gone", "coverage")])
def test_what_is_not_there_cannot_be_claimed(scored: Scored, about: Checked) -> None:
    with pytest.raises(NotFound):
        caring.claim(scored.idp, about, Actor(ANN))


def test_an_exemption_needs_the_agreement_that_the_policy_asks_for(scored: Scored) -> None:
    shown = preview(scored.idp, actions()["exempt"], Actor(ANN), EXEMPT)
    assert shown.draft.title == "Exempt cart from “Coverage of at least 80 %” until 2026-04-01"
    assert shown.decision.effect == "ask"
    assert shown.decision.approvers == {CAT}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"rule": "no-such-check"}, NotFound),
        ({"target": "component:default/lib"}, NotFound),
        ({"until": "2026-03-02"}, Invalid),
        ({"until": "2028-01-01"}, Invalid),
    ],
)
def test_an_exemption_that_makes_no_sense_is_refused(scored: Scored, change: dict[str, str], fault: Any) -> None:
    with pytest.raises(fault):
        preview(scored.idp, actions()["exempt"], Actor(ANN), EXEMPT | change)


def test_an_exemption_that_was_agreed_to_counts_is_shown_and_can_be_taken_back(scored: Scored) -> None:
    asked = submit(scored.idp, actions()["exempt"], Actor(ANN), EXEMPT, reason="it is being replaced")
    decide(scored.idp, asked.id, Actor(CAT), True, fingerprint=asked.fingerprint)
    run(scored.idp, asked.id, 1)
    exempt = result(scored)
    assert (exempt.aside, exempt.exempt_because) == ("exempt", "it is being replaced")
    assert exempt.until == datetime(2026, 4, 2, tzinfo=UTC)  # all of its last day
    with pytest.raises(NotAllowed):
        caring.end_exemption(scored.idp, asked.id, Actor(DAN))
    caring.end_exemption(scored.idp, asked.id, Actor(BEN))
    assert result(scored).aside == ""
    with pytest.raises(NotFound):
        caring.end_exemption(scored.idp, asked.id, Actor(BEN))
    assert audited(scored)[-1] == "check.exemption.ended"
    with scored.idp.database.reading() as store:
        (written,) = scores.results(store, [CART]).values()
    assert written.level == "silver", "cards, which show what was written down, show it at once"


def test_an_exemption_ends_with_the_day_where_the_team_is(scored: Scored) -> None:
    there = replace(scored.idp, digests=replace(scored.idp.digests, timezone="America/New_York"))
    scored.clock.time = datetime(
        2026, 4, 2, 3, 30, tzinfo=UTC
    )  # half past eleven in the evening of the day before
    with pytest.raises(Invalid):
        preview(there, actions()["exempt"], Actor(ANN), EXEMPT)
    shown = preview(there, actions()["exempt"], Actor(ANN), EXEMPT | {"until": "2026-04-02"})
    assert "counts again after 2026-04-02 (America/New_York)" in shown.draft.points
    asked = submit(there, actions()["exempt"], Actor(ANN), EXEMPT | {"until": "2026-04-02"}, reason="replaced")
    decide(there, asked.id, Actor(CAT), True, fingerprint=asked.fingerprint)
    run(there, asked.id, 1)
    assert result(scored).until == datetime(2026, 4, 3, 4, 0, tzinfo=UTC)
    scored.clock.time = datetime(2026, 4, 3, 4, 0, tzinfo=UTC)
    with pytest.raises(NotFound, match="no exemption"):
        caring.end_exemption(scored.idp, asked.id, Actor(BEN))


def test_a_fault_of_the_catalog_file_is_mended_by_an_edit_that_is_shown(make: Any, tmp_path: Path) -> None:
    file = tmp_path / "catalog.yaml"
    file.write_text(
        "scorecards:\n  c:\n    title: C\n    levels: [l]\n    rules:\n"
        "      said: {title: Says what it does, level: l, check: catalog.description, fix: {action: game-day}}\n"
        "      page: {title: Page, level: l, check: coverage > 1, fix: {link: 'https://x.example/{name}?r={ref}'}}\n"
        "      repo: {title: Repo, level: l, check: coverage > 1, fix: {link: 'https://{repository}/edit'}}\n"
    )
    scored = make(file)
    entity = scored.catalog.snapshot.get(CART)
    rules = scored.idp.scorecards.rules
    found = remedy(scored.idp, scored.catalog.snapshot, entity, rules["said"])
    assert (found.path, found.line, found.action) == ("cart.yaml", 1, "")
    assert found.edit.startswith("metadata:\n  description: ")
    page = remedy(scored.idp, scored.catalog.snapshot, entity, rules["page"])
    assert page.link == "https://x.example/cart?r=component:default/cart"
    assert remedy(scored.idp, scored.catalog.snapshot, entity, rules["repo"]).link == ""

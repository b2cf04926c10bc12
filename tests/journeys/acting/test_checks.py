"""Scores in the local Slack: asked for, fixed, claimed, snoozed, exempted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.playground import LocalSlack
from bot.slack.answers import ask
from bot.slack.who.people import Person
from commands import verbs
from data.ports.facts import Fact
from data.scorecards.loading import load_scorecards
from data.scorecards.standings import Standings
from data.store import facts
from tests.journeys.acting.acme import CART, CHECKOUT, Acme, catalog, shown
from tests.journeys.acting.conftest import at_work
from tests.journeys.conftest import Door
from tests.workflows.house import build, policies
from workflows.scorecards.recording import record_all

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the rules are the same on both

SCORECARDS = """
scorecards:
  ready:
    title: Ready
    applies_to: {kind: Component}
    levels: [bronze, gold]
    rules:
      on-call: {title: Has an on-call rotation, level: bronze, check: oncall.rotation}
      coverage:
        title: Coverage of at least 80 %
        why: Tests let others change it without fear.
        fix: {text: Test what the report shows red.}
        level: gold
        check: coverage >= 80
"""
EXEMPTION = {"exemption": {"rules": [{"then": {"approvals": 1, "from": ["platform"]}}]}}


@pytest.fixture
def acme(database_url: str, tmp_path: Path, slack: LocalSlack, door: Door) -> Iterator[Acme]:
    """The company at work, with a scorecard, and with facts about checkout and cart."""
    verbs()  # found before anybody asks, as the process does: an acknowledgement does not wait for that
    house = build(database_url, tmp_path)
    house.catalog.snapshot = catalog()
    (tmp_path / "scorecards.yaml").write_text(SCORECARDS)
    cards, _ = load_scorecards([tmp_path / "scorecards.yaml"])
    house.idp = replace(house.idp, scorecards=cards, policies={**house.idp.policies, **policies(EXEMPTION)})
    seen = house.idp.now() - timedelta(hours=3)
    told = {CHECKOUT: 61.3, CART: 92.0}
    with house.idp.database.store() as store:
        facts.put(store, [Fact(ref, "coverage", value, "ci", seen) for ref, value in told.items()], seen)
        facts.put(store, [Fact(ref, "oncall.rotation", True, "on-call", seen) for ref in told], seen)
    record_all(house.idp, "")
    house.idp = replace(house.idp, standings=Standings(house.idp.database))
    house.idp.standings.refresh()
    with at_work(house, slack, door) as acme:
        yield acme


def test_from_the_score_to_the_fix_to_a_claim(acme: Acme) -> None:
    score = acme.ask("ann", "score checkout", "team-payments")
    assert "*Gold* needs: Coverage of at least 80 %" in shown(score)
    assert "coverage 61.3 (ci, 3 h ago)" in shown(score)
    assert acme.slack.press("ann", score, "Fix: Coverage of at least 80 %").status == 200
    there = partial(acme.slack.messages, "team-payments", seen_by="ann")
    fix = acme.until(lambda: [m for m in there() if "What to do" in shown(m)])[-1]
    assert "Test what the report shows red." in shown(fix)
    assert acme.press("ann", fix, "Claim") == 200
    acme.until(lambda: "you take care of it" in fix.text)
    assert "ann takes care of it" in shown(acme.ask("ben", "score checkout", "team-payments"))
    assert "ann takes care of coverage already" in acme.ask("ben", "claim checkout coverage").text
    assert "nobody takes care of it any more" in acme.ask("ann", "claim checkout coverage drop").text


def test_a_team_sees_its_services_and_what_to_do_first(acme: Acme) -> None:
    score = shown(acme.ask("ann", "score", "team-payments"))
    assert "1 gold, 1 bronze" in score
    assert "Most worth fixing" in score
    assert "Fix: Coverage of at least 80 % (checkout)" in score
    assert "1 pass, 1 fail, 0 unknown" in shown(acme.ask("ann", "checks"))


def test_the_card_of_a_service_says_how_it_stands(acme: Acme) -> None:
    assert "*Bronze*, 1 of 2 checks pass" in shown(acme.ask("ann", "show checkout"))


def test_snoozed_until_a_day_and_not_by_strangers(acme: Acme) -> None:
    assert "nobody is reminded of it until" in acme.ask("ben", "snooze checkout coverage until friday").text
    assert "snoozed until" in shown(acme.ask("ann", "score checkout"))
    assert "Only team-payments can say this" in acme.ask("cara", "snooze checkout coverage for 2d").text
    assert "90 days at most" in acme.ask("ann", "snooze checkout coverage for 120d").text


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_days_and_times_are_those_of_who_asks(acme: Acme, zone: str) -> None:
    ann = Person("U1", "ann", "ann@acme.example", zone)
    act = ask(acme.idp, "snooze checkout coverage until friday 17:30", ann, "C1", "slash").act
    assert act is not None
    until = datetime.fromisoformat(act.until).astimezone(ZoneInfo(zone))
    assert (until.weekday(), until.hour, until.minute) == (4, 17, 30)
    day = f"{acme.idp.now().year + 1}-01-15"
    form = ask(acme.idp, f"exempt checkout coverage until {day}", ann, "C1", "slash").form
    assert form is not None
    assert form.values["until"] == day


def test_an_exemption_is_agreed_to_shown_with_its_reason_and_ended(acme: Acme) -> None:
    until = f"{acme.idp.now() + timedelta(days=90):%Y-%m-%d}"
    number = acme.request("ann", f"exempt checkout coverage until {until} because it is being replaced")
    assert "61.3" in shown(acme.ask("ann", "score checkout"))
    card = acme.card(number, "pia")
    assert "Exempt checkout from" in shown(card)
    acme.press("pia", card, "Approve")
    acme.until(lambda: acme.state(number) == "done")
    assert "exempt until" in shown(acme.ask("ben", "score checkout"))
    assert "it is being replaced" in shown(acme.ask("ben", "checks coverage"))
    assert f"Exemption #{number} has ended" in acme.ask("ben", f"exempt end {number}").text
    assert "exempt until" not in shown(acme.ask("ben", "score checkout"))


def test_what_is_not_said_is_asked_for_in_a_form(acme: Acme) -> None:
    acme.slack.command("ann", "general", "/idp exempt checkout coverage")
    assert "Exemption from a check" in str(acme.modal("ann"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("score no-such-service-here", "not in the catalog"),
        ("fix checkout no-such-check", "There is no check"),
        ("snooze checkout", "Say which check, and until when"),
        ("claim", "Say which service, and which check"),
        ("checks nonsense", "There is no check"),
        ("score team-identity", "No scorecard is for anything"),
        ("claim cart", "Every check of cart passes"),
        ("claim cart coverage", "“Coverage of at least 80 %” of cart passes already"),
        ("snooze cart coverage for 2d", "“Coverage of at least 80 %” of cart passes already"),
    ],
)
def test_what_makes_no_sense_is_said_kindly(acme: Acme, words: str, said: str) -> None:
    assert said in acme.ask("ann", words).text

"""The app's Home while it is open: what changes for a person stands there at once."""

from tests.journeys.acting.acme import Acme
from tests.waiting import PATIENT


def home(acme: Acme, who: str) -> str:
    """Everything that somebody's Home shows."""
    return str(acme.slack.home(who))


def opened(acme: Acme, who: str) -> str:
    acme.slack.open_home(who)
    return str(acme.until(lambda: "Hello" in home(acme, who) and home(acme, who)))


def test_what_waits_what_one_has_and_what_one_gives_back_appear_without_the_clock(acme: Acme) -> None:
    shown = opened(acme, "ben")
    assert "Find a service" in shown
    assert "Waits for your approval" not in shown
    assert "Your access" not in opened(acme, "cara")
    number = acme.request("cara", "access cart prod 1h INC-123 stuck carts")
    acme.until(lambda: f"Look at #{number}" in home(acme, "ben"))
    acme.press("ben", acme.card(number), "Approve")
    acme.until(lambda: "Waits for your approval" not in home(acme, "ben"))
    acme.until(lambda: acme.audited("grant.given"))
    acme.until(lambda: "minutes left" in home(acme, "cara"))
    assert "minutes left" not in home(acme, "ben")
    acme.press("cara", acme.ask("cara", "access mine"), f"I’m done with #{number}")
    acme.until(lambda: acme.audited("grant.ended"))
    acme.until(lambda: "Your access" not in home(acme, "cara"))


def test_its_buttons_open_what_one_may_ask_for(acme: Acme) -> None:
    shown = opened(acme, "ben")
    assert "Ask for access" in shown
    assert "New service" not in shown  # there is no golden path here
    view = acme.slack.home("ben")
    assert view is not None
    assert acme.slack.press("ben", view, "Launch a workspace").status == 200
    assert "Launch a workspace" in str(acme.modal("ben"))


def test_the_other_replica_shows_it_and_a_home_nobody_opened_stays_away(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-123 stuck carts")
    acme.press("ben", acme.card(number), "Approve")
    acme.until(lambda: acme.audited("grant.given"))
    assert acme.house.engine.settle(PATIENT)  # what comes after it concerns her as well
    assert not acme.slack.calls("views.publish")
    assert "I’m done" in opened(acme, "cara")
    assert len(acme.slack.calls("views.publish")) == 1


def test_a_home_that_slack_does_not_take_is_shown_when_it_does(acme: Acme) -> None:
    opened(acme, "ben")
    acme.slack.fail("views.publish", error="internal_error", times=1)
    number = acme.request("cara", "access cart prod 1h INC-123 stuck carts")
    acme.until(lambda: f"Look at #{number}" in home(acme, "ben"))

"""A press is kept before it is acknowledged: nothing it waits for delays that, and nothing that dies loses it."""

from datetime import timedelta
from threading import Event

import pytest

from bot.processes.web import Web
from bot.slack.app import build_bot
from tests.journeys.acting.acme import Acme, shown
from tests.journeys.conftest import Door, Replica

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def forget_people(acme: Acme) -> None:
    """As after ten minutes: Slack must be asked again who everybody is."""
    acme.idp.chat.identities.people._known.clear()  # type: ignore[attr-defined]  # it is Slack's here


def test_a_press_left_behind_by_a_process_that_died_is_carried_out_by_the_next(acme: Acme, door: Door) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    [died] = door.replicas
    died.bot.work.close()  # it keeps the press, and then nothing of it runs any more
    assert acme.slack.press("ben", card, "Approve").status == 200
    assert acme.state(number) == "pending"
    heir = build_bot(acme.house.idp, acme.slack.bot_token, acme.slack.api_url)
    door.replicas[:] = [Replica(heir, Web(heir.app, heir.me, acme.slack.signing_secret, dict), heir.idp)]
    heir.sweep()
    acme.becomes(number, "*Approved* by ben")
    assert len(acme.audited("request.approved")) == 1
    heir.close()


def test_words_that_act_are_kept_too(acme: Acme, door: Door) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    [died] = door.replicas
    died.bot.work.close()
    assert acme.slack.command("cara", "general", f"/idp cancel {number}").status == 200
    heir = build_bot(acme.house.idp, acme.slack.bot_token, acme.slack.api_url)
    heir.sweep()
    acme.until(lambda: acme.state(number) == "cancelled")
    heir.close()


@ON_SQLITE
def test_words_whose_answer_does_not_arrive_are_done_once_and_told_in_the_direct_messages(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    acme.slack.fail("response_url", status=500)
    assert acme.slack.command("cara", "general", f"/idp cancel {number}").status == 200
    acme.until(lambda: [m for m in acme.seen("cara", "dm") if f"#{number} is cancelled" in m.text])
    acme.settled()
    assert acme.state(number) == "cancelled"


@ON_SQLITE
@pytest.mark.parametrize("surface", ["typed", "mentioned"])
def test_what_was_done_is_not_done_again_because_nobody_could_be_told(acme: Acme, surface: str) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    acme.card(number)
    acme.house.settle()  # nothing else is being posted
    acme.slack.fail("response_url", status=500)
    acme.slack.fail("conversations.open", error="fatal_error")
    acme.slack.fail("chat.postMessage", error="fatal_error")
    if surface == "typed":
        acme.slack.command("cara", "general", f"/idp cancel {number}")
    else:
        acme.slack.say("cara", "general", f"@idp cancel {number}")
    acme.until(lambda: acme.state(number) == "cancelled")
    acme.settled()  # else it would be taken up again, by whoever looks


@ON_SQLITE
def test_an_acknowledgement_does_not_wait_for_slack_to_say_who_presses(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    forget_people(acme)
    asked_before = len(acme.slack.calls("users.info"))
    acme.slack.fail("users.info", hold=(says_who := Event()))
    assert acme.slack.press("ben", card, "Approve").status == 200
    assert len(acme.slack.calls("users.info")) == asked_before
    says_who.set()
    acme.becomes(number, "*Approved* by ben")


@ON_SQLITE
def test_a_form_that_waits_for_slack_says_so_and_then_what_came_of_it(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    acme.press("ben", acme.card(number), "Deny…")
    acme.modal("ben")
    forget_people(acme)
    acme.slack.fail("users.info", hold=(says_who := Event()))
    sent = acme.slack.submit("ben", {"field:reason": "use staging"})
    assert "On its way" in str(sent.answer)
    says_who.set()
    acme.becomes(number, "*Denied* by ben")
    acme.until(lambda: "Done." in str(acme.modal("ben").body))


@ON_SQLITE
def test_a_form_that_is_refused_after_it_was_closed_is_answered_in_the_direct_messages(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    acme.press("raj", acme.card(number), "Deny…")
    acme.modal("raj")
    forget_people(acme)
    acme.slack.fail("users.info", hold=(says_who := Event()))
    acme.slack.submit("raj", {"field:reason": "no"})
    acme.slack.close("raj")
    says_who.set()
    acme.until(lambda: [m for m in acme.seen("raj", "dm") if "not among those who may approve" in shown(m)])
    assert acme.state(number) == "pending"


@ON_SQLITE
def test_a_press_that_is_delivered_twice_is_one(acme: Acme) -> None:
    number = acme.request("cara", "access checkout prod 1h INC-7 please")
    payload = acme.slack.press("ben", acme.card(number), "Approve").payload
    acme.slack.deliveries.interaction(payload)
    acme.settled()
    assert [m.text for m in acme.seen("ben", "team-payments") if m.only_for] == [
        f"Your approval of #{number} counts; another one is needed."
    ]


@ON_SQLITE
def test_a_press_that_nobody_came_to_for_long_is_told_and_not_done(acme: Acme, door: Door) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    [replica] = door.replicas
    replica.bot.work.close()
    acme.slack.press("ben", card, "Approve")
    later = acme.idp.now() + timedelta(hours=1)
    object.__setattr__(acme.house.idp, "now", lambda: later)
    heir = build_bot(acme.house.idp, acme.slack.bot_token, acme.slack.api_url)
    heir.sweep()
    acme.until(
        lambda: [m for m in acme.seen("ben", "team-payments") if m.only_for and "not done in time" in m.text]
    )
    assert acme.state(number) == "pending"
    heir.close()


@ON_SQLITE
def test_while_slack_does_not_say_who_presses_nothing_is_decided_and_the_person_is_told(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    forget_people(acme)
    acme.slack.fail("users.info", error="fatal_error", times=3)
    assert "does not say who you are" in acme.said("ben", "Approve", card)
    assert acme.state(number) == "pending"


@ON_SQLITE
def test_what_cannot_be_kept_is_not_acknowledged(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    with acme.idp.database.store() as store:
        store.connection.exec_driver_sql("ALTER TABLE inbox RENAME TO away")
    assert acme.slack.press("ben", card, "Approve").status == 503
    with acme.idp.database.store() as store:
        store.connection.exec_driver_sql("ALTER TABLE away RENAME TO inbox")
    assert acme.state(number) == "pending"

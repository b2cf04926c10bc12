"""Production access from the question to the end, as people in Slack see it."""

from dataclasses import replace
from datetime import timedelta

from tests.journeys.acting.acme import Acme, shown
from workflows.works import Ticker


def test_asked_agreed_by_two_teams_given_and_given_back(acme: Acme) -> None:
    preview = acme.ask("cara", "access checkout prod 1h INC-123 look at stuck payments")
    assert "nothing is sent yet" in preview.text
    assert all(word in shown(preview) for word in ("1h", "tier 1", "INC-123", "Payments" and "team-payments"))
    assert acme.requests() == []
    number = acme.request("cara", "access checkout prod 1h INC-123 look at stuck payments")
    card = acme.card(number)
    assert "Waits for 2 approvals" in shown(card)
    acme.press("ben", card, "Approve")
    acme.becomes(number, "Waits for 1 more of 2 approvals")
    acme.press("ann", card, "Approve")
    assert acme.state(number) == "pending"  # two of one team are one
    acme.press("pia", card, "Approve")
    done = acme.becomes(number, "Request done")
    assert all(f"*Approved* by {name}" in shown(done) for name in ("ben", "ann", "pia"))
    assert "Read back that it is there" in shown(done)
    assert [one.subject for one in acme.house.access.list()] == ["cara@acme.example"]
    mine = acme.ask("cara", "access mine")
    acme.press("cara", mine, f"I’m done with #{number}")
    acme.until(lambda: not acme.house.access.list())
    acme.until(
        lambda: [m for m in acme.seen("cara", "dm") if "is taken away (you said that you are done)" in m.text]
    )


def test_break_glass_asks_twice_gives_at_once_tells_everybody_and_nags(acme: Acme) -> None:
    refused = acme.ask("cara", "breakglass checkout prod INC-5 payments are down")
    assert "Only members of platform may break the glass" in refused.text
    preview = acme.ask("max", "breakglass checkout prod INC-5 payments are down", "incidents")
    acme.press("max", preview, "Continue…")
    acme.modal("max")
    first = acme.slack.submit("max")
    assert first.answer["view"]["submit"]["text"] == "Break the glass"
    assert acme.requests() == []
    acme.slack.submit("max")
    number = acme.until(acme.requests)[0].id
    for channel, who in (("team-payments", "ben"), ("platform", "pia")):
        acme.becomes(number, "Request done", who, channel)
    assert acme.house.access.list()
    later = acme.idp.now() + timedelta(hours=2)
    Ticker(replace(acme.idp, now=lambda: later)).tick()
    nagged = acme.until(lambda: [m for m in acme.seen("ben", "team-payments") if "Break-glass*" in shown(m)])
    acme.press("max", nagged[-1], "Close the review…")
    acme.modal("max")
    assert "another person" in str(acme.slack.submit("max", {"field:reason": "all fine"}).errors)
    acme.slack.close("max")
    acme.press("ben", nagged[-1], "Close the review…")
    acme.modal("ben")
    assert acme.slack.submit("ben", {"field:reason": "restarted payments, in order"}).status == 200
    acme.until(lambda: [m for m in acme.seen("ben", "team-payments") if "*Reviewed* by ben" in shown(m)])


def test_before_the_end_a_direct_message_offers_to_extend_and_one_press_does_it(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-9 one more look")
    acme.press("ben", acme.card(number), "Approve")
    given = acme.until(lambda: acme.audited("grant.given"))[0]
    soon = acme.idp.now() + timedelta(minutes=52)
    Ticker(replace(acme.idp, now=lambda: soon)).tick()
    offer = acme.until(lambda: [m for m in acme.seen("cara", "dm") if "Extend 1m" in shown(m)])[-1]
    assert "I’m done" in shown(offer)
    assert acme.press("cara", offer, "Extend 1m") == 200
    longer = acme.until(lambda: acme.audited("grant.extended"))[0]
    assert "user:default/cara" in str(longer)
    assert longer["request"] == given["request"]
    assert acme.house.access.list()
    refused = acme.ask("cara", f"extend {number} 1m")
    assert "without being asked again" in refused.text


def test_while_slack_is_away_access_ends_all_the_same(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1s INC-7 please")
    card = acme.card(number)
    for method in ("chat.postMessage", "chat.update", "conversations.open"):
        acme.slack.fail(method, error="internal_error", times=200)
    acme.press("ben", card, "Approve")
    acme.until(lambda: acme.audited("grant.given"))
    acme.until(lambda: acme.audited("grant.removed") or acme.audited("grant.ended"))
    assert not acme.house.access.list()

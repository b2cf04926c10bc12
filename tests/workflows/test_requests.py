"""The life of a request, as the people in it and an auditor notice it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from data.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from data.store import audit, requests
from tests.conftest import Clock
from tests.waiting import until
from tests.workflows.house import ACCESS, ANN, BEN, CAT, DAN, FAY, LEDGER, House, snapshot
from workflows.action import actions
from workflows.requests.request import Actor, cancel, decide, delegate, look, submit
from workflows.requests.submitting import fingerprint
from workflows.requests.waiting import expire
from workflows.telling.cards import RequestCard


def audited(house: House) -> list[str]:
    with house.idp.database.reading() as store:
        return [record.what for record in audit.records(store)]


def test_a_request_is_approved_and_carried_out(house: House) -> None:
    asked = house.submit("game-day")
    assert asked.state == "pending"
    decided = decide(house.idp, asked.id, Actor(BEN, "UBEN"), True, fingerprint=asked.fingerprint)
    assert (decided.state, decided.decided_by) == ("approved", BEN)
    house.settle()
    with house.idp.database.reading() as store:
        view = requests.view(store, asked.id)
    assert view
    assert view.request.state == "done"
    assert [step.state for step in view.steps] == ["done"] * 5
    assert audited(house) == ["request.submitted", "request.approved", "run.started", "run.done"]
    channel = house.chat.at("payments")
    card = channel[0].card
    assert isinstance(card, RequestCard)
    assert card.view.request.state == "done"
    assert [message.thread for message in channel[1:]] == ["1.0"] or len(channel) == 2


def refused(house: House, id: int = 0) -> list[str]:
    with house.idp.database.reading() as store:
        rows = list(audit.records(store, request=id)) if id else list(audit.records(store))
        return [row.decoded()["detail"].get("code", "") for row in rows if row.what == "request.refused"]


def state(house: House, id: int) -> str:
    with house.idp.database.reading() as store:
        request = requests.load(store, id)
    return request.state if request else ""


def test_nobody_decides_about_their_own_request(idle_house: House) -> None:
    asked = idle_house.submit("prod-access")
    with pytest.raises(NotAllowed, match="their own"):
        decide(idle_house.idp, asked.id, Actor(ANN), True)
    assert refused(idle_house, asked.id) == ["self_approval"]
    assert state(idle_house, asked.id) == "pending"


def test_nobody_decides_about_what_they_get(idle_house: House) -> None:
    """Cat asks for Ben: neither of them may agree, although Ben is an owner."""
    asked = idle_house.submit("prod-access", by=CAT, person=BEN)
    with pytest.raises(NotAllowed):
        decide(idle_house.idp, asked.id, Actor(BEN), True)
    assert decide(idle_house.idp, asked.id, Actor(FAY), True).state == "approved"


def test_who_has_left_the_team_no_longer_decides(idle_house: House) -> None:
    asked = idle_house.submit("prod-access")
    idle_house.catalog.snapshot = snapshot(ben="identity")
    with pytest.raises(NotAllowed, match="not among those"):
        decide(idle_house.idp, asked.id, Actor(BEN), True)
    idle_house.catalog.snapshot = snapshot(ben="")
    with pytest.raises(NotAllowed, match="not known"):
        decide(idle_house.idp, asked.id, Actor(BEN), True)
    assert refused(idle_house, asked.id) == ["not_an_approver", "unknown"]


def test_a_voice_of_somebody_who_left_no_longer_counts(idle_house: House) -> None:
    """Two people of two teams: Ben agrees, leaves, and Cat's voice is one of two again."""
    asked = idle_house.submit("prod-access", target=LEDGER)
    assert asked.needed == 2
    assert decide(idle_house.idp, asked.id, Actor(BEN), True).state == "pending"
    idle_house.catalog.snapshot = snapshot(ben="identity")
    assert decide(idle_house.idp, asked.id, Actor(CAT), True).state == "pending"
    assert decide(idle_house.idp, asked.id, Actor(FAY), True).state == "approved"


def test_two_voices_must_be_of_two_people_and_two_teams(idle_house: House) -> None:
    asked = idle_house.submit("prod-access", target=LEDGER)
    assert decide(idle_house.idp, asked.id, Actor(BEN), True).state == "pending"
    with pytest.raises(Conflict, match="already: 1 of 2"):
        decide(idle_house.idp, asked.id, Actor(BEN), True)
    assert decide(idle_house.idp, asked.id, Actor(FAY), True).state == "pending"
    assert decide(idle_house.idp, asked.id, Actor(CAT), True).state == "approved"


def test_a_changed_request_is_not_approved_by_an_old_card(idle_house: House) -> None:
    asked = idle_house.submit("prod-access")
    with pytest.raises(NotAllowed, match="has changed"):
        decide(idle_house.idp, asked.id, Actor(BEN), True, fingerprint="0" * 32)
    with idle_house.idp.database.store() as store:
        requests.move(store, asked.id, states={"pending"}, duration=14_400)
    with pytest.raises(NotAllowed, match="has changed"):
        decide(idle_house.idp, asked.id, Actor(BEN), True, fingerprint=asked.fingerprint)
    assert refused(idle_house, asked.id) == ["changed", "changed"]


def test_an_agreement_is_to_everything_that_is_asked_for(idle_house: House) -> None:
    asked = idle_house.submit("prod-access")
    texts = ("action", "title", "target", "environment", "requester", "beneficiary", "email", "reason", "policy")
    others: dict[str, Any] = {"duration": 60, "break_glass": True, "parameters": {"environment": "staging"}}
    changed = [
        replace(asked, **{name: other})
        for name, other in [*dict.fromkeys(texts, "other").items(), *others.items()]
    ]
    hashes = [fingerprint(one, ("give",)) for one in (asked, *changed)] + [fingerprint(asked, ("give", "more"))]
    assert len(set(hashes)) == len(hashes) == len(texts) + len(others) + 2


def test_nothing_is_decided_after_its_end(idle_house: House, clock: Clock) -> None:
    asked = idle_house.submit("prod-access")
    clock.advance(hours=8)
    with pytest.raises(Conflict, match="expired"):
        decide(idle_house.idp, asked.id, Actor(BEN), True)
    expire(idle_house.idp, asked.id)
    assert state(idle_house, asked.id) == "expired"
    with pytest.raises(Conflict, match="already decided: expired"):
        decide(idle_house.idp, asked.id, Actor(BEN), True)


@pytest.mark.parametrize("first", ["approve", "deny", "cancel"])
@pytest.mark.parametrize("then", ["approve", "deny", "cancel"])
def test_what_is_decided_stays_decided(idle_house: House, first: str, then: str) -> None:
    asked = idle_house.submit("prod-access")

    def act(what: str, person: str) -> None:
        if what == "cancel":
            cancel(idle_house.idp, asked.id, Actor(ANN))
        else:
            decide(idle_house.idp, asked.id, Actor(person), what == "approve", note="because")

    act(first, BEN)
    after = state(idle_house, asked.id)
    with pytest.raises(Conflict, match=r"already decided by (ben|ann): (approved|denied|cancelled), 09:30 UTC"):
        act(then, FAY)
    assert state(idle_house, asked.id) == after


def test_only_those_whom_it_concerns_take_a_request_back(idle_house: House) -> None:
    asked = idle_house.submit("prod-access", by=CAT, person=BEN)
    for other in (FAY, DAN):  # who may approve it, and somebody else
        with pytest.raises(NotFound, match="no request"):
            cancel(idle_house.idp, asked.id, Actor(other))
    assert state(idle_house, asked.id) == "pending"
    assert cancel(idle_house.idp, asked.id, Actor(BEN)).state == "cancelled"


def test_denying_needs_a_note(idle_house: House) -> None:
    asked = idle_house.submit("prod-access")
    with pytest.raises(Invalid, match="why"):
        decide(idle_house.idp, asked.id, Actor(BEN), False, note="  ")
    assert decide(idle_house.idp, asked.id, Actor(BEN), False, note="not now").decision_note == "not now"


def test_a_delegate_decides_until_the_end(idle_house: House, clock: Clock) -> None:
    asked, again = idle_house.submit("prod-access"), idle_house.submit("prod-access", duration="1h")
    until = clock() + timedelta(hours=1)
    delegate(idle_house.idp, Actor(BEN), DAN, until)
    assert decide(idle_house.idp, asked.id, Actor(DAN), True).decided_by == DAN
    clock.advance(hours=1)
    with pytest.raises(NotAllowed):
        decide(idle_house.idp, again.id, Actor(DAN), True)


def test_a_delegation_gives_no_voice_about_ones_own_request(idle_house: House, clock: Clock) -> None:
    asked = idle_house.submit("prod-access")
    delegate(idle_house.idp, Actor(BEN), ANN, clock() + timedelta(hours=1))
    with pytest.raises(NotAllowed):
        decide(idle_house.idp, asked.id, Actor(ANN), True)


def test_a_delegation_is_to_somebody_else_who_is_known_and_for_two_months_at_most(
    idle_house: House, clock: Clock
) -> None:
    day = timedelta(days=1)
    for end in (clock(), clock() - day, clock() + 61 * day):
        with pytest.raises(Invalid, match="within the next 60 days"):
            delegate(idle_house.idp, Actor(BEN), DAN, end)
    with pytest.raises(Invalid, match="to yourself"):
        delegate(idle_house.idp, Actor(BEN), BEN, clock() + day)
    for holder, to in (("user:default/gone", DAN), (BEN, "user:default/gone")):
        with pytest.raises(NotFound, match="nothing was delegated"):
            delegate(idle_house.idp, Actor(holder), to, clock() + day)
    assert audited(idle_house) == []


def test_the_same_form_twice_is_one_request(idle_house: House) -> None:
    action, values = actions()["prod-access"], ACCESS
    made = [submit(idle_house.idp, action, Actor(ANN), values, reason="x", key="V1").id for _ in range(3)]
    assert len(set(made)) == 1
    assert audited(idle_house) == ["request.submitted"]


def test_the_same_form_at_the_same_moment_is_one_request(
    idle_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another replica writes it between our look and our row."""
    action = actions()["prod-access"]
    first = submit(idle_house.idp, action, Actor(ANN), ACCESS, reason="x", key="V1")
    looks, by_key = iter([None]), requests.by_key
    monkeypatch.setattr(requests, "by_key", lambda store, key: next(looks, by_key(store, key)))
    assert submit(idle_house.idp, action, Actor(ANN), ACCESS, reason="x", key="V1").id == first.id
    assert audited(idle_house) == ["request.submitted"]


def test_nobody_can_tire_the_approvers_out(idle_house: House) -> None:
    for _ in range(3):
        idle_house.submit("prod-access")
    with pytest.raises(NotAllowed, match="for this wait"):
        idle_house.submit("prod-access")
    for _ in range(2):
        idle_house.submit("prod-access", target=LEDGER)
    with pytest.raises(NotAllowed, match="5 requests of yours"):
        idle_house.submit("prod-access", target=LEDGER)


@pytest.mark.parametrize("duration", ["10000h", "-1h", "1e9", "NaN", "31m", "", "1h; drop table"])
def test_values_that_were_never_offered_are_stored_nowhere(idle_house: House, duration: str) -> None:
    with pytest.raises((Invalid, NotAllowed)):
        idle_house.submit("prod-access", duration=duration)
    assert not audited(idle_house) or audited(idle_house) == ["request.refused"]
    with idle_house.idp.database.reading() as store:
        assert not requests.find(store)


def test_who_is_on_call_is_allowed_at_once_and_everybody_sees_it(house: House) -> None:
    house.rota.now = [ANN]
    asked = house.submit("prod-access")
    assert (asked.state, asked.needed) == ("approved", 0)
    house.settle()
    assert state(house, asked.id) == "done"
    assert audited(house)[:2] == ["request.submitted", "request.approved"]
    assert house.chat.at("payments")


def test_the_policy_decides_once_it_asks_nobody_any_more(idle_house: House) -> None:
    """Ann comes on call while her request waits: nobody can deny what she may have at once."""
    asked = idle_house.submit("prod-access")
    idle_house.rota.now = [ANN]
    with pytest.raises(NotAllowed, match="without asking"):
        decide(idle_house.idp, asked.id, Actor(BEN), False, note="no")
    decided = decide(idle_house.idp, asked.id, Actor(BEN), True)
    assert (decided.state, decided.decided_by) == ("approved", "")


def test_looking_is_shown_and_changes_no_right(idle_house: House) -> None:
    asked = idle_house.submit("prod-access")
    assert look(idle_house.idp, asked.id, Actor(FAY)).looking_by == FAY
    assert decide(idle_house.idp, asked.id, Actor(BEN), True).state == "approved"


def test_a_request_names_no_secret(idle_house: House) -> None:
    asked = idle_house.submit(
        "prod-access", reason="it says xoxb-1234567890-abcdefghij and ghp_abcdefghijklmnop1234"
    )
    denied = decide(idle_house.idp, asked.id, Actor(BEN), False, note="not with ghp_abcdefghijklmnop1234")
    with idle_house.idp.database.reading() as store:
        rows = "".join(record.body for record in audit.records(store))
    assert "xoxb" not in asked.reason + rows
    assert "ghp_" not in asked.reason + denied.decision_note + rows


def test_chat_being_away_delays_only_the_messages(house: House) -> None:
    house.chat.fault = Unavailable("Slack does not answer.")
    asked = house.submit("game-day")
    decide(house.idp, asked.id, Actor(BEN), True)
    until(lambda: state(house, asked.id) == "done")
    assert not house.chat.messages
    house.chat.fault = None
    until(lambda: bool(house.chat.at("payments")))
    card = house.chat.at("payments")[0].card
    assert isinstance(card, RequestCard)
    assert card.view.request.state == "done"


def test_a_channel_that_is_gone_sends_the_card_to_the_platform_team(house: House) -> None:
    house.chat.closed = {"payments"}
    house.submit("game-day")
    until(lambda: bool(house.chat.at("platform")))


@pytest.mark.parametrize("place", ["payments", ANN])
def test_a_card_that_is_gone_comes_anew_where_it_was(house: House, place: str) -> None:
    asked = house.submit("game-day")
    until(lambda: bool(house.chat.at(place)))
    for ts in [ts for ts, message in list(house.chat.messages.items()) if message.place == place]:
        del house.chat.messages[ts]
    decide(house.idp, asked.id, Actor(BEN), True)
    until(lambda: bool(house.chat.at(place)))
    assert not house.chat.at("platform")

"""A new owner in a catalog file: the people of the old owner are asked, and they alone decide."""

from datetime import timedelta
from typing import Any

import pytest

from data.catalog.snapshot import Snapshot
from data.errors import Conflict, NotAllowed
from data.store import audit, requests, takeovers
from data.store.requests import Request
from data.store.tables.catalog import TakeoverRow
from tests.workflows.house import ANN, BEN, CAT, CHECKOUT, DAN, LEDGER, House, entity, group, people
from workflows.ownership.asking import ask_owners
from workflows.ownership.takeover import TAKEOVER
from workflows.requests.request import Actor, decide, submit
from workflows.telling.cards import RequestCard

PAYMENTS, IDENTITY = "group:default/payments", "group:default/identity"


def claim(house: House, *refs: str, held: str = PAYMENTS, claimed: str = IDENTITY) -> None:
    """Files say that these belong to somebody else: the rows, and the read model that comes of them."""
    with house.idp.database.store() as store:
        for ref in refs:
            takeovers.forget(store, ref)
            where = {"source": "github", "path": f"{ref.rpartition('/')[2]}/catalog-info.yaml"}
            row = TakeoverRow(ref=ref, held=held, claimed=claimed, since=house.idp.now(), **where)
            store.session.add(row)
    house.catalog.snapshot = seen(house)


def seen(house: House) -> Snapshot:
    with house.idp.database.reading() as store:
        waiting = {each.ref: each for each in takeovers.waiting(store)}
    services = []
    for ref in (CHECKOUT, LEDGER):
        each = waiting.get(ref)
        detail = {takeovers.CLAIMED: each.claimed} if each else {}
        services.append(entity(ref, owner=each.held if each else PAYMENTS, detail=detail))
    groups = [group(name) for name in ("acme", "payments", "platform", "identity", "sre")]
    return Snapshot.build([*services, *groups, *people()])


def asked(house: House, slot: str = "1") -> list[Request]:
    ask_owners(house.idp, slot)
    with house.idp.database.reading() as store:
        return requests.find(store, action="takeover")


def waits(house: House) -> list[str]:
    with house.idp.database.reading() as store:
        return [each.ref for each in takeovers.waiting(store)]


def audited(house: House) -> list[dict[str, Any]]:
    with house.idp.database.reading() as store:
        return [record.decoded() for record in audit.records(store)]


def test_the_old_owner_agrees_in_its_channel(house: House) -> None:
    claim(house, CHECKOUT)
    (request,) = asked(house)
    assert (request.state, request.channel) == ("pending", "payments")
    decide(house.idp, request.id, Actor(BEN, "UBEN"), True, fingerprint=request.fingerprint)
    house.settle()
    assert waits(house) == []
    rows = {row["what"]: row for row in audited(house)}
    assert rows["request.submitted"]["actor"] == "system"
    assert rows["request.approved"]["actor"] == BEN
    agreed = rows["takeover.agreed"]
    assert (agreed["actor"], agreed["target"], agreed["detail"]["claimed"]) == (BEN, CHECKOUT, IDENTITY)
    card = house.chat.at("payments")[0].card
    assert isinstance(card, RequestCard)
    assert card.view.request.state == "done"
    assert "identity in place of payments" in card.view.request.title
    assert not house.chat.at("system")


@pytest.mark.parametrize("who", [DAN, CAT])
def test_nobody_else_agrees(idle_house: House, who: str) -> None:
    """Dan is of the team that wants it, Cat of the platform."""
    claim(idle_house, CHECKOUT)
    (request,) = asked(idle_house)
    with pytest.raises(NotAllowed, match="not among those"):
        decide(idle_house.idp, request.id, Actor(who), True)
    assert waits(idle_house) == [CHECKOUT]


def test_it_is_asked_once_for_all_and_not_again_after_a_no(idle_house: House) -> None:
    claim(idle_house, CHECKOUT, LEDGER)
    (request,) = asked(idle_house)
    assert request.parameters["refs"] == [CHECKOUT, LEDGER]
    assert len(asked(idle_house, "2")) == 1
    decide(idle_house.idp, request.id, Actor(ANN), False, note="It stays with us.")
    assert [one.state for one in asked(idle_house, "3")] == ["denied"]
    assert waits(idle_house) == [CHECKOUT, LEDGER]


def test_a_claim_that_changes_is_another_question(idle_house: House) -> None:
    claim(idle_house, CHECKOUT)
    (first,) = asked(idle_house)
    claim(idle_house, CHECKOUT, claimed="group:default/sre")
    with pytest.raises(NotAllowed, match="does not wait any more"):
        decide(idle_house.idp, first.id, Actor(ANN), True)
    second, first = asked(idle_house, "2")
    assert (second.state, second.beneficiary, first.state) == ("pending", "group:default/sre", "cancelled")


def test_a_claim_that_changes_after_the_click_is_not_agreed_to(house: House) -> None:
    claim(house, CHECKOUT)
    (request,) = asked(house)
    with house.idp.database.store() as store:
        takeovers.forget(store, CHECKOUT)
        row = TakeoverRow(
            ref=CHECKOUT, held=PAYMENTS, claimed="group:default/sre", source="x", path="y", since=house.idp.now()
        )
        store.session.add(row)
    decide(house.idp, request.id, Actor(ANN), True)
    house.settle()
    assert waits(house) == [CHECKOUT]
    with house.idp.database.reading() as store:
        ended = requests.load(store, request.id)
    assert ended
    assert ended.state == "failed"
    assert ended.error.startswith("The catalog files name somebody else by now.")


def test_what_is_agreed_to_elsewhere_is_taken_back(idle_house: House) -> None:
    claim(idle_house, CHECKOUT)
    (request,) = asked(idle_house)
    with idle_house.idp.database.store() as store:
        takeovers.agree(store, takeovers.waiting(store))
    assert [one.state for one in asked(idle_house, "2")] == ["cancelled"]
    with pytest.raises(Conflict, match="already decided"):
        decide(idle_house.idp, request.id, Actor(ANN), True)


def test_an_owner_in_person_hears_it_in_person(house: House) -> None:
    claim(house, CHECKOUT, held=DAN, claimed="")
    (request,) = asked(house)
    house.settle()
    assert house.chat.at(DAN)
    assert "nobody in place of" in request.title
    decide(house.idp, request.id, Actor(DAN), True)
    house.settle()
    assert waits(house) == []


def test_an_unanswered_question_is_asked_again(idle_house: House, clock: Any) -> None:
    from workflows.requests.waiting import expire

    claim(idle_house, CHECKOUT)
    (request,) = asked(idle_house)
    clock.advance(days=15)
    expire(idle_house.idp, request.id)
    again, first = asked(idle_house, "2")
    assert (first.state, again.state) == ("expired", "pending")
    assert again.expires_at - idle_house.idp.now() == timedelta(days=14)


def test_people_cannot_ask_for_it(idle_house: House) -> None:
    claim(idle_house, CHECKOUT)
    values = {"refs": [CHECKOUT], "held": PAYMENTS, "claimed": IDENTITY}
    with pytest.raises(NotAllowed, match="by itself"):
        submit(idle_house.idp, TAKEOVER, Actor(DAN), values, reason="ours now")

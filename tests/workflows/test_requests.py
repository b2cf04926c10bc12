"""The life of a request, as the people in it and an auditor notice it."""

import pytest

from data.errors import Conflict, Invalid, NotAllowed
from data.store import audit, requests
from tests.workflows.house import ANN, BEN, CAT, DAN, LEDGER, House, snapshot
from workflows.cards import RequestCard
from workflows.request import Actor, cancel, decide, delegate, look


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
    assert view and view.request.state == "done"
    assert [step.state for step in view.steps] == ["done"] * 5
    assert audited(house) == ["request.submitted", "request.approved", "run.started", "run.done"]
    channel = house.chat.at("payments")
    card = channel[0].card
    assert isinstance(card, RequestCard)
    assert card.view.request.state == "done"
    assert [message.thread for message in channel[1:]] == ["1.0"] or len(channel) == 2

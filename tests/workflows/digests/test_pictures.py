"""Digests whose picture Slack does not show, yet or ever; and rules that are announced."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.slack.drawing.cards import draw
from data.errors import Unavailable
from data.ports.chat import Card, PictureRefused, Posted
from tests.conftest import Clock
from tests.workflows.digests.hand import Hand
from tests.workflows.digests.scored import CARD, catalog, learn, scorecards, scored, states, team
from tests.workflows.house import House
from workflows.digests.cards import DetailsCard, DigestCard
from workflows.digests.sending import send
from workflows.journal import redraw

TEAM = "group:default/payments"
MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def hand(clock: Clock) -> Hand:
    clock.time = MONDAY - timedelta(days=7)
    return Hand(clock)


@pytest.fixture
def payments(database_url: str, tmp_path: Path, hand: Hand) -> Iterator[House]:
    """One team with two services, scored a week ago and worse today: its digest has a trend to show."""
    card = CARD.replace("tested: {title", "tested: {from: 2026-03-16, title")
    house = scored(
        database_url, tmp_path, hand.clock, catalog([team("payments"), team("platform")], {"payments": 2})
    )
    house = replace(house, idp=replace(house.idp, engine=hand, scorecards=scorecards(card)))
    learn(house.idp, {f"payments-{at}": {"documented": True, "watched": True, "tested": False} for at in range(2)})
    hand.clock.time = MONDAY
    learn(house.idp, {"payments-0": {"documented": False}})
    yield house
    house.engine.close()
    house.idp.database.close()


def unready(house: House, times: int, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Slack refuses so many times what has a picture; gives when it did."""
    refused: list[datetime] = []

    def look(card: Card) -> None:
        if getattr(card, "picture", "") and len(refused) < times:
            refused.append(house.idp.now())
            raise PictureRefused("Slack does not show the picture.")

    post, update = house.chat.post, house.chat.update

    def posted(channel: str, card: Card, thread: str = "", marker: str = "") -> Posted:
        look(card)
        return post(channel, card, thread, marker)

    def updated(posted: Posted, card: Card) -> None:
        look(card)
        update(posted, card)

    monkeypatch.setattr(house.chat, "post", posted)
    monkeypatch.setattr(house.chat, "update", updated)
    return refused


def cards(house: House, place: str, kind: type) -> list[Any]:
    return [message.card for message in house.chat.at(place) if isinstance(message.card, kind)]


def told(house: House) -> list[str]:
    return [str(message.card) for message in house.chat.at("platform") if "picture" in str(message.card)]


def test_a_picture_that_is_ready_a_little_later_is_waited_for(
    payments: House, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = unready(payments, 3, monkeypatch)
    send(payments.idp)
    hand.run(payments.idp)
    assert [card.picture for card in cards(payments, "payments", DigestCard)] == ["F1"]
    waits = [(after - before).total_seconds() for before, after in pairwise(refused)]
    assert len(waits) == 2
    assert waits == sorted(set(waits))  # longer and longer
    assert told(payments) == []


def test_a_picture_that_is_never_shown_is_left_out_once_and_said(
    payments: House, hand: Hand, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    refused = unready(payments, 100, monkeypatch)
    send(payments.idp)
    hand.run(payments.idp)
    assert [card.picture for card in cards(payments, "payments", DigestCard)] == [""]
    assert len(cards(payments, "payments", DetailsCard)) == 1
    assert states(payments.idp) == {"payments 2026-W11": "posted"}
    assert len(refused) == 6
    assert refused[-1] - refused[0] < timedelta(minutes=1)
    assert len(told(payments)) == 1
    assert "payments (2026-W11)" in told(payments)[0]
    assert "2026-W11 of group:default/payments goes without its picture" in caplog.text


def test_a_picture_that_is_gone_later_does_not_hold_up_what_changes(
    payments: House, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(payments.idp)
    hand.run(payments.idp)
    card = cards(payments, "payments", DigestCard)[0]
    assert card.picture
    unready(payments, 100, monkeypatch)
    with payments.idp.database.store() as store:
        redraw(payments.idp, store, "digest", card.id)
    hand.run(payments.idp)
    assert [card.picture for card in cards(payments, "payments", DigestCard)] == [""]


def test_rules_that_are_announced_are_said_until_they_count(payments: House, hand: Hand) -> None:
    send(payments.idp)
    hand.run(payments.idp)
    card = cards(payments, "payments", DigestCard)[0]
    content = card.content
    assert content.announced == ["Is tested (Care) counts from 2026-03-16; 2 of yours would fail it today"]
    assert "tested" not in {task.rule for task in content.tasks}
    shown = str(draw(card, payments.idp.catalog.snapshot)["blocks"])
    assert "counts from 2026-03-16; 2 of yours would fail it today" in shown
    hand.clock.time = MONDAY + timedelta(days=7)
    learn(payments.idp, {"payments-0": {"documented": True}})
    send(payments.idp)
    hand.run(payments.idp)
    content = cards(payments, "payments", DigestCard)[1].content
    assert content.announced == []
    assert "tested" in {task.rule for task in content.tasks}


def test_a_picture_that_cannot_be_uploaded_holds_nothing_up(payments: House, hand: Hand) -> None:
    class Full:
        def upload(self, *_: Any) -> str:
            raise Unavailable("Slack takes no files.")

    house = replace(payments, idp=replace(payments.idp, files=Full()))
    send(house.idp)
    hand.run(house.idp)
    (card,) = [message.card for message in house.chat.at("payments") if isinstance(message.card, DigestCard)]
    assert card.picture == ""

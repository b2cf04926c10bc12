"""What tests of digests and notes share: a house at hand, its Mondays, and what it has said."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from data.ports.chat import Notice
from tests.workflows.digests.hand import Hand
from tests.workflows.digests.scored import catalog, scored
from tests.workflows.house import House
from workflows.digests.planning import plan

GOOD, BAD = {"documented": True, "watched": True, "tested": True}, {"documented": False, "watched": True}


def led(url: str, folder: Path, hand: Hand, teams: Any, services: dict[str, int], **options: Any) -> House:
    """A scored house whose work is done when the hand does it."""
    house = scored(url, folder, hand.clock, catalog(teams, services), **options)
    return replace(house, idp=replace(house.idp, engine=hand))


def monday(house: House, hand: Hand, minutes: int = 90) -> None:
    """Look at the calendar each minute of a morning (one look in ten, to be quick), and do what is to be done."""
    for _ in range(minutes // 10):
        plan(house.idp, "")
        hand.run(house.idp, timedelta(minutes=10))
        hand.clock.advance(minutes=10)


def cards(house: House, place: str, kind: type) -> list[Any]:
    return [message.card for message in house.chat.at(place) if isinstance(message.card, kind)]


def texts(house: House, place: str) -> list[str]:
    return [card.text for card in cards(house, place, Notice)]

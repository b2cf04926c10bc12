"""What a press leaves on the card is what is so, also when the card was drawn anew meanwhile."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from bot.processes.work import Work
from bot.slack.deeds.carrying_out import Deeds
from bot.slack.incoming.kept_presses import KIND, KeptPresses
from data.store.inbox import Event
from tests.conftest import Clock
from tests.workflows.house import BEN, House, build
from workflows.requests.request import Actor, decide


@dataclass
class SlowSlack:
    """Something happens while a card is being updated."""

    meanwhile: Callable[[], object]
    top: list[str] = field(default_factory=list)

    def update(self, channel: str, ts: str, message: Any) -> None:
        happens, self.meanwhile = self.meanwhile, lambda: None
        happens()
        self.top.append(message["text"])

    def respond(self, response_url: str, message: Any) -> None:
        pass


@pytest.fixture
def house(migrated_sqlite: Path, tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A house in which nobody works."""
    shutil.copy(migrated_sqlite, tmp_path / "idp.db")
    house = build(f"sqlite:///{tmp_path}/idp.db", tmp_path, clock)
    yield house
    house.engine.close()
    house.idp.database.close()


def test_a_card_that_changed_meanwhile_is_shown_once_more(house: House) -> None:
    asked, idp = house.submit(), house.idp
    slack = SlowSlack(lambda: decide(idp, asked.id, Actor(BEN), True))
    people = SimpleNamespace(actor=lambda _: Actor(BEN))
    work = Work()
    kept = KeptPresses(Deeds(idp), people, slack, work)  # type: ignore[arg-type]  # as far as a press needs them
    pressed = {"deed": "look", "value": str(asked.id), "account": "U0BEN", "place": "C0PAY", "ts": "1.1"}
    body = orjson.dumps(pressed | {"whispered": False, "response_url": "http://127.0.0.1"}).decode()
    kept._finish(Event("1", KIND, body, idp.now(), 1))
    work.close()
    assert len(slack.top) == 2
    assert slack.top[0] != slack.top[1], "the second shows what was decided meanwhile"

"""What the clock asks for: once in each slot of time, and made up for when it could not be asked for."""

from dataclasses import dataclass, field, replace
from typing import Any

from data.errors import Unavailable
from tests.workflows.house import House
from tests.workflows.idle_engine import IdleEngine
from workflows.works import Ticker

SLOT = "sweep:2026-03-02T09:30:00+00:00"  # of the clock that stands still


@dataclass
class FaintEngine(IdleEngine):
    """An engine whose database may be away."""

    away: bool = False
    stopping: bool = False
    known: list[str] = field(default_factory=list)

    def enqueue(self, store: Any, work: str, id: str, *args: str | int, delay: float = 0) -> None:
        if self.away:
            raise Unavailable("The database does not answer.")
        self.known.append(id)


def test_replicas_ask_for_the_same_work_under_one_name(idle_house: House) -> None:
    for ticker in (Ticker(idle_house.idp, {"sweep": 300}), Ticker(idle_house.idp, {"sweep": 300})):
        ticker.tick()
    assert idle_house.engine.states([SLOT]) == {SLOT: "waiting"}


def test_what_could_not_be_asked_for_is_asked_for_at_the_next_tick(idle_house: House) -> None:
    engine = FaintEngine(away=True)
    ticker = Ticker(replace(idle_house.idp, engine=engine), {"sweep": 300})
    ticker.tick()
    engine.away = False
    ticker.tick()
    ticker.tick()
    assert engine.known == [SLOT]

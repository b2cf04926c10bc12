"""Requests that wait, and the head of the audit that is told outside."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from data.errors import NotAllowed
from data.policies import Policy, PolicyConfig
from data.store import audit, requests
from data.store.audit_check import verify
from tests.conftest import Clock
from tests.workflows.house import BEN, EVE, POLICIES, House
from tests.workflows.idle_engine import IdleEngine
from workflows.requests.request import Actor, decide
from workflows.requests.waiting import escalate, expire, remind
from workflows.telling.witness import post_head, posted


def texts(house: House, id: int) -> list[str]:
    return [message.text for message in house.showing("text", id)]


def test_reminders_are_few_and_stop_with_the_decision(idle_house: House, clock: Clock) -> None:
    asked = idle_house.submit("prod-access")
    for number in (1, 1, 2):
        remind(idle_house.idp, asked.id, number)
    assert len(texts(idle_house, asked.id)) == 2
    assert "still waits, until 17:30 UTC" in texts(idle_house, asked.id)[0]
    remind(idle_house.idp, asked.id, 3)
    assert len(texts(idle_house, asked.id)) == 3
    timers = [f"remind:{asked.id}:{number}" for number in (1, 2, 3, 4)]
    assert set(idle_house.engine.states(timers)) == set(timers[:3]), "three are enough"
    other = idle_house.submit("prod-access")
    decide(idle_house.idp, other.id, Actor(BEN), True)
    remind(idle_house.idp, other.id, 1)
    assert texts(idle_house, other.id) == []
    clock.advance(hours=8)
    remind(idle_house.idp, asked.id, 4)
    assert len(texts(idle_house, asked.id)) == 3, "its end is told by others"


class Noting(IdleEngine):
    """An engine that writes down after how many seconds something is to be done."""

    def __init__(self) -> None:
        self.delays: dict[str, float] = {}

    def enqueue(self, store: Any, work: str, id: str, *args: str | int, delay: float = 0) -> None:
        self.delays[work] = delay


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is said is no matter of SQL
def test_what_waits_only_shortly_is_reminded_of_half_way_and_asks_nobody_above_after_its_end(
    idle_house: House,
) -> None:
    config = POLICIES["prod-access"] | {"pending_expires": "30m", "escalate_after": "1h"}
    idle_house.idp.policies["prod-access"] = Policy("prod-access", PolicyConfig.model_validate(config))  # type: ignore[index]  # a dict here
    engine = Noting()
    house = replace(idle_house, idp=replace(idle_house.idp, engine=engine))
    house.submit("prod-access")
    assert {work: engine.delays.get(work) for work in ("remind", "expire", "escalate")} == {
        "remind": 900, "expire": 1800, "escalate": None,
    }  # fmt: skip


def test_expiry_comes_at_its_time_and_once(idle_house: House, clock: Clock) -> None:
    asked = idle_house.submit("prod-access")
    assert idle_house.engine.states([f"expire:{asked.id}"]), "the row has its timer from the beginning"
    clock.advance(hours=7)
    expire(idle_house.idp, asked.id)
    with idle_house.idp.database.reading() as store:
        early = requests.load(store, asked.id)
    assert early
    assert early.state == "pending"
    assert idle_house.engine.states([f"expire:{asked.id}:{int(clock().timestamp())}"]), "it comes again"
    clock.advance(hours=1)
    expire(idle_house.idp, asked.id)
    expire(idle_house.idp, asked.id)
    with idle_house.idp.database.reading() as store:
        assert [r.what for r in audit.records(store)] == ["request.submitted", "request.expired"]


def test_those_above_may_agree_once_it_has_waited_too_long(idle_house: House) -> None:
    config = POLICIES["prod-access"] | {"escalate_after": "1h"}
    idle_house.idp.policies["prod-access"] = Policy("prod-access", PolicyConfig.model_validate(config))  # type: ignore[index]  # a dict here
    asked = idle_house.submit("prod-access")
    with pytest.raises(NotAllowed):
        decide(idle_house.idp, asked.id, Actor(EVE), True)
    escalate(idle_house.idp, asked.id)
    assert "acme" in [message.place for message in idle_house.showing("request", asked.id)]
    assert decide(idle_house.idp, asked.id, Actor(EVE), True).decided_by == EVE


def test_the_head_of_the_audit_is_told_outside_when_there_is_news(
    idle_house: House, tmp_path: Path, clock: Clock
) -> None:
    file = tmp_path / "heads"
    idp = replace(idle_house.idp, audit_file=str(file), audit_channel="audit")
    post_head(idp, "1")
    assert not posted(file)[0]
    idle_house.submit("prod-access")
    post_head(idp, "2")
    post_head(idp, "3")
    idle_house.submit("prod-access")
    clock.time += timedelta(minutes=5)
    post_head(idp, "4")
    assert [head.seq for head in posted(file)[0]] == [1, 2]
    with idp.database.reading() as store:
        assert verify(store, posted(file)[0]).holds
    assert len(idle_house.showing("text", 0)) == 2
    file.write_bytes(file.read_bytes() + b"{half a li")
    assert len(posted(file)[0]) == 2

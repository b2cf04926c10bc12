"""Rows without work, as a crash or a copy to another database leaves them, get theirs; other rows keep it."""

from dataclasses import replace

import pytest

from data.store import requests
from data.store.requests import Request
from tests.conftest import Clock
from tests.workflows.access.held import end_arranged, given
from tests.workflows.house import ANN, BEN, House
from tests.workflows.idle_engine import IdleEngine
from workflows.reconciling import reconcile
from workflows.requests.request import Actor, decide, undo
from workflows.requests.run import run


@pytest.fixture
def forgetful(idle_house: House) -> House:
    """The same house, as far as its rows go."""
    return replace(idle_house, idp=replace(idle_house.idp, engine=IdleEngine()))


def load(house: House, id: int) -> Request:
    with house.idp.database.reading() as store:
        found = requests.load(store, id)
    assert found
    return found


def test_a_request_without_a_timer_gets_one_and_ends(idle_house: House, forgetful: House, clock: Clock) -> None:
    asked = forgetful.submit()
    reconcile(idle_house.idp)
    assert idle_house.engine.states([f"expire:{asked.id}"]) == {f"expire:{asked.id}": "waiting"}
    clock.advance(hours=9)
    reconcile(idle_house.idp)
    assert load(idle_house, asked.id).state == "expired"


def test_a_run_without_work_begins_and_one_with_work_is_left_alone(idle_house: House, forgetful: House) -> None:
    lost, kept = forgetful.submit(), idle_house.submit()
    decide(forgetful.idp, lost.id, Actor(BEN), True)
    decide(idle_house.idp, kept.id, Actor(BEN), True)
    reconcile(idle_house.idp)
    assert (load(idle_house, lost.id).attempt, load(idle_house, kept.id).attempt) == (2, 1)
    assert idle_house.engine.states([f"run:{lost.id}:2"]) == {f"run:{lost.id}:2": "waiting"}


def test_what_is_being_undone_goes_on_being_undone(idle_house: House, forgetful: House) -> None:
    asked = forgetful.submit()
    decide(forgetful.idp, asked.id, Actor(BEN), True)
    run(forgetful.idp, asked.id, 1)
    attempt = undo(forgetful.idp, asked.id, Actor(ANN)).attempt + 1
    reconcile(idle_house.idp)
    work = f"undo:{asked.id}:{attempt}"
    assert idle_house.engine.states([work]) == {work: "waiting"}


def test_access_without_a_timer_gets_one(idle_house: House, forgetful: House) -> None:
    id = given(forgetful)
    assert not end_arranged(idle_house, id)
    reconcile(idle_house.idp)
    assert end_arranged(idle_house, id)

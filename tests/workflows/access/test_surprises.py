"""Production access when clocks are set, people leave, and somebody does it by hand."""

from datetime import timedelta

import pytest

from data.ports.access import Entitlement
from data.store import grants
from data.store.seen import last_written
from tests.conftest import Clock
from tests.waiting import until
from tests.workflows.access.held import alarms, audited, given, grant_of
from tests.workflows.house import BEN, CHECKOUT, House, snapshot
from workflows.access.revoking import revoke
from workflows.access.sweeping import sweep
from workflows.access.watching import Deadlines, due
from workflows.requests.request import Actor, decide


def test_a_clock_that_was_set_back_while_nobody_watched_lengthens_nothing(idle_house: House, clock: Clock) -> None:
    id = given(idle_house, "30m")
    clock.advance(hours=-2)
    due(idle_house.idp, Deadlines())  # of a process that has just started
    revoke(idle_house.idp, id)
    assert not idle_house.access.list()
    assert grant_of(idle_house, id).ended_why == "expired"


def test_a_smaller_step_back_while_nobody_watched_gives_no_time_twice(
    idle_house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = [1000.0]
    monkeypatch.setattr("workflows.access.watching.time.monotonic", lambda: here[0])
    id = given(idle_house, "1h")
    clock.advance(minutes=50)
    idle_house.submit()  # something is written, then nothing runs any more
    clock.advance(minutes=-45)
    with idle_house.idp.database.reading() as store:
        deadlines = Deadlines(last_written(store))  # of a process that has just started
    due(idle_house.idp, deadlines)
    assert grant_of(idle_house, id).state == "active"
    here[0] += 11 * 60
    clock.advance(minutes=11)
    due(idle_house.idp, deadlines)
    revoke(idle_house.idp, id)
    assert not idle_house.access.list()
    assert grant_of(idle_house, id).ended_why == "expired"


def test_a_clock_that_is_corrected_a_little_ends_nothing(idle_house: House, clock: Clock) -> None:
    id = given(idle_house, "30m")
    clock.advance(seconds=-3)
    due(idle_house.idp, Deadlines())
    assert grant_of(idle_house, id).state == "active"


def test_access_that_somebody_took_away_by_hand_is_noticed(idle_house: House, clock: Clock) -> None:
    id = given(idle_house)
    clock.advance(minutes=5)
    for held in idle_house.access.list():
        idle_house.access.revoke(held)
    sweep(idle_house.idp, clock().isoformat())
    gone = grant_of(idle_house, id)
    assert (gone.state, gone.ended_why) == ("ended", "gone")
    clock.advance(minutes=30)
    revoke(idle_house.idp, id)
    assert audited(idle_house) == ["grant.recorded", "grant.given", "grant.gone"]


def test_access_that_nobody_explains_is_reported_and_left_alone(idle_house: House, clock: Clock) -> None:
    given(idle_house)
    stray = Entitlement("", "mallory@acme.example", CHECKOUT, "prod")
    idle_house.access.grant(stray)
    for _ in range(3):
        sweep(idle_house.idp, clock().isoformat())
        clock.advance(minutes=5)
    assert len(alarms(idle_house)) == 1
    assert "mallory@acme.example" in alarms(idle_house)[0]
    assert audited(idle_house, "access.") == ["access.unexplained"]
    assert stray in idle_house.access.list()


def test_who_leaves_the_company_loses_access(idle_house: House, clock: Clock) -> None:
    id = given(idle_house)
    idle_house.catalog.snapshot = snapshot(ann="")
    sweep(idle_house.idp, clock().isoformat())
    revoke(idle_house.idp, id)
    assert not idle_house.access.list()
    assert grant_of(idle_house, id).ended_why == "revoked"


def test_a_lost_timer_is_found(house: House) -> None:
    asked = house.submit("prod-access")
    decide(house.idp, asked.id, Actor(BEN), True)
    house.settle()
    with house.idp.database.store() as store:  # over for a minute, while its timer is half an hour away
        assert grants.move(store, asked.id, states={"active"}, due_at=house.idp.now() - timedelta(minutes=1))
    due(house.idp, Deadlines())
    until(lambda: grant_removed(house, asked.id))
    assert not house.access.list()


def grant_removed(house: House, id: int) -> bool:
    with house.idp.database.reading() as store:
        grant = grants.load(store, id)
    return grant is not None and grant.removed_at is not None


def test_a_clock_that_is_set_back_lengthens_nothing(
    idle_house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, deadlines, here = given(idle_house), Deadlines(), [1000.0]
    monkeypatch.setattr("workflows.access.watching.time.monotonic", lambda: here[0])
    due(idle_house.idp, deadlines)
    here[0] += 1800
    clock.advance(hours=-2)
    due(idle_house.idp, deadlines)
    revoke(idle_house.idp, id)
    assert not idle_house.access.list()

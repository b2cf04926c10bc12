"""Production access: given, extended, handed back and taken away, whatever its system says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from data.catalog.snapshot import Snapshot
from data.errors import Conflict, Invalid, NotAllowed, NotFound
from data.ports.access import Entitlement
from data.store import requests
from tests.conftest import Clock
from tests.workflows.access.held import (
    MoodyAccess,
    alarms,
    audited,
    end_arranged,
    given,
    grant_of,
    said_of_the_end,
)
from tests.workflows.house import ANN, BEN, CAT, CHECKOUT, FAY, House
from workflows.access.extending import extend, extensions, finish
from workflows.access.reviewing import close_review, nag
from workflows.access.revoking import revoke
from workflows.access.sweeping import sweep
from workflows.access.watching import Deadlines, due
from workflows.requests.request import Actor, decide
from workflows.requests.run import run
from workflows.telling.deliver import deliver


def test_access_is_given_for_its_time_and_taken_away(idle_house: House, clock: Clock) -> None:
    began = clock()
    id = given(idle_house)
    assert grant_of(idle_house, id).due_at == began + timedelta(minutes=30)
    held = idle_house.access.list()
    assert [(e.subject, e.target, e.environment) for e in held] == [("ann@acme.example", CHECKOUT, "prod")]
    revoke(idle_house.idp, id)
    assert idle_house.access.list(), "not before its time"
    clock.advance(minutes=30)
    revoke(idle_house.idp, id)
    assert not idle_house.access.list()
    ended = grant_of(idle_house, id)
    assert (ended.state, ended.ended_why, ended.removed_at) == ("ended", "expired", clock())
    revoke(idle_house.idp, id)
    assert audited(idle_house) == ["grant.recorded", "grant.given", "grant.ended"]
    assert said_of_the_end(idle_house) == ["Access of ann to checkout (prod) has ended: its time was over."]


def test_the_clock_starts_when_access_is_given(idle_house: House, moody: MoodyAccess, clock: Clock) -> None:
    asked = idle_house.submit("prod-access")
    decide(idle_house.idp, asked.id, Actor(BEN), True)
    moody.away = True
    run(idle_house.idp, asked.id, 1)
    clock.advance(minutes=1)
    moody.away = False
    run(idle_house.idp, asked.id, 2)
    assert grant_of(idle_house, asked.id).due_at == clock() + timedelta(minutes=30)


def test_an_end_is_arranged_before_access_is_given_and_as_long_as_it_is_there(
    idle_house: House, moody: MoodyAccess, clock: Clock
) -> None:
    asked = idle_house.submit("prod-access", duration="1h")
    decide(idle_house.idp, asked.id, Actor(BEN), True)
    moody.away = True
    run(idle_house.idp, asked.id, 1)
    assert end_arranged(idle_house, asked.id)
    clock.advance(minutes=1)
    moody.away = False
    run(idle_house.idp, asked.id, 2)
    assert end_arranged(idle_house, asked.id), "from when it was given"
    extend(idle_house.idp, asked.id, Actor(ANN), 1800)
    assert end_arranged(idle_house, asked.id), "the later one"
    clock.advance(minutes=90)
    moody.away = True
    revoke(idle_house.idp, asked.id)
    assert end_arranged(idle_house, asked.id), "another try"


def test_access_that_is_handed_back_while_it_is_being_given_is_taken_away(
    idle_house: House, moody: MoodyAccess
) -> None:
    asked = idle_house.submit("prod-access")
    decide(idle_house.idp, asked.id, Actor(BEN), True)

    def hand_back() -> None:
        finish(idle_house.idp, asked.id, Actor(ANN))
        revoke(idle_house.idp, asked.id)

    moody.meanwhile = hand_back
    run(idle_house.idp, asked.id, 1)
    revoke(idle_house.idp, asked.id)
    assert not moody.list()
    assert grant_of(idle_house, asked.id).state == "ended"


def test_access_that_is_being_taken_away_does_not_stay_for_a_later_grant(
    idle_house: House, moody: MoodyAccess, clock: Clock
) -> None:
    first = given(idle_house)
    clock.advance(minutes=30)
    moody.away = True
    revoke(idle_house.idp, first)
    second = given(idle_house)
    moody.away = False
    run(idle_house.idp, second, 2)
    assert grant_of(idle_house, second).state == "opening", "what is about to be taken away is not given"
    revoke(idle_house.idp, first)
    assert not moody.list()
    run(idle_house.idp, second, 3)
    assert grant_of(idle_house, second).state == "active"


def test_giving_that_fails_for_good_leaves_no_access(idle_house: House, moody: MoodyAccess) -> None:
    asked = idle_house.submit("prod-access")
    decide(idle_house.idp, asked.id, Actor(BEN), True)
    moody.away = True
    for attempt in range(1, 10):
        run(idle_house.idp, asked.id, attempt)
    with idle_house.idp.database.reading() as store:
        failed = requests.load(store, asked.id)
    assert failed
    assert (failed.state, failed.error) == ("failed", "The access system does not answer.")
    moody.away = False
    revoke(idle_house.idp, asked.id)
    assert grant_of(idle_house, asked.id).ended_why == "not given"
    assert not said_of_the_end(idle_house), "what was never given does not end"


def test_of_two_grants_of_the_same_access_the_later_end_counts(idle_house: House, clock: Clock) -> None:
    first = given(idle_house, "30m")
    clock.advance(minutes=20)
    second = given(idle_house, "30m")
    clock.advance(minutes=10)
    revoke(idle_house.idp, first)
    covered = grant_of(idle_house, first)
    assert (covered.state, covered.covered_by) == ("ended", second)
    assert idle_house.idp.access.holds(Entitlement("", "ann@acme.example", CHECKOUT, "prod"))
    sweep(idle_house.idp, clock().isoformat())
    assert not alarms(idle_house)
    clock.advance(minutes=20)
    revoke(idle_house.idp, second)
    assert not idle_house.access.list(), "both ids are gone"
    assert len(said_of_the_end(idle_house)) == 2


def test_taking_away_is_tried_for_ever_and_people_are_told(
    idle_house: House, moody: MoodyAccess, clock: Clock
) -> None:
    id = given(idle_house)
    clock.advance(minutes=30)
    moody.away = True
    told = []
    for minutes in (0, 4, 2, 30, 30, 600):
        clock.advance(minutes=minutes)
        revoke(idle_house.idp, id)
        told.append(len(alarms(idle_house)))
    assert told == [0, 0, 1, 1, 2, 2]
    assert "ann@acme.example still has access" in alarms(idle_house)[0]
    assert grant_of(idle_house, id).state == "ending"
    moody.away = False
    revoke(idle_house.idp, id)
    assert not moody.list()
    assert audited(idle_house).count("grant.ended") == 1


def test_a_bug_in_the_adapter_is_no_reason_to_give_up(idle_house: House, moody: MoodyAccess, clock: Clock) -> None:
    id = given(idle_house)
    clock.advance(minutes=36)
    moody.broken = True
    with pytest.raises(RuntimeError):
        revoke(idle_house.idp, id)
    assert grant_of(idle_house, id).error == "RuntimeError in the access adapter"
    assert len(alarms(idle_house)) == 1
    assert end_arranged(idle_house, id)
    moody.broken = False
    revoke(idle_house.idp, id)
    assert not moody.list()


def test_a_system_that_only_says_it_did_it_is_not_believed(
    idle_house: House, moody: MoodyAccess, clock: Clock
) -> None:
    id = given(idle_house)
    clock.advance(minutes=30)
    moody.lies = True
    revoke(idle_house.idp, id)
    assert grant_of(idle_house, id).state == "ending"
    moody.lies = False
    revoke(idle_house.idp, id)
    assert grant_of(idle_house, id).state == "ended"


def test_giving_back_early(idle_house: House, clock: Clock) -> None:
    id = given(idle_house)
    clock.advance(minutes=5)
    with pytest.raises(NotFound):
        finish(idle_house.idp, id, Actor(BEN))
    finish(idle_house.idp, id, Actor(ANN))
    revoke(idle_house.idp, id)
    assert not idle_house.access.list()
    assert grant_of(idle_house, id).ended_why == "done"
    assert said_of_the_end(idle_house) == ["Access of ann to checkout (prod) has ended: given back."]
    with pytest.raises(Conflict, match="ended already"):
        finish(idle_house.idp, id, Actor(ANN))


def test_extending_once_within_what_was_agreed(idle_house: House, clock: Clock) -> None:
    id = given(idle_house, "1h")
    first = grant_of(idle_house, id)
    assert max(extensions(idle_house.idp, first)) == 3600
    assert extensions(idle_house.idp, replace(first, seconds=14_400)) == (), "the policy gives no longer access"
    with_ann, idle_house.catalog.snapshot = idle_house.catalog.snapshot, Snapshot.build([])
    with pytest.raises(NotAllowed):
        extend(idle_house.idp, id, Actor(ANN), 1800)
    idle_house.catalog.snapshot = with_ann
    with pytest.raises(NotAllowed):
        extend(idle_house.idp, id, Actor(ANN), 14_400)
    with pytest.raises(NotFound):
        extend(idle_house.idp, id, Actor(BEN), 1800)
    clock.advance(minutes=55)
    assert extend(idle_house.idp, id, Actor(ANN), 1800).due_at == first.due_at + timedelta(minutes=30)
    with pytest.raises(NotAllowed, match="asked again"):
        extend(idle_house.idp, id, Actor(ANN), 1800)
    clock.advance(minutes=10)
    revoke(idle_house.idp, id)
    assert idle_house.access.list(), "the first timer changes nothing"
    clock.advance(minutes=25)
    revoke(idle_house.idp, id)
    assert not idle_house.access.list()


def test_the_holder_is_told_once_ten_minutes_before_the_end(idle_house: House, clock: Clock) -> None:
    id = given(idle_house)
    deadlines = Deadlines()
    for minutes in (0, 19, 1, 1):
        clock.advance(minutes=minutes)
        due(idle_house.idp, deadlines)
    told = [m for m in idle_house.showing("grant", id) if ":ending:" in m.key]
    assert [message.place for message in told] == [ANN]
    deliver(idle_house.idp, told[0].id or 0)
    card = idle_house.chat.at(ANN)[-1].card
    assert getattr(card, "ending", False)
    assert getattr(card, "extend_seconds", ())


def test_break_glass_is_given_at_once_and_reviewed_by_somebody_else(idle_house: House, clock: Clock) -> None:
    with pytest.raises(NotAllowed):
        idle_house.submit("break-glass")
    asked = idle_house.submit("break-glass", by=CAT, reason="INC-9, everybody sleeps")
    run(idle_house.idp, asked.id, 1)
    assert idle_house.access.list()
    assert not extensions(idle_house.idp, grant_of(idle_house, asked.id))
    nag(idle_house.idp)
    for hours in (1, 4, 4, 24):
        clock.advance(hours=hours)
        nag(idle_house.idp)
        nag(idle_house.idp)
    asked_for = [m.place for m in idle_house.showing("review", asked.id)]
    assert asked_for == ["payments", "platform"] * 4
    with pytest.raises(NotAllowed):
        close_review(idle_house.idp, asked.id, Actor(CAT), "all fine")
    with pytest.raises(Invalid):
        close_review(idle_house.idp, asked.id, Actor(FAY), " ")
    assert close_review(idle_house.idp, asked.id, Actor(FAY), "restarted the queue, fine").reviewed_by == FAY
    clock.advance(days=3)
    nag(idle_house.idp)
    assert len(idle_house.showing("review", asked.id)) == 8

"""Coder in trouble, as a whole: true states, bounded tries, one workspace, no orphan."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from data.idp import Idp
from data.integrations.workspaces.coder import CoderWorkspaces
from data.integrations.workspaces.coder_api import CoderApi
from data.store import requests, workspaces
from data.store.workspaces import Workspace
from tests.conftest import Clock
from tests.fakes.api import Answer
from tests.fakes.coder import FakeCoder
from tests.workflows.house import ANN, CAT, CHECKOUT, House
from workflows.action import actions
from workflows.requests.request import Actor, submit
from workflows.requests.run import run
from workflows.workspaces import deeds
from workflows.workspaces.inventory import take_stock
from workflows.workspaces.watching import watch

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Company:
    """A house whose clock stands still, its Coder, and the work done by hand: each thing when the test says so."""

    house: House
    idp: Idp
    coder: FakeCoder
    clock: Clock

    def launch(self) -> int:
        values = {"target": CHECKOUT, "template": "python-service", "name": "checkout", "life": "8h", "p.cpu": 2}
        return int(submit(self.idp, actions()["workspace"], Actor(ANN), values, reason="").id)

    def turn(self, request: int) -> None:
        """One turn of the run, as the engine would give it."""
        with self.idp.database.reading() as store:
            kept = requests.load(store, request)
        assert kept is not None
        run(self.idp, request, kept.attempt)

    def state(self, request: int) -> str:
        with self.idp.database.reading() as store:
            kept = requests.load(store, request)
        return kept.state if kept else ""

    def row(self) -> Workspace:
        with self.idp.database.reading() as store:
            return workspaces.find(store, owner=ANN)[0]

    def look(self, **later: float) -> Workspace:
        self.clock.advance(**later)
        watch(self.idp)
        return self.row()

    def ready(self) -> Workspace:
        self.turn(self.launch())
        row = self.look(seconds=20)
        assert row.state == "running"
        return row

    def alarms(self) -> list[str]:
        with self.idp.database.reading() as store:
            from data.store import messages

            return [m.text for m in messages.overdue(store, self.clock() + timedelta(days=1)) if m.kind == "alarm"]


@pytest.fixture
def company(idle_house: House, clock: Clock) -> Iterator[Company]:
    with FakeCoder(clock) as coder:
        coder.account("ann", "ann@acme.example")
        system: Any = CoderWorkspaces(CoderApi(coder.url, coder.token, seconds=1.0), clock, coder.url)
        yield Company(idle_house, replace(idle_house.idp, workspaces=(system,)), coder, clock)
        system.close()


def test_down_while_it_is_to_be_made_and_back(company: Company) -> None:
    request = company.launch()
    with company.coder.trouble("/api/v2/users/ann/workspaces", Answer(503, None)):
        company.turn(request)
        assert company.state(request) == "running"
        assert company.row().state == "queued"
    company.turn(request)
    assert company.state(request) == "done"
    assert company.look(seconds=20).state == "running"
    assert len(company.coder.workspaces) == 1


def test_an_answer_that_was_lost_leaves_one_workspace_and_no_orphan(company: Company) -> None:
    request = company.launch()
    make = company.coder.respond

    def lose(call: Any) -> Answer:
        answer = make(call)
        return Answer(502, None) if call.method == "POST" and call.path.endswith("/workspaces") else answer

    company.coder.respond = lose  # type: ignore[method-assign]  # made, but nobody hears of it
    company.turn(request)
    assert len(company.coder.workspaces) == 1
    assert company.row().remote == ""
    company.coder.respond = make  # type: ignore[method-assign]
    company.turn(request)
    assert company.state(request) == "done"
    assert len(company.coder.workspaces) == 1


def test_what_a_run_that_gave_up_has_made_is_found_by_the_inventory(company: Company) -> None:
    request = company.launch()
    with company.coder.trouble("/api/v2/users/ann/workspace/checkout", Answer(503, None)):
        for _ in range(10):
            company.turn(request)
    assert company.state(request) == "failed"
    company.coder.put("ann", "checkout", by="idp-bot")  # the call had arrived, late
    company.clock.advance(minutes=1)
    take_stock(company.idp)
    row = company.row()
    assert row.remote
    assert len(company.coder.workspaces) == 1
    assert company.look(seconds=20).state == "running"


def test_what_was_never_made_frees_its_name_after_a_quarter_of_an_hour(company: Company) -> None:
    request = company.launch()
    with company.coder.trouble("/api/v2/", Answer(503, None)):
        for _ in range(10):
            company.turn(request)
    company.look(minutes=2)
    assert company.row().state == "failed"
    company.clock.advance(minutes=15)
    watch(company.idp)
    with company.idp.database.reading() as store:
        assert workspaces.find(store, owner=ANN) == []


def test_a_wish_waits_for_the_end_of_a_build_in_progress(company: Company) -> None:
    company.turn(company.launch())
    row = company.look(seconds=5)
    assert row.state == "starting"
    deeds.stop(company.idp, row.id, Actor(ANN))
    waiting = company.look(seconds=1)
    assert (waiting.state, waiting.wanted) == ("starting", "stopped")
    company.look(seconds=15)
    company.look(seconds=15)
    assert company.look(seconds=15).state == "stopped"


@pytest.mark.parametrize("status", [401, 429, 500])
def test_trouble_keeps_the_last_state_and_wishes_end_after_a_quarter_of_an_hour(
    company: Company, status: int
) -> None:
    row = company.ready()
    deeds.stop(company.idp, row.id, Actor(ANN))
    with company.coder.trouble("/api/v2/", Answer(status, {"message": "no"})):
        waiting = company.look(seconds=1)
        assert (waiting.state, waiting.wanted) == ("running", "stopped")
        assert waiting.error
        given_up = company.look(minutes=16)
        assert given_up.wanted == ""
        assert "Nothing was done" in given_up.error
        take_stock(company.idp)
        assert any("token" in text for text in company.alarms()) == (status == 401)
    take_stock(company.idp)
    assert company.row().state == "running"


def test_a_delete_that_fails_is_tried_on_and_told_after_a_quarter_of_an_hour(company: Company) -> None:
    row = company.ready()
    company.coder.breaking.add("checkout")
    deeds.delete(company.idp, row.id, Actor(CAT))
    for _ in range(12):
        failed = company.look(minutes=2)
    assert failed.wanted == "deleted"
    assert any("could not be deleted for 15 minutes" in text for text in company.alarms())
    company.coder.breaking.clear()
    for _ in range(3):
        company.clock.advance(minutes=6)
        watch(company.idp)
    with company.idp.database.reading() as store:
        assert workspaces.find(store, owner=ANN) == []


def test_a_build_that_hangs_is_told_after_twenty_minutes_and_broken_off_by_trying_again(company: Company) -> None:
    company.coder.hanging = True
    company.turn(company.launch())
    company.look(seconds=10)
    row = company.look(minutes=21)
    assert row.alarms == 1
    assert any("for 20 minutes" in text for text in company.alarms())
    company.coder.hanging = False
    deeds.again(company.idp, row.id, Actor(ANN))
    for _ in range(4):
        row = company.look(seconds=30)
    assert row.state == "running"
    assert len(company.coder.workspaces) == 1

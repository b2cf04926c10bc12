"""What a workspace will cost and what is left is said before it is launched, and "unknown" where nobody knows."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from data.integrations.workspaces.coder import CoderWorkspaces
from data.integrations.workspaces.coder_api import CoderApi
from data.ports.workspaces import NewWorkspace
from tests.conftest import Clock
from tests.fakes.api import Answer
from tests.fakes.coder import FakeCoder
from tests.workflows.house import ANN, SPACE, House
from workflows.action import actions
from workflows.requests.request import Actor, preview
from workflows.workspaces.inventory import take_stock

QUOTA = "/api/v2/organizations/default/members/ann/workspace-quota"


def said(house: House, template: str) -> str:
    """The lines of the preview for Ann."""
    made = preview(house.idp, actions()["workspace"], Actor(ANN), {**SPACE, "template": template})
    return "\n".join(made.draft.points)


@pytest.fixture
def coder(clock: Clock) -> Iterator[FakeCoder]:
    with FakeCoder(clock) as fake:
        fake.account("ann", "ann@acme.example")
        yield fake


@pytest.fixture
def at_coder(idle_house: House, coder: FakeCoder, clock: Clock) -> Iterator[House]:
    system = CoderWorkspaces(CoderApi(coder.url, coder.token, seconds=1.0), clock, coder.url)
    yield replace(idle_house, idp=replace(idle_house.idp, workspaces=(system,)))
    system.close()


def run_one(house: House, coder: FakeCoder, clock: Clock) -> None:
    coder.put("ann", "elder")
    clock.advance(minutes=1)
    take_stock(house.idp)


def test_the_price_is_that_of_those_that_run_and_before_that_it_is_unknown(
    idle_house: House, clock: Clock
) -> None:
    assert "what it costs is unknown" in said(idle_house, "python")
    idle_house.workspaces.create(NewWorkspace("ann@acme.example", "elder", "python"))
    clock.advance(minutes=1)
    take_stock(idle_house.idp)
    told = said(idle_house, "python")
    assert "costs 12 credits a day while it runs, like the one of this template that runs now" in told
    assert "you have 28 of 40 credits left" in told
    assert "what it costs is unknown" in said(idle_house, "node")


def test_coder_tells_what_is_left_and_whether_it_fits(at_coder: House, coder: FakeCoder, clock: Clock) -> None:
    assert "you have 88 of 100 credits left" in said(at_coder, "python-service")
    run_one(at_coder, coder, clock)
    coder.used = 94
    told = said(at_coder, "python-service")
    assert "costs 7 credits a day" in told
    assert "\u26a0 you have 6 of 100 credits left: Coder may refuse to build it" in told


@pytest.mark.parametrize("answer", [Answer(403, {"message": "Forbidden."}), Answer(503), Answer(200, {})])
def test_a_coder_that_does_not_say_what_is_left_keeps_nobody_from_launching(
    at_coder: House, coder: FakeCoder, answer: Answer
) -> None:
    with coder.trouble(QUOTA, answer):
        assert "how many credits you have left is unknown: " in said(at_coder, "python-service")


def test_nothing_is_said_of_a_limit_that_is_not_there(at_coder: House, coder: FakeCoder) -> None:
    coder.budget = -1
    assert "left" not in said(at_coder, "python-service")

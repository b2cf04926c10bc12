"""Coder, against a stand-in whose builds move on a clock: what it tells, what it refuses, when it is away."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from data.errors import Conflict, Invalid, NotFound, Unavailable
from data.integrations.workspaces.coder import CoderWorkspaces
from data.integrations.workspaces.coder_api import CoderApi
from data.ports.workspaces import NewWorkspace, RemoteWorkspace
from tests.conftest import Clock
from tests.fakes.api import Answer
from tests.fakes.coder import FakeCoder

NEW = NewWorkspace("ann@acme.example", "checkout", "python-service", {"cpu": "4", "region": "eu"}, life=28_800)


@pytest.fixture
def coder(clock: Clock) -> Iterator[FakeCoder]:
    with FakeCoder(clock) as fake:
        fake.account("ann", "Ann@acme.example")
        yield fake


@pytest.fixture
def system(coder: FakeCoder, clock: Clock) -> Iterator[CoderWorkspaces]:
    made = connected(coder, clock)
    yield made
    made.close()


def connected(coder: FakeCoder, clock: Clock, url: str = "") -> CoderWorkspaces:
    return CoderWorkspaces(CoderApi(url or coder.url, coder.token, seconds=1.0), clock, coder.url)


def there(system: CoderWorkspaces, id: str) -> RemoteWorkspace:
    found = system.get(id)
    assert found is not None
    return found


def test_it_is_made_built_ready_stopped_started_and_deleted(system: CoderWorkspaces, clock: Clock) -> None:
    made = system.create(NEW)
    assert (made.state, made.owner, made.ours) == ("pending", "ann@acme.example", True)
    clock.advance(seconds=5)
    assert there(system, made.id).state == "starting"
    clock.advance(seconds=6)
    assert there(system, made.id).state == "starting"  # built, but its agent is not connected yet
    clock.advance(seconds=3)
    ready = there(system, made.id)
    assert ready.state == "running"
    assert ready.cost == 7
    assert ready.deadline
    assert ready.web_url.endswith("/@ann/checkout.main/apps/code-server/")
    assert "coder.coder-remote" in ready.editor_url
    system.extend(made.id, ready.deadline + timedelta(hours=2))
    assert there(system, made.id).deadline == ready.deadline + timedelta(hours=2)
    system.turn(made.id, "stop")
    assert there(system, made.id).state == "pending"
    clock.advance(seconds=11)
    assert there(system, made.id).state == "stopped"
    system.turn(made.id, "delete")
    clock.advance(seconds=11)
    assert system.get(made.id) is None
    assert system.find("ann@acme.example", "checkout") is None


def test_names_are_taken_in_whatever_case_and_builds_exclude_each_other(
    system: CoderWorkspaces, clock: Clock
) -> None:
    made = system.create(NEW)
    assert system.find("ann@acme.example", "CHECKOUT")
    with pytest.raises(Conflict, match="already exists"):
        system.create(NewWorkspace("ann@acme.example", "CheckOut", "python-service"))
    with pytest.raises(Conflict, match="already active"):
        system.turn(made.id, "stop")
    clock.advance(minutes=5)
    with pytest.raises(Invalid, match="deadline: too soon"):
        system.extend(made.id, clock() + timedelta(minutes=5))


def test_what_a_template_asks(system: CoderWorkspaces) -> None:
    template = system.template("python-service")
    kinds = {one.name: one.kind for one in template.parameters}
    assert kinds == {"cpu": "number", "region": "text", "branch": "text", "docker": "bool", "tools": "list"}
    cpu, region, branch = template.parameters[:3]
    assert (cpu.minimum, cpu.maximum) == (1, 8)
    assert [choice.value for choice in region.choices] == ["eu", "us"]
    assert not region.mutable
    assert branch.fault == "Small letters only."
    assert template.presets[0].values == {"cpu": "8"}
    assert template.life == 28_800
    assert [one.deprecated for one in system.templates()] == ["", "Use python-service."]
    with pytest.raises(NotFound):
        system.template("nothing")


def test_a_failed_build_tells_why(system: CoderWorkspaces, coder: FakeCoder, clock: Clock) -> None:
    coder.breaking.add("checkout")
    made = system.create(NEW)
    clock.advance(seconds=11)
    failed = there(system, made.id)
    assert failed.state == "failed"
    assert "exit status 1" in failed.error
    assert system.log(made.id, 5)[-1] == "Error: quota exceeded in zone b"


def test_a_build_that_hangs_can_be_broken_off(system: CoderWorkspaces, coder: FakeCoder, clock: Clock) -> None:
    coder.hanging = True
    made = system.create(NEW)
    clock.advance(minutes=30)
    assert there(system, made.id).state == "starting"
    system.cancel(made.id)
    assert there(system, made.id).state == "failed"


def test_values_that_are_refused_are_a_sentence(system: CoderWorkspaces) -> None:
    with pytest.raises(Invalid, match="cpu: must be a number"):
        system.create(NewWorkspace("ann@acme.example", "x", "python-service", {"cpu": "many"}))


def test_who_has_no_account_is_told_what_to_do(system: CoderWorkspaces, coder: FakeCoder) -> None:
    coder.account("ben", "ben@acme.example", status="suspended")
    for address in ("nobody@acme.example", "ben@acme.example"):
        with pytest.raises(Invalid, match="no account") as told:
            system.create(NewWorkspace(address, "x", "python-service"))
        assert "Sign in" in told.value.hint
        assert system.find(address, "x") is None


def test_everybodys_are_listed_over_all_pages_and_strangers_are_not_ours(
    system: CoderWorkspaces, coder: FakeCoder
) -> None:
    for number in range(130):
        coder.put("ann", f"box{number}")
    system.create(NEW)
    found = system.list()
    assert len(found) == 131
    assert {one.owner for one in found} == {"ann@acme.example"}
    assert [one.name for one in found if one.ours] == ["checkout"]
    assert len([call for call in coder.history if call.path.endswith("/workspaces")]) == 3  # two pages, one create


def test_its_own_quota(system: CoderWorkspaces, coder: FakeCoder) -> None:
    granted = system.quota("ann@acme.example")
    assert granted is not None
    assert (granted.used, granted.budget) == (12, 100)
    coder.budget = -1
    assert system.quota("ann@acme.example") is None


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(401, {"message": "no"}), "does not accept our token"),
        (Answer(429, {"message": "slow down"}, {"Retry-After": "30"}), "429"),
        (Answer(503, None), "503"),
        (Answer(200, None, content=b"<html>"), "not JSON"),
        (Answer(200, {"unexpected": True}), "not understood"),
    ],
)
def test_what_may_pass_is_unavailable(
    system: CoderWorkspaces, coder: FakeCoder, answer: Answer, said: str
) -> None:
    with coder.trouble("/api/v2/workspaces", answer), pytest.raises(Unavailable, match=said):
        system.list()


def test_silence_ends_soon_and_no_word_holds_the_token(clock: Clock, coder: FakeCoder) -> None:
    system = connected(coder, clock)
    with coder.trouble("/api/v2/", pause=60.0), pytest.raises(Unavailable) as told:
        system.templates()
    assert coder.token not in f"{told.value} {told.value.hint} {system}"
    system.close()

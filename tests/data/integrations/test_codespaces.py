"""Codespaces: listed with the organisation's token, stopped and deleted, launched by a link."""

from collections.abc import Iterator

import pytest

from data.errors import Invalid, NotFound, Unavailable
from data.integrations.workspaces.codespaces import Codespaces, connect
from data.ports.workspaces import NewWorkspace
from tests.fakes.api import Answer
from tests.fakes.codespaces import FakeCodespaces


@pytest.fixture
def github() -> Iterator[FakeCodespaces]:
    with FakeCodespaces() as fake:
        yield fake


@pytest.fixture
def system(github: FakeCodespaces) -> Iterator[Codespaces]:
    made = Codespaces(connect(github.url, "gh-canary", seconds=1.0), "acme")
    yield made
    made.close()


def test_all_of_the_organisation_over_all_pages(system: Codespaces, github: FakeCodespaces) -> None:
    for number in range(130):
        github.put(f"lamp-{number}", "ann-acme", "acme/checkout")
    github.put("gone", "ann-acme", "acme/checkout", state="Deleted")
    found = system.list()
    assert len(found) == 130
    assert {(one.owner, one.repository, one.state) for one in found} == {("ann-acme", "acme/checkout", "running")}


def test_stopped_and_deleted_for_others_but_never_started(system: Codespaces, github: FakeCodespaces) -> None:
    github.put("lamp", "ann-acme", "acme/checkout")
    system.turn("lamp", "stop")
    found = system.get("lamp")
    assert found is not None
    assert found.state == "stopped"
    with pytest.raises(Invalid, match="only the owner"):
        system.turn("lamp", "start")
    with pytest.raises(Invalid, match="only the owner"):
        system.create(NewWorkspace("ann", "x", "y"))
    system.turn("lamp", "delete")
    assert system.get("lamp") is None
    with pytest.raises(NotFound):
        system.turn("lamp", "stop")


def test_launching_is_a_link_for_repositories_of_the_organisation(system: Codespaces) -> None:
    assert system.launch_url("acme/checkout") == "https://codespaces.new/acme/checkout"
    assert system.launch_url("other/checkout") == ""
    assert system.launch_url("") == ""


def test_what_may_pass_is_unavailable(system: Codespaces, github: FakeCodespaces) -> None:
    with github.trouble("/orgs/", Answer(502, None)), pytest.raises(Unavailable):
        system.list()
    with github.trouble("/orgs/", Answer(200, {"x": 1})), pytest.raises(Unavailable, match="not understood"):
        system.list()

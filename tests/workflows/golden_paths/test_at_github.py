"""A whole run at GitHub, in the order that people see, over a network that has bad moments."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.api import Answer, once
from tests.fakes.github_host import FakeGitHubHost
from tests.workflows.golden_paths.company import WANTED
from tests.workflows.golden_paths.github import at_github
from tests.workflows.golden_paths.test_making import run_here, view
from tests.workflows.house import ANN, House
from workflows.golden_paths.new_service import NEW_SERVICE
from workflows.requests.request import Actor, retry, submit, undo


@pytest.fixture
def github(still: House, shared: Path) -> Iterator[FakeGitHubHost]:
    with at_github(still, shared) as fake:
        fake.add("deployments")
        yield fake


def ask(house: House) -> int:
    return submit(house.idp, NEW_SERVICE, Actor(ANN), WANTED, reason="INC-1").id


def test_everything_is_there_once_although_every_other_call_fails(still: House, github: FakeGitHubHost) -> None:
    id = ask(still)
    for path in ("/orgs/acme/repos", "/repos/acme/orders", "/repos/acme/deployments/pulls", "/orgs/acme/teams"):
        github.troubles.append(once(502, path=path))
    run_here(still.idp, id)
    assert view(still, id).request.state == "done", view(still, id).request.error
    orders, deployments = github.repos["orders"], github.repos["deployments"]
    assert len(orders.history()) == 1
    assert ".github/workflows/ci.yml" in orders.files()
    assert (orders.private, orders.teams, bool(orders.protection)) == (True, {"payments": "push"}, True)
    assert orders.protection is not None
    assert orders.protection["required_status_checks"]["contexts"] == ["scan"]
    assert [pull["title"] for pull in deployments.pulls] == ["Deploy orders"]
    assert "apps/orders/deployment.yaml" in deployments.files(f"idp/{id}-{view(still, id).request.marker}")
    links = [link for step in view(still, id).steps for link in step.result.get("links", ())]
    assert ["CI", "https://github.com/acme/orders/actions"] in links
    assert ["Dashboard", "https://grafana.acme.example/d/orders"] in links


def test_a_token_that_ended_stops_with_a_sentence_and_goes_on_after(still: House, github: FakeGitHubHost) -> None:
    id, token = ask(still), github.token
    github.token = "another"
    run_here(still.idp, id)
    failed = view(still, id).request
    assert failed.state == "failed"
    assert "token" in failed.error
    assert token not in failed.error
    github.token = token
    retry(still.idp, id, Actor(ANN))
    run_here(still.idp, id)
    assert view(still, id).request.state == "done"


def test_protection_that_a_plan_does_not_have_is_undone_on_demand(still: House, github: FakeGitHubHost) -> None:
    id = ask(still)
    refusal = Answer(403, {"message": "Upgrade to GitHub Pro", "documentation_url": "x"})
    with github.trouble("/repos/acme/orders/branches", refusal):
        run_here(still.idp, id)
    assert "protect the default branch" in view(still, id).request.error
    undo(still.idp, id, Actor(ANN))
    run_here(still.idp, id)
    assert view(still, id).request.state == "undone"
    assert list(github.repos) == ["deployments"]

"""A run makes a repository, one commit, rights, protection, a pull request and a catalog entry, once each."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.errors import Conflict, NotAllowed, Unavailable
from data.store import requests
from data.store.requests import RunView
from tests.data.golden_paths.conftest import git
from tests.workflows.golden_paths.company import WANTED, template
from tests.workflows.house import ANN, House
from workflows.action import FormFaults
from workflows.golden_paths.looking import look
from workflows.golden_paths.making import repo_of
from workflows.golden_paths.new_service import NEW_SERVICE
from workflows.requests.request import Actor, preview, retry, submit, undo
from workflows.requests.run import run, work_of
from workflows.requests.unwinding import unwind
from workflows.templates.census import standing


def ask(house: House, **values: Any) -> int:
    """Ask for a new service as Ann; gives the number of the request."""
    made = submit(house.idp, NEW_SERVICE, Actor(ANN), WANTED | values, reason="INC-1")
    return made.id


def view(house: House, id: int) -> RunView:
    with house.idp.database.reading() as store:
        found = requests.view(store, id)
    assert found
    return found


def bare(tmp_path: Path, name: str) -> Path:
    return tmp_path / "git" / "acme" / f"{name}.git"


def test_from_a_form_to_a_repository_that_the_catalog_knows(house: House, tmp_path: Path) -> None:
    before = look(house.idp, house.idp.catalog.snapshot, WANTED)
    id = ask(house, commit=before.pinned.commit, q_database="postgres", q_size="large")
    house.settle()
    done = view(house, id)
    assert (done.request.state, done.request.error) == ("done", "")
    assert [step.state for step in done.steps] == ["done"] * 8
    orders = bare(tmp_path, "orders")
    assert git(orders, "rev-list", "--count", "main") == "1"
    assert git(orders, "show", "main:README.md") == "# orders on 8080"
    answers = git(orders, "show", "main:.copier-answers.yml")
    assert "size: large" in answers
    assert "_commit: v1" in answers
    assert "token" not in answers
    assert "100755" in git(orders, "ls-tree", "main", "run.sh")
    assert git(orders, "config", "idp.team-payments.permission") == "push"
    assert git(orders, "config", "idp.protected") == "main"
    assert git(orders, "config", "idp.checks") == "scan"
    assert {one.title: one.seen for one in before.checks}["The default branch is protected"] == (
        "a review, and the checks scan"
    )
    pull = house.idp.repo_host.pull_request("deployments", f"idp/{id}-{done.request.marker}")
    assert pull
    deployments = bare(tmp_path, "deployments")
    assert "name: orders" in git(deployments, "show", f"{pull.branch}:apps/orders/deployment.yaml")
    entity = house.idp.catalog.snapshot.get("component:default/orders")
    assert entity
    assert (entity.owner, entity.source) == ("group:default/payments", "new-services")
    stands = standing(house.idp, house.idp.catalog.snapshot, entity)
    assert stands is not None
    assert (stands.follower.path, stands.follower.origin.version) == ("demo", "v1")
    linked = {(link.type, link.ref) for link in house.idp.catalog.snapshot.links(entity.ref)}
    assert ("consumesApi", "api:default/ledger-api") in linked
    assert not list((tmp_path / "runs").iterdir())
    assert any("is done, after" in str(said.card) for said in house.chat.at("payments"))


def test_a_repository_that_took_the_place_of_the_one_that_was_made_is_left_alone(still: House) -> None:
    id = ask(still)
    run_here(still.idp, id)
    made = view(still, id)
    facts = next(step.result for step in made.steps if step.name == "create")
    work = work_of(still.idp, made.request, {"create": {**facts, "id": "of another one"}})
    with pytest.raises(Conflict, match="another one now"):
        repo_of(work)


def test_a_template_that_changed_after_the_preview_is_rendered_as_it_was(still: House, tmp_path: Path) -> None:
    before = look(still.idp, still.idp.catalog.snapshot, WANTED)
    template(tmp_path / "template", {"README.md.jinja": "changed\n"})
    run_here(still.idp, ask(still, commit=before.pinned.commit))
    assert git(bare(tmp_path, "orders"), "show", "main:README.md") == "# orders on 8080"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "Orders"}, "name"),
        ({"name": "../../evil"}, "name"),
        ({"name": "deployments"}, "name"),
        ({"owner": "group:default/nobody"}, "owner"),
        ({"consumes_apis": ["api:default/none"]}, "consumes_apis"),
        ({"q_port": 80}, "q_port"),
        ({"q_database": "oracle"}, "q_database"),
        ({"description": ""}, "description"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(still: House, values: dict[str, Any], field: str) -> None:
    with pytest.raises(FormFaults) as faults:
        preview(still.idp, NEW_SERVICE, Actor(ANN), WANTED | values)
    assert list(faults.value.faults) == [field]


def test_a_template_without_a_catalog_entity_gets_one(still: House, tmp_path: Path) -> None:
    (tmp_path / "template" / "catalog-info.yaml.jinja").unlink()
    run_here(still.idp, ask(still))
    entity = still.idp.catalog.snapshot.get("component:default/orders")
    assert entity
    assert (entity.owner, entity.description) == ("group:default/payments", "Takes orders.")
    assert "consumesApis" in git(bare(tmp_path, "orders"), "show", "main:catalog-info.yaml")


def test_a_golden_path_is_for_its_groups_only(still: House) -> None:
    renderer: Any = still.idp.golden_paths
    renderer.registry = [replace(renderer.registry[0], groups=("sre",))]
    with pytest.raises(NotAllowed, match="sre only"):
        preview(still.idp, NEW_SERVICE, Actor(ANN), WANTED)


def test_a_secret_in_a_template_stops_it_before_anything_is_made(still: House, tmp_path: Path) -> None:
    template(tmp_path / "template", {"key.pem": "-----BEGIN RSA PRIVATE KEY-----\nx\n"})
    seen = look(still.idp, still.idp.catalog.snapshot, WANTED)
    assert [one.title for one in seen.checks if not one.holds] == ["Secrets by path only"]
    id = ask(still)
    run_here(still.idp, id)
    failed = view(still, id)
    assert failed.request.state == "failed"
    assert "key.pem" in failed.request.error
    assert still.idp.repo_host.find("orders") is None


class Broken:
    """A host on which one call goes wrong so many times, before or after it had its effect."""

    def __init__(self, inner: Any, call: str, error: Exception, times: int, after: bool) -> None:
        self._inner, self._call, self._error, self.left, self._after = inner, call, error, times, after

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._inner, name)
        if name != self._call:
            return real

        def call(*args: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                return real(*args)
            if self._after:
                real(*args)
            raise self._error

        return call


@pytest.mark.parametrize("call", ["create", "first_commit", "open_pull_request", "finish"])
def test_a_call_that_had_its_effect_before_it_failed_is_not_done_twice(
    still: House, tmp_path: Path, call: str
) -> None:
    broken = Broken(still.idp.repo_host, call, Unavailable("The host does not answer."), 1, after=True)
    idp = replace(still.idp, repo_host=broken)
    made = submit(idp, NEW_SERVICE, Actor(ANN), WANTED, reason="x")
    run_here(idp, made.id)
    assert view(still, made.id).request.state == "done"
    assert git(bare(tmp_path, "orders"), "rev-list", "--count", "main") == "1"
    assert len(list(bare(tmp_path, "deployments").glob("pulls/*.json"))) == 1
    assert len(list((tmp_path / "git" / "acme").glob("*.git"))) == 2


def test_protection_that_is_refused_stops_with_a_sentence_and_undo_takes_all_away(
    still: House, tmp_path: Path
) -> None:
    refused = NotAllowed("GitHub does not allow us to protect the default branch.")
    broken = Broken(still.idp.repo_host, "protect", refused, 99, after=False)
    idp = replace(still.idp, repo_host=broken)
    id = submit(idp, NEW_SERVICE, Actor(ANN), WANTED, reason="x").id
    run_here(idp, id)
    failed = view(still, id)
    assert (failed.request.state, failed.request.error) == ("failed", refused.message)
    broken.left = 0
    retry(idp, id, Actor(ANN))
    run_here(idp, id)
    assert view(still, id).request.state == "done"
    assert still.idp.catalog.snapshot.get("component:default/orders")


def test_undo_removes_what_this_run_made_and_nothing_else(still: House, tmp_path: Path) -> None:
    broken = Broken(still.idp.repo_host, "finish", NotAllowed("Not allowed."), 99, after=False)
    idp = replace(still.idp, repo_host=broken)
    id = submit(idp, NEW_SERVICE, Actor(ANN), WANTED, reason="x").id
    run_here(idp, id)
    assert view(still, id).request.state == "failed"
    assert still.idp.catalog.snapshot.get("component:default/orders")
    undo(idp, id, Actor(ANN))
    run_here(idp, id)
    undone = view(still, id)
    assert undone.request.state == "undone", undone.request.error
    assert {one.name for one in (tmp_path / "git" / "acme").iterdir()} == {"deployments.git"}
    assert still.idp.catalog.snapshot.get("component:default/orders") is None
    pull = still.idp.repo_host.pull_request("deployments", f"idp/{id}-{undone.request.marker}")
    assert pull
    assert pull.state == "closed"
    assert git(bare(tmp_path, "deployments"), "for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_a_name_that_was_taken_meanwhile_is_left_alone(still: House, tmp_path: Path) -> None:
    id = ask(still)
    still.idp.repo_host.create("orders", "somebody-else", "")
    run_here(still.idp, id)
    failed = view(still, id)
    assert failed.request.state == "failed"
    assert "not of this run" in failed.request.error
    undo(still.idp, id, Actor(ANN))
    run_here(still.idp, id)
    assert view(still, id).request.state == "undone"
    assert bare(tmp_path, "orders").is_dir()


def test_a_host_that_is_down_is_waited_for_longer_than_ten_minutes() -> None:
    step = NEW_SERVICE.step("create")
    assert step
    assert sum(step.retry.wait(tried) for tried in range(1, step.retry.tries)) > 600


def run_here(idp: Any, id: int) -> None:
    """Drive a run by hand, without waiting between its tries."""
    for _ in range(20):
        with idp.database.reading() as store:
            request = requests.load(store, id)
        if request is None or request.state not in {"approved", "running", "undoing"}:
            return
        (unwind if request.state == "undoing" else run)(idp, id, request.attempt)

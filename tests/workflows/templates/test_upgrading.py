"""A version reaches the services: one pull request each, after somebody agreed, found again by the next run."""

from pathlib import Path
from typing import Any

import pytest

from data.errors import Invalid
from data.integrations.repos.bare import Bare
from data.store import requests
from data.store.requests import RunView
from tests.workflows.house import House
from workflows.requests.request import Actor, decide, submit, undo
from workflows.templates.following import UPDATE
from workflows.templates.upgrading import UPGRADE
from workflows.templates.watching import watch

ANN, CAT, DAN = (f"user:default/{name}" for name in ("ann", "cat", "dan"))
BRANCH = "idp/template-demo-v3"


def test_a_version_goes_to_everybody_in_waves_and_is_found_the_next_time(house: House, tmp_path: Path) -> None:
    watch(house.idp, "now")
    first = upgraded(house)
    assert first.request.state == "done"
    states = {ref.rpartition("/")[2]: state for ref, state, *_ in first.steps[1].result["pull_requests"]}
    assert states == {"invoices": "opened", "cart": "opened", "ghost": "left out"}
    assert content(tmp_path, "invoices", "app.txt").splitlines()[2::6] == ["better", "best"]
    assert content(tmp_path, "invoices", "new.txt") == "new\n"
    assert "old.txt" not in names(tmp_path, "invoices")
    assert "_commit: v3" in content(tmp_path, "invoices", ".copier-answers.yml")
    marked = content(tmp_path, "cart", "app.txt")
    assert "<<<<<<< cart" in marked
    assert ">>>>>>> demo v3" in marked
    assert "ours too" in marked
    thread = [text for text in told(house) if text.startswith("Wave ")]
    assert [text.partition(":")[0] for text in thread] == ["Wave 1 of 2", "Wave 2 of 2"]
    assert "with conflicts in 1 file" in " ".join(thread)

    again = upgraded(house)
    states = {ref.rpartition("/")[2]: state for ref, state, *_ in again.steps[1].result["pull_requests"]}
    assert states == {"invoices": "found", "cart": "found", "ghost": "left out"}
    undo(house.idp, again.request.id, Actor(CAT))
    house.settle()
    assert pull_state(house, "invoices") == "open"  # it is of the first request
    undo(house.idp, first.request.id, Actor(CAT))
    house.settle()
    assert pull_state(house, "invoices") == "closed"
    assert pull_state(house, "cart") == "closed"


def upgraded(house: House) -> RunView:
    values = {"template": "demo", "version": "v3", "wave": 2, "at_once": True}
    request = submit(house.idp, UPGRADE, Actor(CAT), values, reason="The third is better")
    assert (request.state, request.target) == ("pending", "group:default/platform")
    decide(house.idp, request.id, Actor(DAN), approve=True)
    house.settle()
    return view(house, request.id)


def view(house: House, id: int) -> RunView:
    with house.idp.database.reading() as store:
        found = requests.view(store, id)
    assert found is not None
    return found


def told(house: House) -> list[str]:
    return [getattr(message.card, "text", "") for message in house.chat.messages.values()]


def pull_state(house: House, name: str) -> str:
    found = house.idp.repo_host.pull_request(name, BRANCH)
    return found.state if found else "none"


def content(folder: Path, repository: str, path: str) -> str:
    return Bare(folder / "git" / "acme" / f"{repository}.git").git("show", f"{BRANCH}:{path}") + "\n"


def names(folder: Path, repository: str) -> list[str]:
    return Bare(folder / "git" / "acme" / f"{repository}.git").git("ls-tree", "-r", "--name-only", BRANCH).split()


def test_owners_open_the_pull_request_of_their_service(house: House, tmp_path: Path) -> None:
    watch(house.idp, "now")
    values: dict[str, Any] = {"target": "component:default/invoices", "version": "v2"}
    request = submit(house.idp, UPDATE, Actor(ANN), values, reason="Follow")
    house.settle()
    assert view(house, request.id).steps[0].result["state"] == "opened"
    found = house.idp.repo_host.pull_request("invoices", "idp/template-demo-v2")
    assert found is not None
    assert found.title.startswith("Follow Demo service v2")
    body = (tmp_path / "git/acme/invoices.git/pulls/000001.json").read_text()
    assert "The second." in body
    assert "The third" not in body


def test_nothing_is_asked_for_where_nobody_is_behind(house: House) -> None:
    watch(house.idp, "now")
    with pytest.raises(Invalid, match="is not behind"):
        submit(
            house.idp, UPDATE, Actor(ANN), {"target": "component:default/invoices", "version": "v1"}, reason="x"
        )
    with pytest.raises(Invalid, match="No service"):
        submit(house.idp, UPGRADE, Actor(CAT), {"template": "demo", "version": "v1"}, reason="x")

"""An upgrade at GitHub: pull requests over REST, found by the next run, and undone by who opened them only."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.store.requests import RunView
from tests.fakes.api import once
from tests.fakes.github_host import FakeGitHubHost
from tests.fakes.kept_repo import KeptRepo
from tests.workflows.golden_paths.github import at_github
from tests.workflows.golden_paths.test_making import run_here, view
from tests.workflows.house import House
from tests.workflows.templates.company import EDITED, files_of
from tests.workflows.templates.test_upgrading import BRANCH, CAT, DAN
from tests.workflows.templates.test_waves import asked, look
from workflows.requests.request import Actor, decide, submit, undo
from workflows.templates.census import census
from workflows.templates.upgrading import UPGRADE
from workflows.templates.watching import watch


@pytest.fixture
def github(still: House, shared: Path) -> Iterator[FakeGitHubHost]:
    """The same two services there; ghost has no repository."""
    with at_github(still, shared) as fake:
        fake.add("invoices", **files_of("invoices"))
        fake.add("cart", **files_of("cart", **EDITED))
        yield fake


def test_a_version_reaches_services_at_github_and_is_undone_by_its_own_run_only(
    still: House, github: FakeGitHubHost
) -> None:
    watch(still.idp, "now")
    assert outcomes(still) == {"cart": "conflicts", "invoices": "clean", "ghost": "unknown"}
    invoices, cart = github.repos["invoices"], github.repos["cart"]
    theirs = by_hand(still, cart)
    first = upgraded(still)
    assert states(first) == {"invoices": "opened", "cart": "opened", "ghost": "left out"}
    assert text(invoices, "app.txt").splitlines()[2::6] == ["better", "best"]
    assert text(invoices, "new.txt") == "new\n"
    assert "old.txt" not in invoices.files(BRANCH)
    assert "_commit: v3" in text(invoices, ".copier-answers.yml")
    assert "own.txt" in invoices.files(BRANCH)
    assert "<<<<<<< cart" in text(cart, "app.txt")
    assert ">>>>>>> demo v3" in text(cart, "app.txt")
    assert "Both this project and the golden path changed these files" in cart.pulls[-1]["body"]
    assert "The second." in invoices.pulls[0]["body"]
    assert "_commit: v1" in text(invoices, ".copier-answers.yml", "main")

    again = upgraded(still)
    assert states(again) == {"invoices": "found", "cart": "found", "ghost": "left out"}
    assert [len(invoices.pulls), len(cart.pulls)] == [1, 2]
    undone(still, again)
    assert [one["state"] for one in (*invoices.pulls, *cart.pulls)] == ["open", "open", "open"]
    undone(still, first)
    assert [one["state"] for one in (*invoices.pulls, *cart.pulls)] == ["closed", "open", "closed"]
    assert set(invoices.refs) == {"heads/main"}
    assert set(cart.refs) == {"heads/main", f"heads/{theirs}"}


def test_a_bad_moment_of_the_network_opens_nothing_twice(still: House, github: FakeGitHubHost) -> None:
    watch(still.idp, "now")
    for path in ("/repos/acme/invoices/pulls", "/repos/acme/invoices/git/refs", "/repos/acme/cart/git/trees"):
        github.troubles.append(once(502, path=path))
    found = states(upgraded(still))
    assert found["ghost"] == "left out"
    rest = states(upgraded(still))
    assert {rest["invoices"], rest["cart"]} <= {"opened", "found"}
    assert [len(github.repos[name].pulls) for name in ("invoices", "cart")] == [1, 1]


def test_what_is_merged_at_github_lets_the_next_wave_out(still: House, github: FakeGitHubHost) -> None:
    number = asked(still)
    look(still, number)
    look(still, number)
    [pull] = github.repos["cart"].pulls
    assert github.repos["invoices"].pulls == []
    pull |= {"state": "closed", "merged_at": "2026-03-02T10:00:00Z"}
    look(still, number)
    assert [one["state"] for one in github.repos["invoices"].pulls] == ["open"]


def by_hand(house: House, repo: KeptRepo) -> str:
    """Somebody's own pull request; gives its branch."""
    branch = "fix-the-cart"
    repo.refs[f"heads/{branch}"] = repo.refs["heads/main"]
    calls = house.idp.repo_host.calls  # type: ignore[attr-defined]  # GitHub's, as the fixture says
    body = {"title": "Fix it", "head": branch, "base": "main", "body": "By hand."}
    calls.send("POST", f"/repos/acme/{repo.name}/pulls", body)
    return branch


def upgraded(house: House) -> RunView:
    values = {"template": "demo", "version": "v3", "wave": 5, "at_once": True}
    request = submit(house.idp, UPGRADE, Actor(CAT), values, reason="The third is better")
    decide(house.idp, request.id, Actor(DAN), approve=True)
    run_here(house.idp, request.id)
    done = view(house, request.id)
    assert done.request.state == "done", done.request.error
    return done


def undone(house: House, run: RunView) -> None:
    undo(house.idp, run.request.id, Actor(CAT))
    run_here(house.idp, run.request.id)
    assert view(house, run.request.id).request.state == "undone"


def states(run: RunView) -> dict[str, str]:
    return {ref.rpartition("/")[2]: state for ref, state, *_ in run.steps[1].result["pull_requests"]}


def outcomes(house: House) -> dict[str, str]:
    [found] = census(house.idp, house.idp.catalog.snapshot).paths
    return {each.follower.entity.name: each.check.outcome if each.check else "" for each in found.standings}


def text(repo: KeptRepo, path: str, branch: str = BRANCH) -> str:
    return repo.files(branch)[path][1].decode()

"""GitHub as a host: calls and answers keep to the published description, and nothing foreign is ever touched."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.catalog.sources.github_token import Token
from data.errors import Conflict, NotAllowed, NotFound, Unavailable
from data.http.api import Api
from data.integrations.repos.github import GitHubHost
from data.integrations.repos.github_calls import GitHubCalls
from data.ports.repo_host import Change, Proposal
from tests.fakes.api import Answer, once
from tests.fakes.github_host import FakeGitHubHost

MARK = "0123456789abcdef"


@pytest.fixture
def github(shared: Path) -> Iterator[FakeGitHubHost]:
    with FakeGitHubHost(shared / "specs" / "github-trimmed-openapi3.json") as fake:
        yield fake
    assert fake.faults == []


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def host(github: FakeGitHubHost, slept: list[float]) -> Iterator[GitHubHost]:
    api = Api(github.url, sleep=slept.append)
    yield GitHubHost(GitHubCalls(api, Token(github.token), sleep=slept.append), "acme")
    api.close()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    (folder / ".github" / "workflows").mkdir(parents=True)
    (folder / ".github" / "workflows" / "ci.yml").write_text("on: push\n")
    (folder / "logo.png").write_bytes(b"\x89PNG\0\xff")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    (folder / "link").symlink_to("run.sh")
    return folder


def test_a_private_repository_with_one_commit_its_team_and_protection(
    github: FakeGitHubHost, host: GitHubHost, files: Path
) -> None:
    made = host.create("orders", MARK, "Takes orders.")
    assert host.create("orders", MARK, "Takes orders.") == made
    commit = host.first_commit(made, MARK, files, "Create orders")
    assert host.first_commit(made, MARK, files, "Create orders") == commit
    host.allow(made, "payments")
    host.protect(made, ["lint", "test"])
    host.finish(made, "Takes orders.")
    kept = github.repos["orders"]
    assert kept.history() == [f"Create orders\n\nIdp-Run: {MARK}"]
    assert kept.files() == {
        ".github/workflows/ci.yml": ("100644", b"on: push\n"),
        "link": ("120000", b"run.sh"),
        "logo.png": ("100644", b"\x89PNG\0\xff"),
        "run.sh": ("100755", b"#!/bin/sh\n"),
    }
    assert (kept.private, kept.description, kept.teams) == (True, "Takes orders.", {"payments": "push"})
    assert kept.protection
    assert kept.protection["required_pull_request_reviews"] == {"required_approving_review_count": 1}
    assert kept.protection["required_status_checks"] == {"strict": False, "contexts": ["lint", "test"]}
    assert len(github.repos) == 1
    found = host.find("Orders")
    assert found
    assert found.mark == MARK  # told by its commit, now that the description is for people


def test_a_creation_whose_answer_was_lost_is_found_again(github: FakeGitHubHost, host: GitHubHost) -> None:
    github.add("orders", f"Takes orders. [idp:{MARK}]")
    assert host.create("orders", MARK, "Takes orders.").mark == MARK
    github.troubles.append(once(502, path="/orgs/acme/repos"))
    with pytest.raises(Unavailable):
        host.create("invoices", MARK, "")


@pytest.mark.parametrize("whose", ["ours", "foreign"])
def test_a_name_that_github_finds_taken_only_as_it_creates(
    github: FakeGitHubHost, host: GitHubHost, whose: str
) -> None:
    github.add("orders", f"Takes orders. [idp:{MARK if whose == 'ours' else 'fedcba9876543210'}]")
    github.troubles.append(once(404, {"message": "Not Found"}, path="/repos/acme/orders"))
    if whose == "ours":
        assert host.create("orders", MARK, "Takes orders.").mark == MARK
    else:
        with pytest.raises(Conflict, match="not of this run"):
            host.create("orders", MARK, "Takes orders.")
    assert [call.method for call, _ in github.answered].count("POST") == 1


def test_what_people_have_pushed_meanwhile_stays(github: FakeGitHubHost, host: GitHubHost, files: Path) -> None:
    made, kept = host.create("orders", MARK, "Takes orders."), github.repos["orders"]
    github.push(kept, "Mine")
    with pytest.raises(Conflict, match="pushed"):
        host.first_commit(made, MARK, files, "Create orders")
    assert kept.history() == ["Mine", "Initial commit"]


def test_a_repository_that_took_the_place_of_ours_is_not_deleted(github: FakeGitHubHost, host: GitHubHost) -> None:
    made = host.create("orders", MARK, "Takes orders.")
    github.add("orders", f"A copy of the description as well. [idp:{MARK}]")
    with pytest.raises(Conflict, match="not of this run"):
        host.remove(made, MARK)
    assert github.repos


def test_a_pull_request_that_github_finds_open_only_as_it_opens_another(
    github: FakeGitHubHost, host: GitHubHost
) -> None:
    kept = github.add("deployments")
    proposal = Proposal("idp/7-m", "Deploy", "why", {"a": Change(b"a")})
    opened = host.open_pull_request("deployments", proposal)
    github.troubles.append(once(200, [], path="/repos/acme/deployments/pulls"))
    assert host.open_pull_request("deployments", proposal) == opened
    assert len(kept.pulls) == 1


def test_a_pull_request_that_people_closed_is_not_opened_again(github: FakeGitHubHost, host: GitHubHost) -> None:
    kept = github.add("deployments")
    proposal = Proposal("idp/7-m", "Deploy", "why", {"a": Change(b"a")})
    host.open_pull_request("deployments", proposal)
    kept.pulls[0]["state"] = "closed"
    assert host.open_pull_request("deployments", proposal).state == "closed"
    assert len(kept.pulls) == 1


def test_nothing_foreign_is_touched(github: FakeGitHubHost, host: GitHubHost, files: Path) -> None:
    foreign = github.add("orders", "Somebody's")
    repo = host.find("orders")
    assert repo
    acts: list[Callable[[], object]] = [
        lambda: host.create("orders", MARK, ""),
        lambda: host.first_commit(repo, MARK, files, "x"),
        lambda: host.remove(repo, MARK),
        lambda: host.remove(repo, ""),
    ]
    for act in acts:
        with pytest.raises(Conflict):
            act()
    assert foreign.history() == ["Initial commit"]
    assert {call.method for call in github.history} == {"GET"}


def test_undo_deletes_what_the_run_made(github: FakeGitHubHost, host: GitHubHost) -> None:
    made = host.create("orders", MARK, "")
    host.remove(made, MARK)
    host.remove(made, MARK)
    assert github.repos == {}


def test_one_pull_request_on_top_of_what_is_there(
    github: FakeGitHubHost, host: GitHubHost, tmp_path: Path
) -> None:
    kept = github.add("deployments")
    proposal = Proposal("idp/7-m", "Deploy orders", "why", {"apps/a.yaml": Change(b"a: 1\n"), "README.md": None})
    opened = host.open_pull_request("deployments", proposal)
    assert host.open_pull_request("deployments", proposal) == opened
    assert (opened.number, opened.state, len(kept.pulls)) == (1, "open", 1)
    assert kept.files("idp/7-m") == {"apps/a.yaml": ("100644", b"a: 1\n")}
    assert kept.history("idp/7-m") == ["Deploy orders", "Initial commit"]
    host.withdraw("deployments", "idp/7-m")
    host.withdraw("deployments", "idp/7-m")
    assert kept.pulls[0]["state"] == "closed"
    assert list(kept.refs) == ["heads/main"]
    into = tmp_path / "out"
    into.mkdir()
    assert host.download("deployments", into) == kept.refs["heads/main"]
    assert (into / "README.md").read_text() == "# deployments\n"


def test_a_branch_that_a_killed_run_left_is_taken_up(github: FakeGitHubHost, host: GitHubHost) -> None:
    kept = github.add("deployments")
    proposal = Proposal("idp/7-m", "Deploy", "why", {"a": Change(b"a")})
    github.troubles.append(once(502, path="/repos/acme/deployments/pulls", after=1))
    with pytest.raises(Unavailable):
        host.open_pull_request("deployments", proposal)
    host.open_pull_request("deployments", proposal)
    assert len(kept.pulls) == 1


def test_refusals_are_sentences(github: FakeGitHubHost, host: GitHubHost) -> None:
    made = host.create("orders", MARK, "")
    with pytest.raises(NotFound, match="team ghosts"):
        host.allow(made, "ghosts")
    refused = {"message": "Upgrade to GitHub Pro", "documentation_url": "x"}
    with (
        github.trouble("/repos/acme/orders/branches", Answer(403, refused)),
        pytest.raises(NotAllowed, match="protect the default branch"),
    ):
        host.protect(made, [])
    github.token = "another"
    with pytest.raises(NotAllowed, match="token"):
        host.protect(made, [])


def test_secondary_limits_are_waited_for_and_long_ones_left_to_the_run(
    github: FakeGitHubHost, host: GitHubHost, slept: list[float]
) -> None:
    limit = {"message": "You have exceeded a secondary rate limit.", "documentation_url": "x"}
    github.troubles.append(once(403, limit, {"retry-after": "7"}, path="/orgs/acme/repos"))
    made = host.create("orders", MARK, "")
    assert slept == [7.0]
    github.troubles.append(once(403, limit, {"retry-after": "600"}, path="/orgs/acme/teams"))
    with pytest.raises(Unavailable, match="600"):
        host.allow(made, "payments")
    asked = len(github.history)
    with pytest.raises(Unavailable, match="wait"):
        host.allow(made, "payments")
    assert len(github.history) == asked

"""Every call that makes something at GitHub is well formed: Prism, which knows only the description, takes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.catalog.sources.github_token import Token
from data.errors import Conflict, Unavailable
from data.http.api import Api
from data.integrations.repos.github import GitHubHost
from data.integrations.repos.github_calls import GitHubCalls
from data.integrations.repos.github_git import GitHubGit
from data.ports.repo_host import Change, Repo
from tests.fakes.prism import prism

SHA = "7638417db6d59f3c431d3e1f261cc637155684cd"


@pytest.fixture(scope="module")
def calls(shared: Path) -> Iterator[GitHubCalls]:
    with prism(shared / "specs" / "github-trimmed-openapi3.json") as url:
        api = Api(url)
        yield GitHubCalls(api, Token("x"))
        api.close()


def test_github_takes_every_call(calls: GitHubCalls, tmp_path: Path) -> None:
    host, git = GitHubHost(calls, "acme"), GitHubGit(calls, "/repos/acme/orders")
    (tmp_path / "a").write_text("b")
    (tmp_path / "c").write_bytes(b"\0")
    nodes = [*git.nodes_of_folder(tmp_path), *git.nodes_of_changes({"gone": None, "d": Change(b"e", True)})]
    assert git.head("main")
    assert git.make_commit(nodes, "message", [SHA], SHA)
    git.move("main", SHA, force=True)
    git.new_branch("idp/7-m", SHA)
    git.delete_branch("idp/7-m")
    repo = Repo("1", "orders", "", "main")
    host.allow(repo, "payments")
    host.protect(repo, [])
    host.protect(repo, ["lint", "test"])
    host.check()


def test_github_takes_what_makes_and_changes_a_repository(calls: GitHubCalls) -> None:
    """The description's own examples of repositories and pull requests break it: Prism answers 500 to a call that
    it accepts, and 422 to one that it does not."""
    host = GitHubHost(calls, "acme")
    with pytest.raises(Unavailable, match="500"):
        host.finish(Repo("1", "orders", "", "main"), "Takes orders.")
    with pytest.raises(Unavailable, match="500"):
        host._created("orders", "0123456789abcdef", "Takes orders.")
    with pytest.raises(Unavailable, match="500"):
        host.pull_request("orders", "idp/7-m")
    with pytest.raises(Conflict):
        calls.send("POST", "/orgs/acme/repos", {"name": 7})

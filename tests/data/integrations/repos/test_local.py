"""Bare repositories in a folder: what is made is real git, carries its marker, and nothing foreign is touched."""

from pathlib import Path

import pytest

from data.errors import Conflict, NotFound
from data.integrations.repos.local import LocalHost
from data.ports.repo_host import Change, Proposal
from tests.data.golden_paths.conftest import git


@pytest.fixture
def host(tmp_path: Path) -> LocalHost:
    return LocalHost(tmp_path / "git", "acme", "http://git.test")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    (folder / ".github" / "workflows").mkdir(parents=True)
    (folder / ".github" / "workflows" / "ci.yml").write_text("on: push\n")
    (folder / ".gitignore").write_text("*.log\n")
    (folder / "kept.log").write_text("x")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    return folder


def test_a_repository_with_one_commit_however_often_it_is_asked(host: LocalHost, files: Path) -> None:
    made = host.create("orders", "m1", "Orders")
    assert host.create("orders", "m1", "Orders") == made
    commit = host.first_commit(made, "m1", files, "Make orders")
    assert host.first_commit(made, "m1", files, "Make orders") == commit
    bare = host.folder / "acme" / "orders.git"
    assert git(bare, "rev-list", "--count", "main") == "1"
    listed = git(bare, "ls-tree", "-r", "main")
    assert "100755 blob" in listed
    assert {line.split("\t")[1] for line in listed.splitlines()} == {
        ".github/workflows/ci.yml",
        ".gitignore",
        "kept.log",
        "run.sh",
    }
    host.allow(made, "payments")
    host.protect(made, ["lint", "test"])
    host.finish(made, "Orders of customers")
    assert git(bare, "config", "idp.team-payments.permission") == "push"
    assert git(bare, "config", "receive.denyNonFastForwards") == "true"
    assert made.url == "http://git.test/acme/orders"


def test_a_foreign_repository_is_never_touched(host: LocalHost, files: Path) -> None:
    foreign = host.create("Orders", "other", "")
    for act in (
        lambda: host.create("orders", "m1", ""),
        lambda: host.first_commit(foreign, "m1", files, "x"),
        lambda: host.remove(foreign, "m1"),
        lambda: host.remove(foreign, ""),
    ):
        with pytest.raises(Conflict):
            act()
    assert git(host.folder / "acme" / "Orders.git", "for-each-ref") == ""


def test_what_was_pushed_meanwhile_stays(host: LocalHost, files: Path) -> None:
    made = host.create("orders", "m1", "")
    work = files.parent / "work"
    work.mkdir()
    git(work, "init", "-q")
    (work / "a").write_text("b")
    git(work, "add", "-A")
    git(work, "commit", "-qm", "mine")
    git(work, "push", "-q", str(host.folder / "acme" / "orders.git"), "HEAD:main")
    with pytest.raises(Conflict, match="pushed"):
        host.first_commit(made, "m1", files, "x")


def test_undo_takes_away_what_the_marker_made(host: LocalHost) -> None:
    made = host.create("orders", "m1", "")
    host.remove(made, "m1")
    host.remove(made, "m1")
    assert host.find("orders") is None


def test_a_pull_request_is_opened_once_merged_and_withdrawn(host: LocalHost, files: Path, tmp_path: Path) -> None:
    repo = host.create("deployments", "seed", "")
    host.first_commit(repo, "seed", files, "Begin")
    proposal = Proposal("idp/7-m1", "Deploy orders", "why", {"apps/a.yaml": Change(b"a: 1\n"), "run.sh": None})
    opened = host.open_pull_request("deployments", proposal)
    assert (opened.number, opened.state, opened.url) == (1, "open", "http://git.test/acme/deployments/pull/1")
    assert host.open_pull_request("deployments", proposal) == opened
    bare = host.folder / "acme" / "deployments.git"
    assert git(bare, "show", "idp/7-m1:apps/a.yaml") == "a: 1"
    assert "run.sh" not in git(bare, "ls-tree", "-r", "--name-only", "idp/7-m1")
    git(bare, "update-ref", "refs/heads/main", git(bare, "rev-parse", "idp/7-m1"))
    merged = host.pull_request("deployments", "idp/7-m1")
    assert merged
    assert merged.state == "merged"
    second = host.open_pull_request("deployments", Proposal("idp/8-m2", "More", "", {"b": Change(b"b")}))
    assert second.number == 2
    host.withdraw("deployments", "idp/8-m2")
    host.withdraw("deployments", "idp/8-m2")
    closed = host.pull_request("deployments", "idp/8-m2")
    assert closed
    assert closed.state == "closed"
    into = tmp_path / "out"
    into.mkdir()
    assert host.download("deployments", into) == git(bare, "rev-parse", "main")
    assert (into / "apps" / "a.yaml").read_text() == "a: 1\n"
    with pytest.raises(NotFound):
        host.download("nothing", into)

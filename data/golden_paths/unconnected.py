# ruff: noqa: ARG002 - the signatures are those of the ports, whatever is not connected
"""No golden paths, and no host of repositories: each says so in a sentence, and what to do about it."""

from collections.abc import Sequence
from pathlib import Path

from data.errors import NotFound, Unavailable
from data.ports.golden_paths import Answers, GoldenPath, Pinned, Questions, Rendered
from data.ports.repo_host import Proposal, PullRequest, Repo


class NoGoldenPaths:
    """An empty registry."""

    def all(self) -> Sequence[GoldenPath]:
        return ()

    def get(self, id: str) -> GoldenPath:
        raise self._missing()

    def pin(self, path: GoldenPath, version: str = "", *, commit: str = "") -> Pinned:
        raise self._missing()

    def versions(self, path: GoldenPath) -> Sequence[str]:
        raise self._missing()

    def folder(self, pinned: Pinned) -> Path:
        raise self._missing()

    def questions(self, pinned: Pinned, answers: Answers) -> Questions:
        raise self._missing()

    def render(self, pinned: Pinned, answers: Answers, into: Path) -> Rendered:
        raise self._missing()

    def close(self) -> None:
        return None

    def _missing(self) -> NotFound:
        return NotFound("There are no golden paths here.", "Set `golden_paths:` in idp.yaml.")


class NoRepoHost:
    """No host."""

    name = "nothing"
    org = ""

    def check(self) -> str:
        raise self._missing()

    def find(self, name: str) -> Repo | None:
        raise self._missing()

    def page(self, name: str) -> str:
        return ""

    def create(self, name: str, marker: str, description: str) -> Repo:
        raise self._missing()

    def first_commit(self, repo: Repo, marker: str, folder: Path, message: str) -> str:
        raise self._missing()

    def allow(self, repo: Repo, team: str) -> None:
        raise self._missing()

    def protect(self, repo: Repo, checks: Sequence[str]) -> None:
        raise self._missing()

    def finish(self, repo: Repo, description: str) -> None:
        raise self._missing()

    def remove(self, repo: Repo, marker: str) -> None:
        raise self._missing()

    def download(self, name: str, into: Path) -> str:
        raise self._missing()

    def open_pull_request(self, repository: str, proposal: Proposal) -> PullRequest:
        raise self._missing()

    def pull_request(self, repository: str, branch: str) -> PullRequest | None:
        raise self._missing()

    def withdraw(self, repository: str, branch: str) -> None:
        raise self._missing()

    def _missing(self) -> Unavailable:
        return Unavailable("No host of repositories is connected.", "Set `repo_host:` in idp.yaml.")

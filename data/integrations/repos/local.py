"""Repositories as bare Git repositories in a folder: real git, no server. For trying things out, and for tests.

Team rights and protection are kept as settings of the repository, pull requests as files beside its objects.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from data.errors import Conflict, Invalid, NotFound, Unavailable
from data.integrations.repos.bare import Bare
from data.ports.repo_host import Proposal, PullRequest, PullState, Repo

BRANCH: Final = "main"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class LocalHost:
    """Implements the port RepoHost in `folder`; `url` is where the repositories can be looked at, perhaps ""."""

    folder: Path
    org: str
    url: str = ""

    @property
    def name(self) -> str:
        return "local git"

    def check(self) -> str:
        self._ready()
        count = len(list(self._place().glob("*.git")))
        return f"{count} repositories in {self._place()}"

    def find(self, name: str) -> Repo | None:
        found = self._named(name)
        return self._repo(found) if found else None

    def page(self, name: str) -> str:
        return f"{self.url.rstrip('/')}/{self.org}/{name}" if self.url else ""

    def create(self, name: str, marker: str, description: str) -> Repo:
        """Made aside and renamed at once, so that a repository is there with its marker, or not at all."""
        if not _NAME.fullmatch(name):
            raise Invalid(f"A repository cannot be named {name[:60]!r}.")
        found = self.find(name)
        if found is None:
            self._make(name, marker, description)
            found = self.find(name)
        if found is None or found.mark != marker:
            raise Conflict(
                f"There is a repository {name} already, which is not of this run.", "Take another name."
            )
        return found

    def first_commit(self, repo: Repo, marker: str, folder: Path, message: str) -> str:
        bare = self._mine(repo, marker)
        there = bare.commit_of(f"refs/heads/{BRANCH}")
        if there:
            if marker not in bare.message(there):
                raise Conflict(f"Somebody has pushed to {repo.name} meanwhile.")
            return there
        return bare.commit_folder(folder.resolve(), f"{message}\n\nIdp-Run: {marker}\n", BRANCH)

    def allow(self, repo: Repo, team: str) -> None:
        self._bare(repo.name).set(f"idp.team-{team.lower()}.permission", "push")

    def protect(self, repo: Repo, checks: Sequence[str]) -> None:
        bare = self._bare(repo.name)
        bare.set("receive.denyNonFastForwards", "true")
        bare.set("receive.denyDeletes", "true")
        bare.set("idp.protected", BRANCH)
        bare.set("idp.checks", ", ".join(checks))

    def finish(self, repo: Repo, description: str) -> None:
        bare = self._bare(repo.name)
        bare.set("idp.visibility", "internal")
        (bare.folder / "description").write_text(description + "\n")

    def remove(self, repo: Repo, marker: str) -> None:
        if self._named(repo.name) is None:
            return
        bare = self._mine(repo, marker)
        aside = bare.folder.with_name(f".removed-{marker}")
        bare.folder.rename(aside)
        shutil.rmtree(aside)

    def download(self, name: str, into: Path) -> str:
        bare = self._bare(name)
        commit = bare.commit_of(f"refs/heads/{BRANCH}")
        if not commit:
            raise NotFound(f"{name} holds nothing yet.")
        bare.export(commit, into.resolve())
        return commit

    def open_pull_request(self, repository: str, proposal: Proposal) -> PullRequest:
        known = self.pull_request(repository, proposal.branch)
        if known:
            return known
        bare = self._bare(repository)
        if not bare.commit_of(f"refs/heads/{proposal.branch}"):
            base = bare.commit_of(f"refs/heads/{BRANCH}")
            bare.commit_changes(proposal.changes, proposal.title, base, proposal.branch)
        return self._opened(bare, repository, proposal)

    def pull_request(self, repository: str, branch: str) -> PullRequest | None:
        bare = self._bare(repository)
        for file in sorted(self._pulls(bare), reverse=True):
            facts = orjson.loads(file.read_bytes())
            if facts["branch"] == branch:
                return self._pull(bare, repository, int(file.stem), facts)
        return None

    def withdraw(self, repository: str, branch: str) -> None:
        found = self.pull_request(repository, branch)
        if found is None or found.state == "merged":
            return
        bare = self._bare(repository)
        file = bare.folder / "pulls" / f"{found.number:06}.json"
        _write(file, orjson.loads(file.read_bytes()) | {"closed": True})
        if bare.commit_of(f"refs/heads/{branch}"):
            bare.git("update-ref", "-d", f"refs/heads/{branch}")

    def _opened(self, bare: Bare, repository: str, proposal: Proposal) -> PullRequest:
        (bare.folder / "pulls").mkdir(exist_ok=True)
        number = 1 + max((int(file.stem) for file in self._pulls(bare)), default=0)
        commit = bare.commit_of(f"refs/heads/{proposal.branch}")
        facts = {"branch": proposal.branch, "title": proposal.title, "body": proposal.body, "commit": commit}
        _write(bare.folder / "pulls" / f"{number:06}.json", facts)
        return self._pull(bare, repository, number, facts)

    def _pull(self, bare: Bare, repository: str, number: int, facts: dict[str, Any]) -> PullRequest:
        state: PullState = "closed" if facts.get("closed") else "open"
        if bare.contains(BRANCH, facts["commit"]):
            state = "merged"
        url = f"{self.page(repository)}/pull/{number}" if self.url else ""
        return PullRequest(number, url, state, facts["branch"], facts["title"])

    def _pulls(self, bare: Bare) -> list[Path]:
        return list((bare.folder / "pulls").glob("[0-9]*.json"))

    def _make(self, name: str, marker: str, description: str) -> None:
        self._ready()
        beside = Path(tempfile.mkdtemp(prefix=".new-", dir=self._place()))
        try:
            bare = Bare(beside)
            bare.init(BRANCH)
            bare.set("idp.marker", marker)
            bare.set("idp.visibility", "private")
            (beside / "description").write_text(description + "\n")
            os.rename(beside, self._place() / f"{name}.git")  # noqa: PTH104 - fails when the name is taken
        except OSError:
            return  # somebody was faster; whoever asks looks again
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def _repo(self, bare: Bare) -> Repo:
        name = bare.folder.name.removesuffix(".git")
        return Repo(str(bare.folder.stat().st_ino), name, self.page(name), BRANCH, bare.setting("idp.marker"))

    def _mine(self, repo: Repo, marker: str) -> Bare:
        bare = self._bare(repo.name)
        if not marker or bare.setting("idp.marker") != marker:
            raise Conflict(f"The repository {repo.name} is not of this run.", "It is left alone.")
        return bare

    def _bare(self, name: str) -> Bare:
        found = self._named(name)
        if found is None:
            raise NotFound(f"There is no repository {name}.")
        return found

    def _named(self, name: str) -> Bare | None:
        """The repository of a name, whatever its case."""
        wanted = f"{name}.git".casefold()
        for each in self._place().glob("*.git"):
            if each.name.casefold() == wanted:
                return Bare(each)
        return None

    def _place(self) -> Path:
        return self.folder / self.org

    def _ready(self) -> None:
        try:
            self._place().mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable("The folder of the repositories cannot be used.", str(error)) from error


def _write(file: Path, facts: dict[str, Any]) -> None:
    """At once or not at all."""
    beside = file.with_suffix(".new")
    beside.write_bytes(orjson.dumps(facts))
    beside.rename(file)

"""GitHub as a host of repositories, over REST with an App or a token.

Facts: the published OpenAPI description. A repository is found again by the marker in its description while it is
being made, and in the message of its only commit afterwards.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from data.errors import Conflict, NotFound
from data.http.answers import understood
from data.integrations.repos.github_calls import GitHubCalls
from data.integrations.repos.github_git import GitHubGit
from data.ports.repo_host import Proposal, PullRequest, PullState, Repo

TRAILER: Final = "Idp-Run"
_MARK: Final = re.compile(r"\[idp:([0-9a-f]{8,40})\]")
_TRAILED: Final = re.compile(rf"^{TRAILER}: ([0-9a-f]{{8,40}})$", re.MULTILINE)
Visibility = Literal["private", "public"]


@dataclass(frozen=True, slots=True)
class GitHubHost:
    """Implements the port RepoHost for one organisation; `web` is where its pages are."""

    calls: GitHubCalls
    org: str
    web: str = "https://github.com"
    visibility: Visibility = "private"

    @property
    def name(self) -> str:
        return "GitHub"

    def check(self) -> str:
        self.calls.get(f"/orgs/{self.org}/repos", {"per_page": 1})
        return f"organisation {self.org}, new repositories become {self.visibility}"

    def find(self, name: str) -> Repo | None:
        told = self.calls.get(self._path(name))
        return self._repo(told) if told else None

    def page(self, name: str) -> str:
        return f"{self.web}/{self.org}/{name}"

    def create(self, name: str, marker: str, description: str) -> Repo:
        """Looked for before, and again when GitHub says that the name is taken: the first answer may be lost."""
        found = self.find(name) or self._created(name, marker, description)
        if found is None or found.mark != marker:
            raise Conflict(
                f"{self.org} has a repository {name} already, which is not of this run.", "Take another name."
            )
        return found

    def _created(self, name: str, marker: str, description: str) -> Repo | None:
        body = {
            "name": name,
            "private": True,
            "auto_init": True,  # without any commit the Git data API answers 409
            "delete_branch_on_merge": True,
            "description": f"{_short(description)} [idp:{marker}]",
        }
        try:
            return self._repo(self.calls.send("POST", f"/orgs/{self.org}/repos", body, "create a repository"))
        except Conflict:
            found = self.find(name)
            if found is None:
                raise
            return found

    def first_commit(self, repo: Repo, marker: str, folder: Path, message: str) -> str:
        """The only commit: it takes the place of the one with which GitHub began the repository."""
        git = self._git(repo.name)
        head = git.head(repo.branch)
        known = git.commit(head) if head else {}
        if _trailed(known) == marker:
            return head
        if repo.mark != marker or known.get("parents"):
            raise Conflict(f"Somebody has pushed to {repo.name} meanwhile.", "It is left alone.")
        commit = git.make_commit(git.nodes_of_folder(folder), f"{message}\n\n{TRAILER}: {marker}", ())
        git.move(repo.branch, commit, force=True)
        return commit

    def allow(self, repo: Repo, team: str) -> None:
        path = f"/orgs/{self.org}/teams/{team}/repos/{self.org}/{repo.name}"
        self.calls.send("PUT", path, {"permission": "push"}, f"give the team {team} its rights")

    def protect(self, repo: Repo, checks: Sequence[str]) -> None:
        body = {
            # up to date is not asked for: two pull requests at once would wait for each other's checks again
            "required_status_checks": {"strict": False, "contexts": list(checks)} if checks else None,
            "enforce_admins": False,
            "required_pull_request_reviews": {"required_approving_review_count": 1},
            "restrictions": None,
        }
        path = f"{self._path(repo.name)}/branches/{repo.branch}/protection"
        self.calls.send("PUT", path, body, "protect the default branch")

    def finish(self, repo: Repo, description: str) -> None:
        body: dict[str, Any] = {"description": _short(description)}
        if self.visibility != "private":
            body["visibility"] = self.visibility
        self.calls.send("PATCH", self._path(repo.name), body, "open the repository up")

    def remove(self, repo: Repo, marker: str) -> None:
        found = self.find(repo.name)
        if found is None:
            return
        if not marker or found.mark != marker or found.id != repo.id:
            raise Conflict(f"The repository {repo.name} is not of this run.", "It is left alone.")
        self.calls.send("DELETE", self._path(repo.name), None, "delete the repository")

    def download(self, name: str, into: Path) -> str:
        git = self._git(name)
        head = git.head(self._there(name).branch)
        if not head:
            raise NotFound(f"{name} holds nothing yet.")
        git.download(head, into)
        return head

    def open_pull_request(self, repository: str, proposal: Proposal) -> PullRequest:
        known = self.pull_request(repository, proposal.branch)
        if known:
            return known
        git, base = self._git(repository), self._there(repository).branch
        if not git.head(proposal.branch):
            head = git.head(base)
            tree = str(git.commit(head)["tree"]["sha"])
            commit = git.make_commit(git.nodes_of_changes(proposal.changes), proposal.title, [head], tree)
            git.new_branch(proposal.branch, commit)
        body = {"title": proposal.title, "head": proposal.branch, "base": base, "body": proposal.body}
        try:
            told = self.calls.send("POST", f"{self._path(repository)}/pulls", body, "open a pull request")
        except Conflict:
            known = self.pull_request(repository, proposal.branch)
            if known is None:
                raise
            return known
        return _pull(told, proposal.branch)

    def pull_request(self, repository: str, branch: str) -> PullRequest | None:
        asked = {"head": f"{self.org}:{branch}", "state": "all", "per_page": 10}
        found = self.calls.get(f"{self._path(repository)}/pulls", asked) or []
        return max((_pull(one, branch) for one in found), key=lambda one: one.number, default=None)

    def withdraw(self, repository: str, branch: str) -> None:
        found = self.pull_request(repository, branch)
        if found is not None and found.state == "open":
            path = f"{self._path(repository)}/pulls/{found.number}"
            self.calls.send("PATCH", path, {"state": "closed"}, "close a pull request")
        git = self._git(repository)
        if (found is None or found.state != "merged") and git.head(branch):
            git.delete_branch(branch)

    def _repo(self, told: Any) -> Repo:
        with understood("GitHub"):
            name, branch = str(told["name"]), str(told.get("default_branch") or "main")
            stated = _MARK.search(str(told.get("description") or ""))
            mark = stated[1] if stated else self._mark(name, branch)
            return Repo(str(told["id"]), name, str(told["html_url"]), branch, mark)

    def _mark(self, name: str, branch: str) -> str:
        """Of the run whose commit is the newest; "" when people have worked here since, or always."""
        git = self._git(name)
        head = git.head(branch)
        return _trailed(git.commit(head)) if head else ""

    def _there(self, name: str) -> Repo:
        found = self.find(name)
        if found is None:
            raise NotFound(f"{self.org} has no repository {name}, or we may not see it.")
        return found

    def _git(self, name: str) -> GitHubGit:
        return GitHubGit(self.calls, self._path(name))

    def _path(self, name: str) -> str:
        return f"/repos/{self.org}/{name}"


def _trailed(commit: Any) -> str:
    found = _TRAILED.search(str(commit.get("message") or ""))
    return found[1] if found else ""


def _short(description: str) -> str:
    return " ".join(description.split())[:300]


def _pull(told: Any, branch: str) -> PullRequest:
    with understood("GitHub"):
        state: PullState = "merged" if told.get("merged_at") else "open" if told["state"] == "open" else "closed"
        return PullRequest(int(told["number"]), str(told["html_url"]), state, branch, str(told["title"]))

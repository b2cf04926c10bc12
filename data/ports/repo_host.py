"""Where repositories live. Everything that is made carries a marker, so that nothing foreign is ever touched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

PullState = Literal["open", "merged", "closed"]


@dataclass(frozen=True, slots=True)
class Repo:
    """A repository. `mark` is the marker of the run that made it, "" for one that people made.

    `id` is the host's own and stays when the repository is renamed. `url` is its page, "" where there is none.
    """

    id: str
    name: str
    url: str
    branch: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """The new content of one file."""

    content: bytes
    executable: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a pull request is to bring: `changes` by path, None where a file goes away.

    `branch` is found again by its name, so it carries what makes it unique (the request's number and marker).
    """

    branch: str
    title: str
    body: str
    changes: Mapping[str, Change | None]


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request as it stands. `url` is its page, "" where there is none."""

    number: int
    url: str
    state: PullState
    branch: str
    title: str = ""


class RepoHost(Protocol):
    """One organisation at a host of repositories. Every call may be repeated; the second has no further effect.

    Raises Unavailable when trying again may help, NotAllowed with what permission is missing (a token that has
    ended among them), Conflict when a name or branch belongs to something else, NotFound for what is not there.
    """

    @property
    def name(self) -> str:
        """What people call it, such as GitHub."""
        ...

    @property
    def org(self) -> str: ...
    def check(self) -> str:
        """What it says about itself, for people. Raises UserError with what to do."""
        ...

    def find(self, name: str) -> Repo | None:
        """The repository of this name (as the host compares names), None when the name is free."""
        ...

    def page(self, name: str) -> str:
        """The address that a repository of this name has or will have, "" where there are no pages."""
        ...

    def create(self, name: str, marker: str, description: str) -> Repo:
        """A private repository, or the one that this marker has made. Raises Conflict for a foreign one."""
        ...

    def first_commit(self, repo: Repo, marker: str, folder: Path, message: str) -> str:
        """All files of `folder` as the one commit of the default branch; gives its id."""
        ...

    def allow(self, repo: Repo, team: str) -> None:
        """Let a team (by its name at the host) push."""
        ...

    def protect(self, repo: Repo, checks: Sequence[str]) -> None:
        """Changes of the default branch only by pull requests that were reviewed and pass these checks (names)."""
        ...

    def finish(self, repo: Repo, description: str) -> None:
        """Show the repository to whom the configuration says, with its final description."""
        ...

    def remove(self, repo: Repo, marker: str) -> None:
        """Delete what this marker made; nothing when it is gone. Raises Conflict for a foreign one."""
        ...

    def download(self, name: str, into: Path) -> str:
        """The files of the default branch into an empty folder; gives the commit's id."""
        ...

    def open_pull_request(self, repository: str, proposal: Proposal) -> PullRequest:
        """A pull request to the default branch, or the one that this branch has already, whatever its state."""
        ...

    def pull_request(self, repository: str, branch: str) -> PullRequest | None:
        """The newest pull request of this branch."""
        ...

    def withdraw(self, repository: str, branch: str) -> None:
        """Close the pull request of this branch and delete the branch; a merged one stays as it is."""
        ...

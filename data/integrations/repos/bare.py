"""One bare Git repository on disk, written by plumbing commands only: no working copy, no hook, no filter."""

import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.catalog.sources.git_process import Git
from data.catalog.sources.remote import Remote
from data.errors import Conflict, Unavailable
from data.ports.repo_host import Change

SECONDS: Final = 60
AUTHOR: Final = {
    "GIT_AUTHOR_NAME": "idp",
    "GIT_AUTHOR_EMAIL": "idp@localhost",
    "GIT_COMMITTER_NAME": "idp",
    "GIT_COMMITTER_EMAIL": "idp@localhost",
}
NOTHING: Final = "0" * 40


@dataclass(frozen=True, slots=True)
class Bare:
    """A repository in `folder`."""

    folder: Path

    def git(self, *arguments: str, given: bytes = b"", more: Mapping[str, str] | None = None) -> str:
        """Run git; gives what it said, without the end of the line. Raises Unavailable with its reason."""
        git = Git(self.folder, Remote("file", f"file://{self.folder}"))
        try:
            done = subprocess.run(  # noqa: S603 - git, with arguments that no shell reads
                git.command(arguments),
                env=git.environment() | AUTHOR | dict(more or {}),
                cwd="/",
                input=given,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unavailable("git cannot be run.", type(error).__name__) from error
        if done.returncode:
            raise Unavailable("git did not do it.", git.reason(done.stderr))
        return done.stdout.decode(errors="replace").rstrip("\n")

    def init(self, branch: str) -> None:
        """Make it, empty."""
        self.git("init", "--quiet", "--bare", "--template=", f"--initial-branch={branch}")

    def setting(self, name: str) -> str:
        """A value of the repository's own configuration, "" when it is not set."""
        try:
            return self.git("config", "--local", "--get", name)
        except Unavailable:
            return ""

    def set(self, name: str, value: str) -> None:
        self.git("config", "--local", name, value)

    def commit_of(self, ref: str) -> str:
        """The full id, "" when there is no such ref."""
        try:
            return self.git("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        except Unavailable:
            return ""

    def message(self, commit: str) -> str:
        return self.git("show", "-s", "--format=%B", commit)

    def commit_folder(self, folder: Path, message: str, branch: str) -> str:
        """All files of `folder` as the first commit of a branch. Raises Conflict when there is one already."""
        with tempfile.TemporaryDirectory() as beside:
            more = {"GIT_INDEX_FILE": f"{beside}/index", "GIT_WORK_TREE": str(folder)}
            self.git("-C", str(folder), "add", "--all", "--force", ".", more=more)
            tree = self.git("write-tree", more=more)
        commit = self.git("commit-tree", tree, "-F", "-", given=message.encode())
        self._move(branch, commit, NOTHING)
        return commit

    def commit_changes(self, changes: Mapping[str, Change | None], message: str, base: str, branch: str) -> str:
        """A commit on top of `base` as a new branch."""
        with tempfile.TemporaryDirectory() as beside:
            more = {"GIT_INDEX_FILE": f"{beside}/index"}
            self.git("read-tree", base, more=more)
            lines = b"".join(self._line(path, change) for path, change in changes.items())
            self.git("update-index", "-z", "--index-info", given=lines, more=more)
            tree = self.git("write-tree", more=more)
        commit = self.git("commit-tree", tree, "-p", base, "-F", "-", given=message.encode())
        self._move(branch, commit, NOTHING)
        return commit

    def _line(self, path: str, change: Change | None) -> bytes:
        """One line for the index: the mode and the blob of a file, or that it goes away."""
        if change is None:
            return f"0 {NOTHING}\t{path}\0".encode()
        blob = self.git("hash-object", "-w", "--stdin", given=change.content)
        return f"{'100755' if change.executable else '100644'} {blob}\t{path}\0".encode()

    def _move(self, branch: str, commit: str, before: str) -> None:
        try:
            self.git("update-ref", f"refs/heads/{branch}", commit, before)
        except Unavailable as error:
            if self.commit_of(f"refs/heads/{branch}"):
                raise Conflict(f"The branch {branch} is there already.") from error
            raise

    def contains(self, branch: str, commit: str) -> bool:
        """Whether a commit has been merged into a branch."""
        try:
            self.git("merge-base", "--is-ancestor", commit, f"refs/heads/{branch}")
        except Unavailable:
            return False
        return True

    def export(self, commit: str, into: Path) -> None:
        """Write the files of a commit into an empty folder."""
        with tempfile.TemporaryDirectory() as beside:
            more = {"GIT_INDEX_FILE": f"{beside}/index", "GIT_WORK_TREE": str(into)}
            self.git("read-tree", commit, more=more)
            self.git("-C", str(into), "checkout-index", "--all", "--quiet", more=more)

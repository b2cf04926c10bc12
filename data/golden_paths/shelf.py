"""The files of templates at exact commits, copied where nobody changes them.

A source is a git repository (https, ssh, or a local one) or a folder. Nothing of git's is in a copy, so that a
template sees its own files only.
"""

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from data.catalog.sources.git_process import MAX_SECONDS, Git
from data.catalog.sources.remote import parse_remote
from data.errors import Conflict
from data.golden_paths.files import copy, files_in, hash_of
from data.golden_paths.repository import check_out, commit_of, fetch, is_commit, is_git, tags
from data.ports.golden_paths import GoldenPath, Pinned


@dataclass(frozen=True, slots=True)
class Shelf:
    """Keeps templates below `cache`. A fetch has so many `seconds`."""

    cache: Path
    seconds: float = MAX_SECONDS

    def pin(self, path: GoldenPath, version: str, commit: str) -> Pinned:
        """See the port."""
        if is_git(path.source):
            return self._pin_git(path, version, commit)
        return self._pin_folder(path, commit)

    def versions(self, path: GoldenPath) -> list[str]:
        """See the port."""
        if not is_git(path.source):
            return [path.version or self._pin_folder(path, "").version]
        git = self._git(path)
        with self._locked(git):
            fetch(git, seconds=self.seconds)
        return tags(git)

    def folder(self, pinned: Pinned) -> Path:
        """Where the files lie."""
        return self.cache / pinned.path.id / pinned.commit

    def _pin_git(self, path: GoldenPath, version: str, commit: str) -> Pinned:
        git = self._git(path)
        wanted = commit or version or path.version
        if commit and (self.cache / path.id / commit).is_dir():
            return Pinned(path, version or self._version(path, commit), commit, git.remote.address)
        with self._locked(git):
            fetch(git, wanted if is_commit(wanted) else "", self.seconds)
        found, name = commit_of(git, wanted)
        pinned = Pinned(path, version or name, found, git.remote.address)
        self._keep(pinned, lambda into: check_out(git, found, into))
        return pinned

    def _pin_folder(self, path: GoldenPath, commit: str) -> Pinned:
        source = Path(path.source)
        if commit and (self.cache / path.id / commit).is_dir():
            return Pinned(path, self._version(path, commit), commit, path.source)
        files = files_in(source)
        found = hash_of(source, files)
        if commit and commit != found:
            raise Conflict(f"The golden path {path.title} has changed since.", "Look at a new preview.")
        pinned = Pinned(path, path.version or found[:12], found, path.source)
        self._keep(pinned, lambda into: copy(source, files, into))
        return pinned

    def _keep(self, pinned: Pinned, fill: Callable[[Path], None]) -> None:
        """Let `fill` write a folder beside, then give it its name at once: a half copy is never seen."""
        place = self.folder(pinned)
        if place.is_dir():
            return
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".new-", dir=place.parent))
        try:
            fill(beside)
            self._label(path=pinned.path, commit=pinned.commit).write_text(pinned.version)
            with suppress(OSError):  # another process was faster, with the same content
                beside.rename(place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def _label(self, path: GoldenPath, commit: str) -> Path:
        """The file that says which version a commit was pinned as."""
        return self.cache / path.id / f"{commit}.version"

    def _version(self, path: GoldenPath, commit: str) -> str:
        try:
            return self._label(path, commit).read_text()
        except OSError:
            return commit[:12]

    @contextmanager
    def _locked(self, git: Git) -> Iterator[None]:
        """One fetch into a repository at a time, whatever the process or thread."""
        self.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        with git.folder.with_suffix(".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _git(self, path: GoldenPath) -> Git:
        remote = parse_remote(path.source)
        key = blake2b(remote.address.encode(), digest_size=8).hexdigest()
        return Git((self.cache / f"{key}.git").absolute(), remote)

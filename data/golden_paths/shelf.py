"""The files of templates at exact commits, copied where nobody changes them.

A source is a git repository (https, ssh, or a local one) or a folder. Nothing of git's is in a copy, so that a
template sees its own files only.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from data.catalog.sources.git_process import MAX_SECONDS, Git, stop
from data.catalog.sources.git_tree import read_tree
from data.catalog.sources.remote import check_ref, parse_remote
from data.errors import Conflict, Invalid, NotFound, Unavailable
from data.ports.golden_paths import GoldenPath, Pinned

MOST_FILES = 5000
MOST_BYTES = 50 << 20  # of one template
_FULL = 40  # hexadecimal digits of a commit id


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
        files = _files(source)
        found = _hash(source, files)
        if commit and commit != found:
            raise Conflict(f"The golden path {path.title} has changed since.", "Look at a new preview.")
        pinned = Pinned(path, path.version or found[:12], found, path.source)
        self._keep(pinned, lambda into: _copy(source, files, into))
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


def is_git(source: str) -> bool:
    """Whether a source is a git repository: a URL, or a folder that is one."""
    folder = Path(source)
    if not folder.is_dir():
        return True
    return (folder / ".git").exists() or ((folder / "HEAD").is_file() and (folder / "objects").is_dir())


def is_commit(text: str) -> bool:
    """Whether this is a full commit id."""
    return len(text) == _FULL and all(c in "0123456789abcdef" for c in text)


def fetch(git: Git, commit: str = "", seconds: float = MAX_SECONDS) -> None:
    """Bring the tags and the newest commit (and one more) into the cache, without history."""
    if not git.folder.exists():
        git.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        git.run("init", "--quiet", "--bare", "--template=")
    options = ["--quiet", "--depth=1", "--force", "--no-recurse-submodules", "--no-write-fetch-head"]
    more = [f"+{commit}:refs/idp/{commit}"] if commit else []
    git.run(
        "fetch",
        *options,
        "--",
        git.remote.address,
        "+HEAD:refs/idp/head",
        "+refs/tags/*:refs/tags/*",
        *more,
        seconds=seconds,
    )


def tags(git: Git) -> list[str]:
    """The tags that are versions (PEP 440, with or without a leading v), the oldest first."""
    from packaging.version import InvalidVersion, Version  # comes with copier, which most questions do not need

    found = []
    for name in git.run("tag", "--list").decode(errors="replace").split():
        with suppress(InvalidVersion):
            found.append((Version(name), name))
    return [name for _, name in sorted(found)]


def commit_of(git: Git, wanted: str) -> tuple[str, str]:
    """(full id, name for people) of a tag, a full commit id, or "" for the newest."""
    newest = tags(git)
    if not wanted and newest:
        wanted = newest[-1]
    if wanted and not is_commit(wanted):
        check_ref(wanted)
        if wanted not in git.run("tag", "--list").decode(errors="replace").split():
            raise NotFound(f"The template has no version {wanted}.", "Its versions: " + ", ".join(newest[-5:]))
    ref = f"refs/tags/{wanted}" if wanted and not is_commit(wanted) else wanted or "refs/idp/head"
    found = git.run("rev-parse", "--verify", f"{ref}^{{commit}}").decode().strip()
    named = git.run("tag", "--points-at", found).decode(errors="replace").split()
    shown = wanted if wanted in named else (named or [found[:12]])[-1]
    return found, shown


def check_out(git: Git, commit: str, into: Path) -> None:
    """Write the files of a commit, with their links and executable bits; submodules are left out."""
    tree = read_tree(git, commit)
    _within(len(tree), sum(blob.size for blob in tree.values()))
    _stay_inside(tree)
    batch = git.start(["cat-file", "--batch"])
    try:
        if batch.stdin is None or batch.stdout is None:
            raise Unavailable("git cannot be talked to.")
        for name, blob in tree.items():
            batch.stdin.write(f"{blob.id}\n".encode())
            batch.stdin.flush()
            batch.stdout.readline()
            _write(into / name, batch.stdout.read(blob.size + 1)[:-1], blob.mode)
    finally:
        stop(batch)
        for pipe in (batch.stdin, batch.stdout):
            if pipe:
                pipe.close()


def _stay_inside(names: Collection[str]) -> None:
    """Raises Invalid for a tree that no git makes: what it holds would be written elsewhere."""
    for name in names:
        parts = name.split("/")
        above = ("/".join(parts[:depth]) for depth in range(1, len(parts)))
        if not {"", ".", "..", ".git"}.isdisjoint(parts) or any(folder in names for folder in above):
            raise Invalid(f"The template holds {name[:80]!r}, which may not be.")


def _write(file: Path, content: bytes, mode: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if mode == "120000":
        file.symlink_to(content.decode(errors="surrogateescape"))
        return
    file.write_bytes(content)
    file.chmod(0o755 if mode == "100755" else 0o644)


def _files(source: Path) -> list[str]:
    """Every file and empty folder below, by path; a folder ends with a slash."""
    found = []
    for place, folders, names in os.walk(source):
        folders[:] = sorted(folder for folder in folders if folder != "__pycache__")
        here = os.path.relpath(place, source)
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]  # noqa: PTH114, PTH118
        found += [os.path.normpath(f"{here}/{name}") for name in sorted([*names, *links])]
        if not folders and not names:
            found.append(os.path.normpath(here) + "/")
    _within(len(found), 0)
    return sorted(found)


def _hash(source: Path, files: list[str]) -> str:
    digest, size = hashlib.sha256(), 0
    for name in files:
        file = source / name
        if file.is_symlink():
            kind, content = "l", os.fsencode(file.readlink())
        elif file.is_dir():
            kind, content = "d", b""
        else:
            kind, content = "x" if os.access(file, os.X_OK) else "f", file.read_bytes()
        size += len(content)
        _within(0, size)
        digest.update(f"{kind} {len(os.fsencode(name))} {len(content)}\n".encode() + os.fsencode(name) + content)
    return digest.hexdigest()[:_FULL]


def _copy(source: Path, files: list[str], into: Path) -> None:
    for name in files:
        file, target = source / name, into / name
        if name.endswith("/"):
            target.mkdir(parents=True, exist_ok=True)
        elif file.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(file.readlink())
        else:
            _write(target, file.read_bytes(), "100755" if os.access(file, os.X_OK) else "100644")


def _within(files: int, size: int) -> None:
    if files > MOST_FILES or size > MOST_BYTES:
        raise Invalid(f"The template is larger than {MOST_FILES} files or {MOST_BYTES >> 20} MiB.")

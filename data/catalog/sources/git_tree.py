"""The files of one commit, read as blobs: nothing is written to disk, so nothing in them can act."""

import posixpath
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import NamedTuple

from data.catalog.repos.devcontainers import FOLDER
from data.catalog.sources.folders import SKIPPED
from data.catalog.sources.git_process import Git, stop
from data.catalog.sources.remote import Remote
from data.catalog.sources.targets import from_root, is_pattern, matches
from data.catalog.sources.tree import MAX_BYTES, MAX_PATH, NAMES, Node, refused
from data.errors import Invalid, Unavailable
from data.ports.catalog import Known, Standing

_LINKS = 10  # symbolic links in a row


class Blob(NamedTuple):
    """One file of a commit: its mode as git writes it, its object id and size in bytes."""

    mode: str
    id: str
    size: int


def read_tree(git: Git, commit: str) -> dict[str, Blob]:
    """Every file of a commit by path; submodules are left out."""
    files: dict[str, Blob] = {}
    for line in git.run("ls-tree", "-r", "-z", "--long", "--full-tree", commit).split(b"\0"):
        facts, _, raw = line.partition(b"\t")
        if facts:
            mode, kind, id, size = facts.decode().split()
            if kind == "blob":
                files[raw.decode(errors="surrogateescape")] = Blob(mode, id, int(size))
    return files


class GitTree:
    """The tree of one commit; symbolic links are followed inside of it only."""

    def __init__(
        self, files: Mapping[str, Blob], batch: subprocess.Popen[bytes], remote: Remote, ref: str, path: str
    ) -> None:
        self._files = files
        self._batch = batch
        self._remote = remote
        self._ref = ref
        self._path = posixpath.normpath(path.strip("/") or ".")
        self.closing = ExitStack()  # what is to be let go at the end

    def standing(self, known: Known) -> Standing:  # noqa: ARG002  # a blob is compared as quickly alone
        return Standing()

    def search(self) -> Iterator[Node]:
        base = "" if self._path == "." else f"{self._path}/"
        if is_pattern(self._path):
            yield from self.glob(self._path)
        elif self._path in self._files:
            yield self._node(self._path)
        elif not any(path.startswith(base) for path in self._files):
            raise Unavailable(
                f"There is no {self._path} in the repository.", "Correct `path` in the configuration."
            )
        else:
            yield from (self._node(path) for path in sorted(self._files) if _is_wanted(path, base))

    def glob(self, pattern: str) -> Iterator[Node]:
        yield from (self._node(path) for path in sorted(self._files) if matches(pattern, path))

    def look(self, path: str) -> Node | None:
        return self._node(path) if path in self._files else None

    def load(self, path: str) -> bytes:
        return self._read(self._follow(path))

    def url(self, path: str) -> str:
        return self._remote.view(self._ref, path)

    def inside(self, named: str) -> str | None:
        return from_root(named) or self._remote.inside(named, self._ref)

    def notes(self) -> str:
        return ""

    def close(self) -> None:
        stop(self._batch)
        self.closing.close()

    def _node(self, path: str) -> Node:
        raw = path.encode(errors="surrogateescape")
        if len(raw) > MAX_PATH or (shown := raw.decode(errors="replace")) != path:
            shown = raw[:MAX_PATH].decode(errors="replace")
            return Node(shown, "", refused(shown, "The name of the file cannot be kept.", "UTF-8, at most 1 kB"))
        try:
            blob = self._follow(path)
        except Invalid as error:
            return Node(path, "", refused(path, error.message))
        if blob.size > MAX_BYTES:
            size = f"at most {MAX_BYTES >> 20} MiB"
            return Node(path, "", refused(path, "The file is too large.", size, code="limit"))
        return Node(path, blob.id)

    def _follow(self, path: str) -> Blob:
        """The file at the end of a chain of symbolic links. Raises Invalid when it leaves the repository."""
        for _ in range(_LINKS):
            blob = self._files.get(path)
            if blob is None:
                raise Invalid("The file is a symbolic link that leads to no file of the repository.")
            if blob.mode != "120000":
                return blob
            target = self._read(blob)[:MAX_PATH].decode(errors="surrogateescape")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            if path.startswith(("/", "../")):
                raise Invalid("The file is a symbolic link that leaves the repository.")
        raise Invalid("The file is a symbolic link in a circle.")

    def _read(self, blob: Blob) -> bytes:
        """The content of a blob, from the one git process that serves them all."""
        into, out = self._batch.stdin, self._batch.stdout
        assert into is not None and out is not None  # noqa: S101, PT018  # both are pipes of ours
        try:
            into.write(f"{blob.id}\n".encode())
            into.flush()
        except BrokenPipeError as error:
            raise Unavailable("git ended before everything was read.") from error
        header = out.readline().split()
        if len(header) != 3 or int(header[2]) != blob.size:
            raise Unavailable("git ended before everything was read.")
        return out.read(blob.size + 1)[:-1]


def _is_wanted(path: str, base: str) -> bool:
    if not path.startswith(base):
        return False
    *folders, name = path[len(base) :].split("/")
    hidden = (folder for folder in folders if folder.startswith(".") and folder != FOLDER)
    return name in NAMES and not any(hidden) and not SKIPPED.intersection(folders)

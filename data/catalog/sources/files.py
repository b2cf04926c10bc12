"""A folder, a file or a glob on this machine as a source of catalog files."""

import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from data.catalog.sources.folders import QUIET_SECONDS, Listing, Listings, scan
from data.catalog.sources.targets import fixed_folder, is_pattern, matches
from data.catalog.sources.tree import MAX_BYTES, MAX_PATH, NAMES, Node, TreeCheckout, refused
from data.errors import Invalid, Unavailable
from data.ports.catalog import Checkout


@dataclass(frozen=True, slots=True)
class FilesSource:
    """`path` is a folder (searched for catalog-info.yaml and .yml at any depth), a file or a glob, absolute.

    `said` is how the configuration names it, relative to itself: that is what people are shown.
    """

    name: str
    path: Path
    said: str = ""

    @property
    def type(self) -> str:
        return "files"

    @property
    def location(self) -> str:
        return self.said or str(self.path)

    def open(self) -> Checkout:
        text = self.path.as_posix()
        if is_pattern(text) and not self.path.exists():
            root = Path("/") / fixed_folder(text.lstrip("/"))
            pattern = Path(text).relative_to(root).as_posix()
        else:
            root = self.path if self.path.is_dir() else self.path.parent
            pattern = "" if self.path.is_dir() else self.path.name
        if not root.is_dir() or (pattern == self.path.name and not self.path.exists() and not is_pattern(text)):
            raise Unavailable(f"{self.path} does not exist.", "Correct `path` in the configuration.")
        return TreeCheckout(FolderTree(root.resolve(), pattern))


class FolderTree:
    """The files below one folder. Symbolic links to folders are not walked; links to files must stay inside."""

    def __init__(self, root: Path, pattern: str) -> None:
        self._root = str(root)
        self._prefix = self._root.rstrip("/") + "/"
        self._pattern = pattern
        self._links: dict[str, str] = {}  # files that are reached over a link: what is opened in their place
        self._quiet_since = time.time_ns() - QUIET_SECONDS * 1_000_000_000
        self._listings: Listings | None = None

    def search(self, notes: str) -> Iterator[Node]:
        if not self._pattern:
            self._listings = Listings(self._prefix, NAMES, notes, self._quiet_since)
            return self._walk("", self._listings.look)
        node = self.look(self._pattern)
        return iter([node]) if node else self.glob(self._pattern)

    def glob(self, pattern: str) -> Iterator[Node]:
        folder = fixed_folder(pattern)
        if self._real(folder) != (self._prefix + folder).rstrip("/"):  # a link on the way
            return iter(())
        return self._walk(folder, lambda below: self._matching(below, pattern))

    def look(self, path: str) -> Node | None:
        full = self._prefix + path
        if not os.path.lexists(full):
            return None
        return self._node(path, os.lstat(full), over_link=self._real(path) != full)

    def load(self, path: str) -> bytes:
        try:
            # Not blocking: a pipe in place of a file must not hang the sync.
            handle = os.open(
                self._links.get(path, self._prefix + path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            )
        except OSError as error:
            raise Invalid(f"The file cannot be read: {error.strerror}.", "a readable file") from error
        try:
            content = os.read(handle, min(os.fstat(handle).st_size, MAX_BYTES) + 1)
        finally:
            os.close(handle)
        if len(content) > MAX_BYTES:
            raise Invalid(f"The file is larger than {MAX_BYTES >> 20} MiB.", f"at most {MAX_BYTES >> 20} MiB")
        return content

    def url(self, path: str) -> str:  # noqa: ARG002  # files on a disk have no page
        return ""

    def inside(self, url: str) -> str | None:  # noqa: ARG002  # nor are they behind a URL
        return None

    def notes(self) -> str:
        return self._listings.notes() if self._listings else ""

    def close(self) -> None:
        """Nothing is held open."""

    def _real(self, path: str) -> str:
        return os.path.realpath(self._prefix + path)

    def _matching(self, below: str, pattern: str) -> Listing:
        return scan(self._prefix + below, lambda name: matches(pattern, below + name))

    def _walk(self, folder: str, look: Callable[[str], Listing]) -> Iterator[Node]:
        """The files below a folder, each folder's by name; `look` tells what is in "folder/" (or ""), or raises
        OSError. They come while it walks, so that reading can begin."""
        folders = [f"{folder}/" if folder else ""]
        while folders:
            below = folders.pop()
            try:
                files, inner = look(below)
            except (FileNotFoundError, NotADirectoryError):  # gone in the meantime
                continue
            except OSError as error:
                yield Node(below, "", refused(below, f"The folder cannot be read: {error.strerror}."))
                continue
            if inner:
                folders += [f"{below}{name}/" for name in inner]
            for name in files:
                path = below + name
                try:
                    status = os.lstat(self._prefix + path)
                except (FileNotFoundError, NotADirectoryError):
                    continue
                yield self._node(path, status)

    def _node(self, path: str, status: os.stat_result, *, over_link: bool = False) -> Node:
        """Look at one file without opening it."""
        if not (path.isascii() and len(path) <= MAX_PATH) and (shown := _keepable(path)) != path:
            return Node(shown, "", refused(shown, "The name of the file cannot be kept.", "UTF-8, at most 1 kB"))
        kind = stat.S_IFMT(status.st_mode)
        if over_link or kind == stat.S_IFLNK:
            return self._linked(path)
        if kind != stat.S_IFREG:
            return Node(path, "", refused(path, "This is not a regular file."))
        if status.st_size > MAX_BYTES:
            size = f"at most {MAX_BYTES >> 20} MiB"
            return Node(path, "", refused(path, "The file is too large.", size, code="limit"))
        modified = status.st_mtime_ns
        if modified >= self._quiet_since:  # it may be written again within one tick of the file system's clock
            return Node(path, "")
        return Node(path, f"{modified}.{status.st_ctime_ns}.{status.st_size}")

    def _linked(self, path: str) -> Node:
        real = self._real(path)
        if not real.startswith(self._prefix):
            return Node(path, "", refused(path, "The file is a symbolic link that leaves the source."))
        if not Path(real).exists():
            return Node(path, "", refused(path, "The file is a symbolic link that leads nowhere."))
        self._links[path] = real
        return self._node(path, Path(real).stat())


def _keepable(path: str) -> str:
    """The path as it can be kept and shown: valid UTF-8 and not too long."""
    raw = path.encode(errors="surrogateescape")
    return raw[:MAX_PATH].decode(errors="replace")

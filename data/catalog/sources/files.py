"""A folder, a file or a glob on this machine as a source of catalog files."""

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from data.catalog.sources.folders import QUIET_SECONDS, Listings, Marks, marks_of_file, scan
from data.catalog.sources.targets import fixed_folder, is_pattern, matches
from data.catalog.sources.tree import MAX_BYTES, MAX_PATH, NAMES, Node, TreeCheckout, refused
from data.errors import Invalid, Unavailable
from data.ports.catalog import Checkout, Known, Standing


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
        self._notes = ""
        self._moved: Sequence[str] = ()  # files in folders that stand
        self._looked: dict[str, Marks] = {}  # files that were looked at by themselves
        self._has_read = False

    def standing(self, known: Known) -> Standing:
        """Remembered files are compared with what is remembered of them: those that are known need not be read."""
        if self._pattern:
            return Standing()
        self._notes = known.notes
        self._listings = Listings(self._prefix, NAMES, known.notes, self._quiet_since)
        standing, self._moved = self._listings.recall()
        if known.again:
            self._moved = [*self._moved, *(path for path in standing if path in known.again)]
            standing = [path for path in standing if path not in known.again]
        return Standing(standing, self._moved)

    def search(self) -> Iterator[Node]:
        if self._listings:
            return self._looked_at(chain([("", self._moved)], self._listings.walk()))
        node = self.look(self._pattern)
        return iter([node]) if node else self.glob(self._pattern)

    def glob(self, pattern: str) -> Iterator[Node]:
        folder = fixed_folder(pattern)
        if self._real(folder) != (self._prefix + folder).rstrip("/"):  # a link on the way
            return iter(())
        return self._looked_at(self._matching(folder, pattern))

    def look(self, path: str) -> Node | None:
        full = self._prefix + path
        if not os.path.lexists(full):
            return None
        return self._node(path, os.lstat(full), over_link=self._real(path) != full)

    def load(self, path: str) -> bytes:
        self._has_read = True
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

    def inside(self, named: str) -> str | None:  # a URL never is
        return named.removeprefix(self._prefix) if named.startswith(self._prefix) else None

    def notes(self) -> str:
        """What is remembered of files that change may be old, for then they are looked at by themselves; it is
        brought up to date when they have come to rest."""
        rests = not self._has_read and not self._looked.keys().isdisjoint(self._moved)
        if self._listings is None or not (self._listings.moved or rests):
            return self._notes
        return self._listings.notes(self._looked)

    def close(self) -> None:
        """Nothing is held open."""

    def _real(self, path: str) -> str:
        return os.path.realpath(self._prefix + path)

    def _matching(self, folder: str, pattern: str) -> Iterator[tuple[str, Sequence[str] | OSError]]:
        """Every folder from this one on, with the files in it that match, or the reason why it cannot be read."""
        folders = [folder]
        while folders:
            path = folders.pop()
            below = path and f"{path}/"
            try:
                files, inner = scan(self._prefix + path, _matcher(pattern, below))
            except OSError as error:
                yield path, error
                continue
            folders += [below + name for name in inner]
            yield path, [below + name for name in files]

    def _looked_at(self, folders: Iterable[tuple[str, Sequence[str] | OSError]]) -> Iterator[Node]:
        """The files of these folders; what is gone in the meantime is left out."""
        for folder, files in folders:
            if not isinstance(files, OSError):
                yield from filter(None, map(self._present, files))
            elif not isinstance(files, FileNotFoundError | NotADirectoryError):
                yield _unreadable(folder and f"{folder}/", "folder", files)

    def _present(self, path: str) -> Node | None:
        try:
            return self._node(path, os.lstat(self._prefix + path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            return _unreadable(path, "file", error)

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
        # it may be written again within one tick of the file system's clock
        if status.st_mtime_ns >= self._quiet_since:
            return Node(path, "")
        marks = marks_of_file(status)
        if path not in self._links:
            self._looked[path] = marks
        return Node(path, ".".join(map(str, marks)))

    def _linked(self, path: str) -> Node:
        real = self._real(path)
        if not real.startswith(self._prefix):
            return Node(path, "", refused(path, "The file is a symbolic link that leaves the source."))
        if not Path(real).exists():
            return Node(path, "", refused(path, "The file is a symbolic link that leads nowhere."))
        self._links[path] = real
        return self._node(path, Path(real).stat())


def _unreadable(path: str, what: str, error: OSError) -> Node:
    shown = _keepable(path)
    return Node(shown, "", refused(shown, f"The {what} cannot be read: {error.strerror}."))


def _matcher(pattern: str, below: str) -> Callable[[str], bool]:
    return lambda name: matches(pattern, below + name)


def _keepable(path: str) -> str:
    """The path as it can be kept and shown: valid UTF-8 and not too long."""
    raw = path.encode(errors="surrogateescape")
    return raw[:MAX_PATH].decode(errors="replace")

"""What folders hold, and remembering it: an unchanged folder costs one stat instead of a listing."""

import os
import stat
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain, compress
from operator import attrgetter, ne
from typing import Any, Final, NamedTuple

import orjson

from data.catalog.devcontainers import FOLDER

SKIPPED = frozenset({"node_modules"})  # beside everything hidden
QUIET_SECONDS = 2  # what changed so shortly before is looked at again: clocks of file systems tick that slowly
TRUSTED_SECONDS = 3600  # then every folder is listed again: some file systems never move the time of a folder

Listing = tuple[list[str], list[str]]  # names of (files that are wanted, folders to walk into, the last one first)
Marks = tuple[int, int, int]  # of a folder: mtime and ctime in nanoseconds, inode

_marks_of: Callable[[os.stat_result], Marks] = attrgetter("st_mtime_ns", "st_ctime_ns", "st_ino")
_MOVES: Final[Marks] = (0, 0, 0)  # of a folder that is to be listed again, whatever is told of it


class Folder(NamedTuple):
    """A remembered folder: the paths of the files in it that are wanted and of the folders to walk into, and the
    stamps of those files, "" for one that is to be looked at by itself."""

    marks: Marks
    files: Sequence[str]
    inner: Sequence[str]
    stamps: Sequence[str] = ()


def scan(folder: str, wanted: Callable[[str], bool]) -> Listing:
    """List one folder; links to folders, SKIPPED ones and hidden ones but .devcontainer are not walked."""
    files: list[str] = []
    folders: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if wanted(name) and not entry.is_dir(follow_symlinks=False):
                files.append(name)
            elif (
                (name[0] != "." or name == FOLDER) and entry.is_dir(follow_symlinks=False) and name not in SKIPPED
            ):
                folders.append(name)
    return sorted(files), sorted(folders, reverse=True)


class Listings:
    """The listings of all folders below one, those of the last time among them where the folder has not moved.

    Folders are paths without a slash at their end, which would follow a link; "" is the one at the top. `notes` is
    what `notes` gave the last time; a folder that changed after `quiet_since` (nanoseconds of Unix time) is
    listed again the next time.
    """

    def __init__(self, prefix: str, names: Collection[str], notes: str, quiet_since: int) -> None:
        self._prefix = prefix
        self._wanted = names.__contains__
        self._quiet_since = quiet_since
        self._began, self._columns = _trusted(notes)
        self._folders: dict[str, Folder] = {}  # put together when something has moved
        self._pending = [] if self._columns else [""]
        self.moved = not self._columns  # whether any folder has; then there is more to remember
        self._relisted: list[tuple[str, Sequence[str] | OSError]] = []

    def recall(self) -> tuple[list[str], list[str]]:
        """The files in all folders that stand as they are remembered, and the stamps of these files then; `walk`
        tells of the other folders.

        Everything is compared at once, without a step of this language for each folder.
        """
        if not self._columns:
            return [], []
        paths, modified, changed, inodes, files, _, stamps = self._columns
        marks = zip(modified, changed, inodes, strict=True)
        moved = list(compress(paths, map(ne, marks, map(_marks, map(self._prefix.__add__, paths)))))
        if moved:
            self._unfold()
            standing = self._relist(moved)
            files, stamps = [each.files for each in standing], [each.stamps for each in standing]
        return list(chain.from_iterable(files)), list(chain.from_iterable(stamps))

    def _unfold(self) -> None:
        if self._columns and not self._folders:
            paths, modified, changed, inodes, *columns = self._columns
            marks = zip(modified, changed, inodes, strict=True)
            self._folders = dict(zip(paths, map(Folder, marks, *columns), strict=True))

    def _relist(self, moved: Sequence[str]) -> list[Folder]:
        """Look again at these folders; gives those that stand."""
        for path in sorted(moved):  # what is above comes first: it may have become a link
            if path not in self._folders:
                continue
            before = self._folders[path]
            self._relisted.append((path, self._list(path)))
            inner = self._folders[path].inner
            for gone in set(before.inner).difference(inner):
                self._drop(gone)
        over = {path for path, _ in self._relisted}
        self.moved = True
        return [folder for path, folder in self._folders.items() if path not in over]

    def _drop(self, path: str) -> None:
        dropped = [path]
        while dropped:
            if folder := self._folders.pop(dropped.pop(), None):
                dropped += folder.inner

    def walk(self) -> Iterator[tuple[str, Sequence[str] | OSError]]:
        """Every other folder with its files, or with the reason why it cannot be listed. They come while it
        walks, so that reading can begin."""
        yield from self._relisted
        while self._pending:
            path = self._pending.pop()
            yield path, self._list(path)

    def _list(self, path: str) -> Sequence[str] | OSError:
        """List one folder and remember it; new ones in it are to be walked."""
        below = path and f"{path}/"
        try:
            status = os.lstat(self._prefix + path)
            if not stat.S_ISDIR(status.st_mode):
                raise NotADirectoryError
            names, inner = scan(self._prefix + path, self._wanted)
        except OSError as error:
            self._remember(path, Folder(_MOVES, (), ()))
            return error
        files, folders = [below + name for name in names], [below + name for name in inner]
        self._pending += [folder for folder in folders if folder not in self._folders]
        quiet = status.st_mtime_ns < self._quiet_since
        self._remember(path, Folder(_marks_of(status) if quiet else _MOVES, files, folders))
        return files

    def _remember(self, path: str, folder: Folder) -> None:
        """Names that are no text, which the system allows, are left out: they are new every time."""
        if _is_text(path):
            if not _is_text("".join([*folder.files, *folder.inner])):
                folder = Folder(_MOVES, (), list(filter(_is_text, folder.inner)))
            self._folders[path] = folder

    def notes(self, stamps: Mapping[str, str]) -> str:
        """What to remember, with the stamps of files by path."""
        self._unfold()
        marks, files, inner, _ = zip(*self._folders.values(), strict=True)
        told = [[stamps.get(path, "") for path in inside] for inside in files]
        columns = [list(self._folders), *zip(*marks, strict=True), files, inner, told]
        return orjson.dumps([self._began, *columns]).decode()


def _marks(path: str) -> Marks | None:
    try:
        return _marks_of(os.lstat(path))
    except OSError:
        return None


def _trusted(notes: str) -> tuple[float, list[list[Any]]]:
    """(when these notes were begun, in Unix time; their columns), anew when that is long ago."""
    began, *columns = orjson.loads(notes) if notes else (0.0,)
    now = time.time()
    return (began, columns) if now - TRUSTED_SECONDS < began <= now else (now, [])


def _is_text(name: str) -> bool:
    """Whether a name can be kept; the system allows any bytes."""
    if name.isascii():
        return True
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True

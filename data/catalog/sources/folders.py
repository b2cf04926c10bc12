"""What folders hold, and remembering it: an unchanged folder costs one stat instead of a listing."""

import os
import stat
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Final, NamedTuple

import orjson

from data.catalog.repos.devcontainers import FOLDER

SKIPPED = frozenset({"node_modules"})  # beside everything hidden
QUIET_SECONDS = 2  # what changed so shortly before is looked at again: clocks of file systems tick that slowly
TRUSTED_SECONDS = 3600  # then every folder is listed again: some file systems never move the time of a folder

Listing = tuple[list[str], list[str]]  # names of (files that are wanted, folders to walk into, the last one first)
Marks = tuple[int, int, int]  # mtime and ctime in nanoseconds; of a folder its inode, of a file its size in bytes

marks_of_file: Callable[[os.stat_result], Marks] = attrgetter("st_mtime_ns", "st_ctime_ns", "st_size")
_marks_of_folder: Callable[[os.stat_result], Marks] = attrgetter("st_mtime_ns", "st_ctime_ns", "st_ino")
_MOVES: Final[Marks] = (0, 0, 0)  # of what is to be looked at again, whatever is told of it
_FORMAT: Final = 2  # of the notes; others are not read


class Folder(NamedTuple):
    """A listed folder: the names of the files in it that are wanted, and the paths of the folders to walk into."""

    marks: Marks
    names: Sequence[str]
    inner: Collection[str]


class Remembered(NamedTuple):
    """All folders of the last time, by column: texts and numbers that need no objects of their own.

    `names` are the different lists of names of files, `inside` says which of them each folder has; the marks are
    those of each folder, followed by those of the files in it.
    """

    names: list[list[str]]
    folders: list[str]
    inside: list[int]
    modified: list[int]
    changed: list[int]
    numbers: list[int]

    def listed(self) -> Iterable[tuple[str, list[str]]]:
        """(path of a folder, names of the files in it that are wanted)."""
        return zip(self.folders, map(self.names.__getitem__, self.inside), strict=True)

    def marks(self) -> Iterator[Marks]:
        """Of each folder and then of each of its files."""
        return zip(self.modified, self.changed, self.numbers, strict=True)


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
        self._began, self._known = _trusted(notes)
        self._folders: dict[str, Folder] = {}  # put together when something has moved
        self._files: dict[str, Marks] = {}  # so are the remembered marks of files
        self._standing: Sequence[str] = ()
        self._pending = [] if self._known else [""]
        self.moved = not self._known  # whether any folder has; then there is more to remember
        self._relisted: list[tuple[str, Sequence[str] | OSError]] = []

    def recall(self) -> tuple[Sequence[str], Sequence[str]]:
        """(the files that stand as they are remembered, the others in the same folders); `walk` tells of the
        folders that do not stand."""
        if not self._known:
            return (), ()
        try:
            top = os.open(self._prefix, os.O_RDONLY | os.O_DIRECTORY)
        except OSError:  # which is told when it is listed again
            moved, standing, others = [""], list[str](), list[str]()
        else:
            moved, standing, others = _compare(self._known, top)
            os.close(top)
        if moved:
            self._unfold()
            stands = self._relist(moved)
            standing = [path for path in standing if path.rpartition("/")[0] in stands]
            others = [path for path in others if path.rpartition("/")[0] in stands]
        self._standing = standing
        return standing, others

    def _unfold(self) -> None:
        if not self._known or self._folders:
            return
        inner, marks = defaultdict[str, list[str]](list), self._known.marks()
        for folder in filter(None, self._known.folders):
            inner[folder.rpartition("/")[0]].append(folder)
        for folder, names in self._known.listed():
            self._folders[folder] = Folder(next(marks), names, inner[folder])
            self._files |= zip(_paths(folder, names), marks, strict=False)

    def _relist(self, moved: Sequence[str]) -> Collection[str]:
        """Look again at these folders; gives those that stand."""
        for path in sorted(moved):  # what is above comes first: it may have become a link
            if path not in self._folders:
                continue
            before = self._folders[path]
            self._relisted.append((path, self._list(path)))
            inner = self._folders[path].inner
            for gone in set(before.inner).difference(inner):
                self._drop(gone)
        self.moved = True
        return self._folders.keys() - {path for path, _ in self._relisted}

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
        try:
            status = os.lstat(self._prefix + path)
            if not stat.S_ISDIR(status.st_mode):
                raise NotADirectoryError
            names, inner = scan(self._prefix + path, self._wanted)
        except OSError as error:
            self._remember(path, Folder(_MOVES, (), ()))
            return error
        folders = _paths(path, inner)
        self._pending += [folder for folder in folders if folder not in self._folders]
        quiet = status.st_mtime_ns < self._quiet_since
        self._remember(path, Folder(_marks_of_folder(status) if quiet else _MOVES, names, folders))
        return _paths(path, names)

    def _remember(self, path: str, folder: Folder) -> None:
        """Names that are no text, which the system allows, are left out: they are new every time."""
        if _is_text(path):
            if not _is_text("".join([*folder.names, *folder.inner])):
                folder = Folder(_MOVES, (), list(filter(_is_text, folder.inner)))
            self._folders[path] = folder

    def notes(self, looked: dict[str, Marks]) -> str:
        """What to remember, with the marks of the files that were looked at by themselves, by path."""
        self._unfold()
        told = {path: self._files[path] for path in self._standing} | looked
        table: dict[tuple[str, ...], int] = {}
        inside, marks = list[int](), list[Marks]()
        for path, folder in self._folders.items():
            inside.append(table.setdefault(tuple(folder.names), len(table)))
            marks += [folder.marks, *(told.get(file, _MOVES) for file in _paths(path, folder.names))]
        remembered = Remembered(
            list(map(list, table)), list(self._folders), inside, *map(list, zip(*marks, strict=True))
        )
        return orjson.dumps([_FORMAT, self._began, *remembered]).decode()


def _compare(known: Remembered, top: int) -> tuple[list[str], list[str], list[str]]:
    """(folders that have moved, files that have not, files that have), all below the open folder `top`.

    A file is looked at right after its folder, while the system has at hand what leads there; and both in this
    loop, for at ten thousand folders a function of ours would be felt.
    """
    marks, lstat = known.marks(), os.lstat
    moved, standing, others = list[str](), list[str](), list[str]()
    for folder, names in known.listed():
        try:
            if next(marks) != _marks_of_folder(lstat(folder or ".", dir_fd=top)):
                moved.append(folder)
        except OSError:
            moved.append(folder)
        for name in names:
            path = f"{folder}/{name}" if folder else name
            try:
                stands = next(marks) == marks_of_file(lstat(path, dir_fd=top))
            except OSError:
                stands = False
            (standing if stands else others).append(path)
    return moved, standing, others


def _trusted(notes: str) -> tuple[float, Remembered | None]:
    """(when these notes were begun, in Unix time; what they remember), anew when that is long ago."""
    mark, began, *columns = orjson.loads(notes) if notes else (0, 0.0)
    now = time.time()
    trusted = mark == _FORMAT and now - TRUSTED_SECONDS < began <= now
    return (began, Remembered(*columns)) if trusted else (now, None)


def _paths(folder: str, names: Iterable[str]) -> list[str]:
    below = folder and f"{folder}/"
    return [below + name for name in names]


def _is_text(name: str) -> bool:
    """Whether a name can be kept; the system allows any bytes."""
    if name.isascii():
        return True
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True

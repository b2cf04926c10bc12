"""What folders hold, and remembering it: an unchanged folder costs one stat instead of a listing."""

import os
import time
from collections.abc import Callable, Collection
from typing import Any

import orjson

from data.catalog.devcontainers import FOLDER

SKIPPED = frozenset({"node_modules"})  # beside everything hidden
QUIET_SECONDS = 2  # what changed so shortly before is looked at again: clocks of file systems tick that slowly
TRUSTED_SECONDS = 3600  # then every folder is listed again: some file systems never move the time of a folder

Listing = tuple[list[str], list[str]]  # names of (files that are wanted, folders to walk into, the last one first)
Remembered = list[Any]  # of a folder: [mtime and ctime in nanoseconds, inode, files, folders]


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

    `notes` is what `notes()` gave the last time; a folder that changed after `quiet_since` (nanoseconds of Unix
    time) is listed, but not remembered.
    """

    def __init__(self, prefix: str, names: Collection[str], notes: str, quiet_since: int) -> None:
        self._prefix = prefix
        self._names = names
        self._quiet_since = quiet_since
        self._notes = notes
        self._began, self._before = _trusted(notes)
        self._now: dict[str, Remembered] = {}

    def look(self, below: str) -> Listing:
        """The files with one of the names and the folders in "folder/", or "". Raises OSError."""
        # without the slash at its end: that would follow a link
        status = os.lstat(self._prefix + below[:-1])
        before = self._before.get(below)
        if before is not None:
            modified, changed, inode, files, folders = before
            if modified == status.st_mtime_ns and changed == status.st_ctime_ns and inode == status.st_ino:
                self._now[below] = before
                return files, folders
        return self._scan(below, status)

    def _scan(self, below: str, status: os.stat_result) -> Listing:
        found = scan(self._prefix + below, self._names.__contains__)
        if status.st_mtime_ns < self._quiet_since and _is_text(below, found):
            self._now[below] = [status.st_mtime_ns, status.st_ctime_ns, status.st_ino, *found]
        return found

    def notes(self) -> str:
        """What to remember."""
        if self._notes and self._now == self._before:
            return self._notes
        return orjson.dumps([self._began, self._now]).decode()


def _trusted(notes: str) -> tuple[float, dict[str, Remembered]]:
    """(when these notes were begun, in Unix time; their listings), anew when that is long ago."""
    began, before = orjson.loads(notes) if notes else (0.0, {})
    now = time.time()
    return (began, before) if now - TRUSTED_SECONDS < began <= now else (now, {})


def _is_text(below: str, found: Listing) -> bool:
    """Whether the names can be kept; the system allows any bytes."""
    try:
        "".join([below, *found[0], *found[1]]).encode()
    except UnicodeEncodeError:
        return False
    return True

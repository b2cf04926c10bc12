"""What a Location target or a placeholder names: a path inside the same tree, or a reason why not."""

import fnmatch
import posixpath
import re
from collections.abc import Callable
from functools import lru_cache

from data.errors import Invalid, NotAllowed

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_MARKS = frozenset("*?[")


def is_pattern(path: str) -> bool:
    """Whether a path is a glob."""
    return not _MARKS.isdisjoint(path)


def resolve(path: str, target: str, inside: Callable[[str], str | None]) -> str:
    """The path, from the root of the tree, of what `target` names in the file `path`; it may be a glob.

    `inside` turns a URL or an absolute path into a path when it is of this tree. Nothing else is ever fetched:
    raises NotAllowed for what is elsewhere and for paths that leave the tree, Invalid for what names nothing.
    """
    if not target or "\0" in target or "\\" in target or len(target) > 1024:
        raise Invalid("The target is not a path.", "Write a path relative to this file, such as ./api.yaml.")
    if target.startswith(("file:.", "url:.")):
        target = target.partition(":")[2]
    if _SCHEME.match(target) or target.startswith("/"):
        found = inside(target.removeprefix("url:"))
        if found is None:
            raise NotAllowed(
                f"The target {_short(target)} is not followed: it is outside of this source.",
                "Name a file of this source, or make that repository a source of its own.",
            )
        return _contained(found, target)
    return _contained(posixpath.join(posixpath.dirname(path), target), target)


def from_root(named: str) -> str | None:
    """The path in a repository that an absolute path means: as in Backstage it begins at the repository's root."""
    return named.lstrip("/") if named.startswith("/") else None


def _contained(path: str, target: str) -> str:
    normal = posixpath.normpath(path)
    if normal == ".." or normal.startswith(("../", "/")):
        raise NotAllowed(
            f"The target {_short(target)} is not followed: it leaves this source.", "Name a file of this source."
        )
    return normal


def _short(target: str) -> str:
    return target if len(target) <= 200 else f"{target[:200]}…"


def matches(pattern: str, path: str) -> bool:
    """Whether a whole path matches a glob: `*` and `?` stay inside one name, `**` spans any number of folders."""
    names = path.split("/")
    reached = {0}
    for part in pattern.split("/"):
        if part == "**":
            reached = set(range(min(reached), len(names) + 1)) if reached else set()
        else:
            match = _name_pattern(part)
            reached = {at + 1 for at in reached if at < len(names) and match(names[at])}
    return len(names) in reached


@lru_cache(maxsize=256)
def _name_pattern(part: str) -> Callable[[str], object]:
    return re.compile(fnmatch.translate(part)).match


def fixed_folder(pattern: str) -> str:
    """The folder below which everything lies that a glob can match; "" is the root."""
    names: list[str] = []
    for part in pattern.split("/")[:-1]:
        if is_pattern(part):
            break
        names.append(part)
    return "/".join(names)

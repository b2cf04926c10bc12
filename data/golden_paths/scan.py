"""Looking through what a template has made, before anybody is shown it: paths, links, kinds of files, sizes."""

import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from data.golden_paths.limits import FILES, LARGEST, OUTPUT
from data.ports.golden_paths import RenderedFile, TemplateRefused

MOST_PATH: Final = 240  # bytes of a path
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[1-9]|lpt[1-9])(\..*)?", re.IGNORECASE)


def scan(folder: Path) -> tuple[RenderedFile, ...]:
    """Every file, sorted by path. Raises TemplateRefused with a sentence for the first thing that may not be."""
    found = sorted(_walk(folder, ""), key=lambda file: file.path)
    if not found:
        raise TemplateRefused("The template made no file.")
    if len(found) > FILES or sum(file.size for file in found) > OUTPUT:
        raise TemplateRefused(f"The template made more than {FILES:,} files or {OUTPUT >> 20} MB.")
    seen: dict[str, str] = {}
    for file in found:
        key = unicodedata.normalize("NFC", file.path).casefold()
        if key in seen:
            raise TemplateRefused(
                f"The template made both {seen[key]} and {file.path}, which some systems mix up."
            )
        seen[key] = file.path
    return tuple(found)


def _walk(root: Path, below: str) -> Iterator[RenderedFile]:
    with os.scandir(root / below) as entries:
        for entry in entries:
            path = f"{below}/{entry.name}" if below else entry.name
            check_path(path)
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(root, path)
            else:
                yield _file(root, path, entry)


def _file(root: Path, path: str, entry: "os.DirEntry[str]") -> RenderedFile:
    status = entry.stat(follow_symlinks=False)
    if stat.S_ISLNK(status.st_mode):
        return RenderedFile(path, 0, link=_inside(root, path, str(Path(entry.path).readlink())))
    if not stat.S_ISREG(status.st_mode) or status.st_mode & (stat.S_ISUID | stat.S_ISGID):
        raise TemplateRefused(f"The template made {path}, which is no ordinary file.")
    if status.st_nlink > 1 or status.st_size > LARGEST:
        raise TemplateRefused(f"The template made {path}, which is too large or has a second name.")
    return RenderedFile(path, status.st_size, bool(status.st_mode & stat.S_IXUSR))


def _inside(root: Path, path: str, target: str) -> str:
    """The target of a link, which must exist inside and be reached without leaving."""
    joined = os.path.normpath(os.path.join(os.path.dirname(path), target))  # noqa: PTH118, PTH120 - text, no file
    leaves = target.startswith("/") or joined.startswith("..")
    if leaves or not (root / joined).resolve().is_relative_to(root.resolve()):
        raise TemplateRefused(f"The template made the link {path}, which leads out of the project.")
    return target


def check_path(path: str) -> None:
    """Raises TemplateRefused for a path that git, a shell or another system could misunderstand."""
    name = path.rpartition("/")[2]
    bad = (
        name.casefold() in {".git", "git~1", ".gitmodules"}
        or name.startswith("-")
        or name.endswith((" ", "."))
        or _RESERVED.fullmatch(name) is not None
        or any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in name)
        or "\\" in name
        or ":" in name
        or len(path.encode(errors="replace")) > MOST_PATH
    )
    if bad:
        raise TemplateRefused(f"The template made the path {path[:80]!r}, which may not be.")

"""What a template says of its versions: the sections of its CHANGELOG."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

FILES: Final = ("CHANGELOG.md", "MIGRATION.md", "UPGRADING.md")
MOST: Final = 4000  # characters of one version
LARGEST: Final = 1 << 20  # bytes of the file

_HEAD = re.compile(r"^##[ \t]+\[?([^\]\s]+)\]?.*$", re.MULTILINE)


def notes(folder: Path, versions: Sequence[str]) -> Mapping[str, str]:
    """What stands under "## v2" in the template's CHANGELOG.md (or MIGRATION.md, UPGRADING.md), for each version.

    "" where nothing is said. A leading v makes no difference.
    """
    sections = _sections(folder)
    return {version: sections.get(version.removeprefix("v"), "") for version in versions}


def _sections(folder: Path) -> Mapping[str, str]:
    for name in FILES:
        file = folder / name
        if file.is_file() and not file.is_symlink() and file.stat().st_size <= LARGEST:
            return _read(file.read_text(errors="replace"))
    return {}


def _read(text: str) -> Mapping[str, str]:
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return {
        head[1].removeprefix("v"): text[head.end() : end].strip()[:MOST]
        for head, end in zip(heads, ends, strict=True)
    }

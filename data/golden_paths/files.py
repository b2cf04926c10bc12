"""The files of a template in a folder: listed, told apart by a hash, and copied."""

import hashlib
import os
from pathlib import Path

from data.errors import Invalid

MOST_FILES = 5000
MOST_BYTES = 50 << 20  # of one template
FULL = 40  # hexadecimal digits of a commit id, and of a hash that stands for one


def files_in(source: Path) -> list[str]:
    """Every file and empty folder below, by path; a folder ends with a slash."""
    found = []
    for place, folders, names in os.walk(source):
        folders[:] = sorted(folder for folder in folders if folder != "__pycache__")
        here = os.path.relpath(place, source)
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]  # noqa: PTH114, PTH118
        found += [os.path.normpath(f"{here}/{name}") for name in sorted([*names, *links])]
        if not folders and not names:
            found.append(os.path.normpath(here) + "/")
    check_size(len(found), 0)
    return sorted(found)


def hash_of(source: Path, files: list[str]) -> str:
    """What moves with any of these files, as long as a commit id. Raises Invalid when they are too much."""
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
        check_size(0, size)
        digest.update(f"{kind} {len(os.fsencode(name))} {len(content)}\n".encode() + os.fsencode(name) + content)
    return digest.hexdigest()[:FULL]


def copy(source: Path, files: list[str], into: Path) -> None:
    """Copy these files with their links and executable bits."""
    for name in files:
        file, target = source / name, into / name
        if name.endswith("/"):
            target.mkdir(parents=True, exist_ok=True)
        elif file.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(file.readlink())
        else:
            write(target, file.read_bytes(), "100755" if os.access(file, os.X_OK) else "100644")


def write(file: Path, content: bytes, mode: str) -> None:
    """Write one file as git would; `mode` is git's: 100644, 100755, or 120000 for a link to `content`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if mode == "120000":
        file.symlink_to(content.decode(errors="surrogateescape"))
        return
    file.write_bytes(content)
    file.chmod(0o755 if mode == "100755" else 0o644)


def check_size(files: int, size: int) -> None:
    """Raises Invalid for more files or bytes than a template may have."""
    if files > MOST_FILES or size > MOST_BYTES:
        raise Invalid(f"The template is larger than {MOST_FILES} files or {MOST_BYTES >> 20} MiB.")

"""What `copier update` does, in parts that can do no harm: both versions are rendered by the confined child, and
the difference between them is merged into the project, file by file, by git's own three-way merge.

copier's own update runs git inside of the project and tells the template's tasks and migrations; nothing here
trusts either.
"""

import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from data.catalog.repos.origins import COPIER
from data.catalog.sources.git_process import Git
from data.catalog.sources.remote import Remote
from data.errors import Invalid, NotFound, Unavailable
from data.ports.golden_paths import Rendered
from data.ports.repo_host import Change

SECONDS: Final = 30
LARGEST: Final = 1 << 20  # bytes of an answers file
MERGED: Final = 5 << 20  # bytes of one file that is merged line by line


@dataclass(frozen=True, slots=True)
class Update:
    """What a pull request would bring.

    `changes` by path (None: goes away); `conflicts` are the paths that people and the new version both changed in
    the same place: marked in the file where that can be; `edited` the template's files that people changed.
    """

    changes: Mapping[str, Change | None]
    conflicts: tuple[str, ...]
    edited: tuple[str, ...]


def answers_in(project: Path) -> Mapping[str, Any]:
    """The answers that copier wrote down in a project, those of its own (`_commit`) among them.

    Raises NotFound without them, Invalid when they cannot be read.
    """
    import yaml  # the C parser of it is not needed for one small file

    file = project / COPIER
    if not file.is_file() or file.is_symlink():
        raise NotFound(f"There is no {COPIER} in its repository.")
    if file.stat().st_size > LARGEST:
        raise Invalid(f"{COPIER} is larger than {LARGEST >> 20} MiB.")
    try:
        read = yaml.safe_load(file.read_bytes())
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(f"{COPIER} cannot be read.", str(error).partition("\n")[0]) from error
    if not isinstance(read, dict) or not read.get("_commit"):
        raise Invalid(f"{COPIER} does not say which version it is of.")
    plain: dict[str, Any] = orjson.loads(orjson.dumps(read, default=str, option=orjson.OPT_NON_STR_KEYS))
    return plain


def merge(project: Path, old: Rendered, new: Rendered, labels: tuple[str, str]) -> Update:
    """Bring the way from `old` to `new` into the files of `project`; nothing on disk changes.

    `labels` name the project's and the template's side in marked conflicts.
    """
    merged = _Merge(project, old, new, labels)
    for path in sorted({file.path for file in (*old.files, *new.files)}):
        merged.take(path)
    return Update(merged.changes, tuple(merged.conflicts), tuple(merged.edited))


class _Merge:
    """One merge while it goes on."""

    def __init__(self, project: Path, old: Rendered, new: Rendered, labels: tuple[str, str]) -> None:
        self._project, self._old, self._new, self._labels = project, old, new, labels
        self.changes: dict[str, Change | None] = {}
        self.conflicts: list[str] = []
        self.edited: list[str] = []

    def take(self, path: str) -> None:
        """One path of the template."""
        base, theirs = _rendered(self._old, path), _rendered(self._new, path)
        ours = _there(self._project, path)
        if path == COPIER:
            self._propose(path, ours, theirs)
            return
        if base is not None and ours != base:
            self.edited.append(path)
        if theirs in (base, ours):
            return
        if ours == base:
            self._propose(path, ours, theirs)
        elif ours is not None:  # what people have deleted stays deleted
            self._both(path, base, ours, theirs)

    def _propose(self, path: str, ours: Change | None, theirs: Change | None) -> None:
        if ours != theirs:
            self.changes[path] = theirs

    def _both(self, path: str, base: Change | None, ours: Change, theirs: Change | None) -> None:
        """Both sides changed it."""
        if theirs is None:  # gone in the new version, but people have made it theirs
            self.conflicts.append(path)
            return
        content, clean = _merged(base.content if base else b"", ours.content, theirs.content, self._labels)
        if not clean:
            self.conflicts.append(path)
        if content is not None:
            self._propose(path, ours, Change(content, ours.executable or theirs.executable))


def _rendered(side: Rendered, path: str) -> Change | None:
    content = side.read(path)
    return None if content is None else Change(content, os.access(side.folder / path, os.X_OK))


def _there(project: Path, path: str) -> Change | None:
    """A file of the project, None when there is none, or something else, or it is reached over a link."""
    file = project / path
    if not file.is_file() or file.resolve() != project.resolve() / path:
        return None
    return Change(file.read_bytes(), os.access(file, os.X_OK))


def _merged(base: bytes, ours: bytes, theirs: bytes, labels: tuple[str, str]) -> tuple[bytes | None, bool]:
    """(the merged content, whether without conflicts); None for what cannot be merged line by line."""
    if any(b"\0" in side or len(side) > MERGED for side in (base, ours, theirs)):
        return None, False
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder) / name for name in ("ours", "base", "theirs")]
        for file, content in zip(names, (ours, base, theirs), strict=True):
            file.write_bytes(content)
        done = _git_merge(Path(folder), names, labels)
    if done.returncode >= 128 or done.returncode < 0:
        raise Unavailable("git could not merge a file.", done.stderr.decode(errors="replace")[:200])
    return done.stdout, done.returncode == 0


def _git_merge(folder: Path, names: list[Path], labels: tuple[str, str]) -> "subprocess.CompletedProcess[bytes]":
    git = Git(folder / "none", Remote("file", ""))
    sides = ["-L", labels[0], "-L", "before", "-L", labels[1]]
    try:
        return subprocess.run(  # noqa: S603 - git, with arguments that no shell reads
            ["git", "merge-file", "-p", *sides, *map(str, names)],  # noqa: S607 - the one of the system
            env=git.environment(),
            cwd=folder,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable("git cannot be run.", type(error).__name__) from error

"""Makes repositories with tagged versions of the templates that ship as folders, so that the demo has a past."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from data.integrations.repos.bare import Bare
from data.ports.repo_host import Change

NEWEST: Final = "v2"
EARLIER: Final = "earlier"  # folder with what was different in each earlier version
ABSENT: Final = "absent.txt"  # in it: paths that were not there yet


def publish(folder: Path, into: Path) -> list[Path]:
    """A bare repository below `into` for each template in `folder`; those that are there already are left alone.

    The tags are the earlier versions and the newest one. Gives the repositories, by name.
    """
    into.mkdir(parents=True, exist_ok=True)
    templates = sorted(file.parent for file in folder.glob("*/copier.yml"))
    return [_published(template, into / f"{template.name}.git") for template in templates]


def version(template: Path, name: str, into: Path) -> None:
    """Write the files of one version of a template into a new folder."""
    shutil.copytree(template, into)
    overlay = template.parent / EARLIER / name
    if name == NEWEST:
        return
    for path in (overlay / ABSENT).read_text().split():
        (into / path).unlink()
    shutil.copytree(overlay, into, dirs_exist_ok=True, ignore=shutil.ignore_patterns(ABSENT))


def _published(template: Path, place: Path) -> Path:
    """Made aside and renamed at once, so that it is there with all its versions or not at all."""
    if place.exists():
        return place
    with tempfile.TemporaryDirectory(prefix=".new-", dir=place.parent) as beside:
        bare = Bare(Path(beside) / "git")
        bare.init("main")
        _commit(bare, template, Path(beside))
        bare.folder.rename(place)
    return place


def _commit(bare: Bare, template: Path, beside: Path) -> None:
    """Version upon version on the branch main, each with its tag."""
    earlier = sorted(each.name for each in (template.parent / EARLIER).iterdir())
    commit, before = "", dict[str, Change]()
    for name in (*earlier, NEWEST):
        version(template, name, beside / name)
        now = _files(beside / name)
        if commit:
            commit = bare.commit_changes(_changes(before, now), f"Version {name}", commit, name)
        else:
            commit = bare.commit_folder(beside / name, f"Version {name}", name)
        bare.git("update-ref", f"refs/tags/{name}", commit)
        bare.git("update-ref", "refs/heads/main", commit)
        bare.git("update-ref", "-d", f"refs/heads/{name}")
        before = now


def _changes(before: Mapping[str, Change], now: Mapping[str, Change]) -> dict[str, Change | None]:
    changed: dict[str, Change | None] = {path: now[path] for path in sorted(now) if before.get(path) != now[path]}
    return changed | {path: None for path in before if path not in now}


def _files(folder: Path) -> dict[str, Change]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {p.relative_to(folder).as_posix(): Change(p.read_bytes(), os.access(p, os.X_OK)) for p in paths}

"""Templates of the tests' own making, and what renders them."""

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from data.golden_paths.child import Nursery
from data.golden_paths.renderer import Renderer
from data.golden_paths.shelf import Shelf
from data.ports.golden_paths import GoldenPath

Template = Callable[..., Path]


@pytest.fixture
def template(tmp_path: Path) -> Template:
    """Write a template: `copier` is its copier.yml, `files` its other files; a folder's name ends with a slash."""

    def write(copier: str, files: Mapping[str, str] | None = None, name: str = "template") -> Path:
        folder = tmp_path / name
        for path, content in {"copier.yml": copier, **(files or {})}.items():
            file = folder / path
            if path.endswith("/"):
                file.mkdir(parents=True, exist_ok=True)
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        return folder

    return write


@pytest.fixture
def renderer(tmp_path: Path, nursery: Nursery) -> Renderer:
    """A renderer without a registry."""
    return Renderer((), Shelf(tmp_path / "cache"), nursery)


def path_of(source: Path, **more: object) -> GoldenPath:
    """A golden path of this folder."""
    return GoldenPath("demo", "Demo", str(source), **more)  # type: ignore[arg-type]  # whatever the test wants


def git(folder: Path, *words: str, said: str | None = None) -> str:
    """Run git in a folder, as somebody; `said` is what it reads."""
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    command = ["git", "-C", str(folder), *who, *words]
    done = subprocess.run(command, input=said, check=True, capture_output=True, text=True)
    return done.stdout.strip()

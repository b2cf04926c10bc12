"""Repositories of the demo's services that follow a golden path: rendered at the version that they follow, with
what Acme's people have changed by hand since, so that a newer version has something to meet."""

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from data.catalog.repos.origins import COPIER
from data.ports.golden_paths import GoldenPath
from data.ports.repo_host import RepoHost

if TYPE_CHECKING:
    from data.golden_paths.renderer import Renderer

BY_HAND: Final = "by-hand"  # folder of the shipped templates: files that people changed, by service


def seed_services(host: RepoHost, shipped: Path, catalog: Path, marker: str) -> None:
    """A repository for each service of `catalog` that was made from a template; those that are there stay."""
    from data.golden_paths.renderer import Renderer  # copier's process, which the first answers do not need
    from data.golden_paths.shelf import Shelf

    with tempfile.TemporaryDirectory() as place:
        renderer = Renderer((), Shelf(Path(place) / "shelf"))
        try:
            for answers in sorted(catalog.glob(f"*/{COPIER}")):
                _service(renderer, host, shipped, answers, marker)
        finally:
            renderer.close()


def _service(renderer: "Renderer", host: RepoHost, shipped: Path, answers: Path, marker: str) -> None:
    from data.golden_paths.publishing import version
    from data.golden_paths.updating import answers_in

    said = answers_in(answers.parent)
    name, id = str(said["name"]), str(said["_src_path"]).rpartition("/")[2]
    if host.find(name) is not None:
        return
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "template"
        version(shipped / id, str(said["_commit"]), source)
        path = GoldenPath(id=f"{id}-{said['_commit']}", title=id, source=str(source), version=str(said["_commit"]))
        given = {key: value for key, value in said.items() if not key.startswith("_")}
        made = renderer.render(renderer.pin(path), given, Path(place) / "project").folder
        shutil.copy(answers, made / COPIER)
        if (shipped / BY_HAND / name).is_dir():
            shutil.copytree(shipped / BY_HAND / name, made, dirs_exist_ok=True)
        repo = host.create(name, marker, str(said["description"]))
        host.first_commit(repo, marker, made, f"Make {name} from {id} {said['_commit']}")

"""Where services came from: addresses that mean the same, and answers that lie beside or above a catalog file."""

from pathlib import Path

import pytest

from data.catalog.live import Catalog
from data.catalog.repos.origins import address, origin_of
from data.catalog.sources.files import FilesSource
from data.catalog.sources.git import GitSource
from data.catalog.syncing.sync import sync
from data.ports.catalog import CatalogSource
from data.store.database import Database
from tests.conftest import Clock

SERVICE = """apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: %s}
spec: {type: service, lifecycle: production, owner: payments}
"""
ANSWERS = "# comment\n_commit: v1.2\n_src_path: 'git@github.com:Acme/Template.git'\nname: x\n"


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/acme/template",
        "https://github.com/Acme/Template.git",
        "https://user:token@github.com/acme/template.git",
        "git+https://github.com/acme/template.git",
        "git@github.com:acme/template.git",
        "ssh://git@github.com:22/acme/template",
        "ssh://git@github.com/acme/template/",
        "gh:acme/template",
    ],
)
def test_these_are_one_template(text: str) -> None:
    assert address(text) == "github.com/acme/template"


def test_folders_keep_their_letters() -> None:
    assert address("/srv/Templates/One.git") == address("file:///srv/Templates/One") == "/srv/Templates/One"


@pytest.mark.parametrize("text", ["", "\0", "name: x", "_commit:\n_src_path:\n", "[" * 1000])
def test_broken_answers_say_nothing(text: str) -> None:
    assert origin_of(text)[:2] == ("", "")


def services(folder: Path) -> Path:
    for name in ("pay", "shop/web", "hand"):
        (folder / name).mkdir(parents=True)
        (folder / name / "catalog-info.yaml").write_text(SERVICE % name.rpartition("/")[2])
    (folder / "pay" / ".copier-answers.yml").write_text(ANSWERS)
    (folder / "shop" / ".copier-answers.yml").write_text(ANSWERS.replace("v1.2", "v2"))
    (folder / ".copier-answers.yml").write_text(ANSWERS.replace("v1.2", "v0"))  # of the folder itself
    return folder


def followed(source: CatalogSource, database: Database, clock: Clock) -> dict[str, str]:
    assert sync(database, source, now=clock).error == ""
    catalog = Catalog(database)
    catalog.refresh()
    found = {each.name: catalog.snapshot.repositories.origin(each) for each in catalog.snapshot}
    return {name: origin.version for name, origin in found.items() if origin}


def test_answers_in_a_folder_are_found(tmp_path: Path, database: Database, clock: Clock) -> None:
    source = FilesSource("acme", services(tmp_path / "catalog"))
    assert followed(source, database, clock) == {"pay": "v1.2", "web": "v2"}
    (tmp_path / "catalog" / "pay" / ".copier-answers.yml").write_text(ANSWERS.replace("v1.2", "v3"))
    assert followed(source, database, clock)["pay"] == "v3"
    (tmp_path / "catalog" / "pay" / ".copier-answers.yml").unlink()
    assert followed(source, database, clock) == {"web": "v2"}


def test_answers_in_a_git_repository_are_found(tmp_path: Path, database: Database, clock: Clock) -> None:
    from data.integrations.repos.bare import Bare

    bare = Bare(tmp_path / "repo.git")
    bare.init("main")
    bare.commit_folder(services(tmp_path / "catalog"), "All", "main")
    source = GitSource("acme", str(bare.folder), tmp_path / "cache")
    assert followed(source, database, clock) == {"pay": "v1.2", "web": "v2"}

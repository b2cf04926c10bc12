"""A company whose services follow a golden path of three versions: one clean, one edited, one that is gone."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from data.catalog.live import Catalog
from data.catalog.sources.files import FilesSource
from data.catalog.syncing.sync import sync_all
from data.golden_paths.child import Nursery
from data.golden_paths.renderer import Renderer
from data.golden_paths.shelf import Shelf
from data.integrations.repos.bare import Bare
from data.integrations.repos.local import LocalHost
from data.policies import Policy, PolicyConfig
from data.ports.golden_paths import GoldenPath
from data.ports.repo_host import Change
from tests.workflows.house import House, build

WRITTEN = "https://github.com/acme/old-name"  # under which services know the template
CHANGELOG = (
    "# Versions\n\n## v3 (2026)\n\nThe third: *read* this.\n\n## [v2]\n\nThe second.\n\n## v1\n\nThe first.\n"
)
LINES = [f"line {number}" for number in range(1, 10)]
ORG = """
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: acme}
spec: {type: organization, children: [payments, platform]}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: payments, annotations: {slack.com/channel: team-payments}}
spec: {type: team, parent: acme, children: [], members: [ann, ben]}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: platform, annotations: {slack.com/channel: platform}}
spec: {type: team, parent: acme, children: [], members: [cat, dan]}
"""
USER = """---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: %s}
spec: {profile: {email: %s@acme.example}, memberOf: [%s]}
"""
SERVICE = """apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: %s, annotations: {github.com/project-slug: acme/%s}}
spec: {type: service, lifecycle: production, owner: payments}
"""
EDITED = {"l8": "ours", "l5": "ours too"}  # v3 changes the first of these as well
KNOWN_TO_THE_CATALOG = (".copier-answers.yml", "catalog-info.yaml")
POLICIES = {
    "template-upgrade": {"rules": [{"then": {"approvals": 1, "from": ["owners"]}}]},
    "template-update": {"rules": [{"then": "allow"}]},
}


def text(**changed: str) -> str:
    """The file that the template makes, with lines put in place of others: l3="other"."""
    lines = {f"l{at}": line for at, line in enumerate(LINES, 1)} | changed
    return "\n".join(lines.values()) + "\n"


VERSIONS: Mapping[str, Mapping[str, str]] = {
    "v1": {"app.txt.jinja": "{{ name }}\n" + text(), "old.txt": "old\n"},
    "v2": {"app.txt.jinja": "{{ name }}\n" + text(l2="better"), "old.txt": "old\n", "new.txt": "new\n"},
    "v3": {"app.txt.jinja": "{{ name }}\n" + text(l2="better", l8="best"), "new.txt": "new\n"},
}
SAME = {
    "copier.yml": "_exclude: [copier.yml, CHANGELOG.md]\nname: {type: str}\nport: {type: int, default: 80}\n",
    "{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_nice_yaml }}",
    "CHANGELOG.md": CHANGELOG,
}


def template(folder: Path) -> Path:
    """A bare repository with the versions as tags."""
    bare = Bare(folder)
    bare.init("main")
    commit, before = "", frozenset[str]()
    for name, files in VERSIONS.items():
        whole: dict[str, Change | None] = {
            path: Change(said.encode()) for path, said in (SAME | dict(files)).items()
        }
        if commit:
            gone: dict[str, Change | None] = dict.fromkeys(before - whole.keys())
            commit = bare.commit_changes(whole | gone, name, commit, name)
        else:
            write(folder.parent / "first", SAME | dict(files))
            commit = bare.commit_folder(folder.parent / "first", name, name)
        bare.git("update-ref", f"refs/tags/{name}", commit)
        bare.git("update-ref", "refs/heads/main", commit)
        before = frozenset(whole)
    return folder


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for path, said in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(said)
    return folder


def answers(name: str, version: str = "v1", source: str = WRITTEN) -> str:
    return f"# by copier\n_commit: {version}\n_src_path: {source}\nname: {name}\nport: 8080\n"


def service(house_folder: Path, host: LocalHost, name: str, version: str = "v1", **changed: str) -> None:
    """A service in the catalog that follows the template, and its repository with `changed` lines by hand."""
    files = files_of(name, version, **changed)
    write(house_folder / "catalog" / name, {path: files[path] for path in KNOWN_TO_THE_CATALOG})
    repo = host.create(name, "seed", name)
    host.first_commit(repo, "seed", write(house_folder / "seeds" / name, files), "Begin")


def files_of(name: str, version: str = "v1", **changed: str) -> dict[str, str]:
    """What stands in the repository of a service that follows the template."""
    return {
        ".copier-answers.yml": answers(name, version),
        "catalog-info.yaml": SERVICE % (name, name),
        "app.txt": f"{name}\n{text(**changed)}",
        "old.txt": "old\n",
        "own.txt": "mine\n",
    }


def company(url: str, folder: Path, nursery: Nursery, **more: Any) -> House:
    """The house with its catalog. invoices is clean, cart was edited where v3 changes, ghost has no repository,
    orders was made by hand, and foreign follows a template that is not kept here."""
    house = build(url, folder, **more)
    host = LocalHost(folder / "git", "acme", "https://git.acme.example")
    people = "".join(USER % (name, name, team) for name, team in PEOPLE.items())
    write(folder / "catalog", {"catalog-info.yaml": ORG + people})
    service(folder, host, "invoices")
    service(folder, host, "cart", **EDITED)
    for name in ("ghost", "orders", "foreign"):
        write(folder / "catalog" / name, {"catalog-info.yaml": SERVICE % (name, name)})
    write(folder / "catalog/ghost", {".copier-answers.yml": answers("ghost")})
    write(folder / "catalog/foreign", {".copier-answers.yml": answers("foreign", "3.1", "gh:somebody/else")})
    path = GoldenPath(
        "demo",
        "Demo service",
        str(template(folder / "template")),
        owner="group:default/platform",
        formerly=(WRITTEN,),
    )
    database = house.idp.database
    catalog = Catalog(database)
    written = {name: Policy(name, PolicyConfig.model_validate(said)) for name, said in POLICIES.items()}
    house.idp = replace(
        house.idp,
        catalog=catalog,
        sources=(FilesSource("acme", folder / "catalog"),),
        golden_paths=Renderer([path], Shelf(folder / "shelf"), nursery),
        repo_host=host,
        policies={**house.idp.policies, **written},
    )
    sync_all(database, house.idp.sources, now=house.idp.now)
    catalog.refresh()
    return house


PEOPLE = {"ann": "payments", "ben": "payments"} | dict.fromkeys(("cat", "dan", "pia", "max"), "platform")

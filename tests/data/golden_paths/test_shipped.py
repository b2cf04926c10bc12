"""The golden paths that ship: what they make is whole, valid, and its own tests pass."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import data
from data.catalog.descriptors.reading import read_file
from data.golden_paths.publishing import NEWEST, publish
from data.golden_paths.renderer import Renderer
from data.golden_paths.shelf import Shelf
from data.ports.golden_paths import GoldenPath, Rendered

SHIPPED = Path(data.__path__[0]) / "demo" / "golden-paths"
PATHS = ("go-http", "node-http", "python-http")
ANSWERS: Mapping[str, Any] = {
    "name": "order-history",
    "description": 'Keeps "what" was bestellt: für immer & 🎉.',
    "owner": "group:default/team-orders",
    "system": "system:default/order-system",
    "lifecycle": "production",
    "consumes_apis": ["api:default/checkout-api"],
    "repository": "acme/order-history",
    "repository_url": "https://github.com/acme/order-history",
    "database": "postgres",
    "database_size": "medium",
}
KINDS = {"Deployment", "Service", "Ingress", "NetworkPolicy", "Kustomization"}
BROUGHT = {
    ".copier-answers.yml",
    ".github/workflows/ci.yml",
    ".pre-commit-config.yaml",
    "Dockerfile",
    "README.md",
    "catalog-info.yaml",
    "dashboards/service.json",
    "deploy/deployment.yaml",
    "deploy/ingress.yaml",
    "deploy/networkpolicy.yaml",
    "deploy/service.yaml",
    "docs/index.md",
    "docs/runbook.md",
    "mkdocs.yml",
    "score.yaml",
    "secrets/policy.hcl",
    "secrets/vault.ctmpl",
}


class Made:
    """Each golden path rendered once by the product's own renderer, at the newest version and at the first."""

    def __init__(self, place: Path) -> None:
        self.place = place
        repositories = publish(SHIPPED, place / "published")
        registry = [GoldenPath(id=each.stem, title=each.stem, source=str(each)) for each in repositories]
        self.renderer = Renderer(registry, Shelf(place / "shelf"))
        self._made: dict[tuple[str, str], Rendered] = {}

    def __call__(self, id: str, version: str = NEWEST) -> Rendered:
        if (id, version) not in self._made:
            pinned = self.renderer.pin(self.renderer.get(id), version)
            into = self.place / f"{id}-{version}"
            self._made[id, version] = self.renderer.render(pinned, ANSWERS, into)
        return self._made[id, version]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    found = Made(tmp_path_factory.mktemp("golden-paths"))
    yield found
    found.renderer.close()


def documents(rendered: Rendered, path: str) -> list[Any]:
    return list(yaml.safe_load_all((rendered.folder / path).read_text()))


def test_all_three_ship() -> None:
    assert sorted(file.parent.name for file in SHIPPED.glob("*/copier.yml")) == list(PATHS)


@pytest.mark.parametrize("id", PATHS)
def test_everything_is_brought(made: Made, id: str) -> None:
    assert {file.path for file in made(id).files} >= BROUGHT


@pytest.mark.parametrize("id", PATHS)
def test_every_file_can_be_read_by_its_reader(made: Made, id: str) -> None:
    rendered = made(id)
    for file in rendered.files:
        if file.path.endswith((".yaml", ".yml")):
            assert all(documents(rendered, file.path)), file.path
        if file.path.endswith(".json"):
            json.loads((rendered.folder / file.path).read_bytes())


@pytest.mark.parametrize("id", PATHS)
def test_manifests_are_of_the_four_kinds_and_name_the_service(made: Made, id: str) -> None:
    rendered = made(id)
    manifests = [
        document
        for file in rendered.files
        if file.path.startswith("deploy/")
        for document in documents(rendered, file.path)
    ]
    assert {each["kind"] for each in manifests} == KINDS
    named = {each["metadata"]["name"] for each in manifests if "metadata" in each}
    assert named == {"order-history"}
    kustomization = next(each for each in manifests if each["kind"] == "Kustomization")
    assert {f"deploy/{name}" for name in kustomization["resources"]} < {file.path for file in rendered.files}


@pytest.mark.parametrize("id", PATHS)
def test_score_is_valid(made: Made, id: str, shared: Path) -> None:
    schema = json.loads((shared / "specs" / "score-v1b1.schema.json").read_bytes())
    [score] = documents(made(id), "score.yaml")
    jsonschema.Draft202012Validator(schema).validate(score)
    assert score["resources"]["db"]["class"] == "medium"


@pytest.mark.parametrize("id", PATHS)
def test_the_catalog_takes_the_entity_without_a_doubt(made: Made, id: str) -> None:
    content = made(id).read("catalog-info.yaml") or b""
    reading = read_file(content, "catalog-info.yaml", "test", lambda _: b"")
    service = reading.rows[0].entity
    assert (service.ref, service.owner) == ("component:default/order-history", "group:default/team-orders")
    assert (service.system, service.description) == ("system:default/order-system", ANSWERS["description"])
    assert not reading.problems
    relations = {(each.type, each.target) for each in service.declared()}
    assert ("consumesApi", "api:default/checkout-api") in relations
    assert "coder.com/workspace-template" in service.details()["annotations"]


@pytest.mark.parametrize("id", PATHS)
def test_ci_lints_tests_builds_scans_and_checks_dependencies(made: Made, id: str) -> None:
    [ci] = documents(made(id), ".github/workflows/ci.yml")
    assert set(ci["jobs"]) == {"lint", "test", "dependencies", "image"}
    used = [step.get("uses", "") for job in ci["jobs"].values() for step in job["steps"]]
    for action in ("docker/build-push-action@", "aquasecurity/trivy-action@", "actions/dependency-review-action@"):
        assert any(each.startswith(action) for each in used), action
    assert ci["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("id", PATHS)
def test_secrets_are_paths_only(made: Made, id: str) -> None:
    rendered = made(id)
    told = (rendered.read("secrets/vault.ctmpl") or b"").decode()
    assert 'secret "secret/data/order-system/order-history"' in told
    assert "{% raw" not in told
    assert "=" not in told.replace(":=", "").replace("{{ $key }}={{ $value | toJSON }}", "")


@pytest.mark.parametrize("id", PATHS)
def test_the_dashboard_asks_for_the_metrics_that_the_service_has(made: Made, id: str) -> None:
    dashboard = json.loads(made(id).read("dashboards/service.json") or b"")
    asked = " ".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    assert dashboard["uid"] == "order-history"
    assert "http_requests_total{" in asked
    assert "http_request_duration_seconds_bucket{" in asked


@pytest.mark.parametrize("id", PATHS)
def test_the_answers_name_template_and_version(made: Made, id: str) -> None:
    for version in ("v1", NEWEST):
        [answers] = documents(made(id, version), ".copier-answers.yml")
        assert answers["_commit"] == version
        assert answers["_src_path"].endswith(f"{id}.git")


@pytest.mark.parametrize("id", PATHS)
def test_the_earlier_version_differs(made: Made, id: str) -> None:
    before = {file.path for file in made(id, "v1").files}
    assert {file.path for file in made(id).files} - before == {"deploy/networkpolicy.yaml"}


def test_without_system_database_and_page_all_is_valid(made: Made, tmp_path: Path) -> None:
    answers = {**ANSWERS, "system": "", "database": "none", "consumes_apis": [], "repository_url": ""}
    pinned = made.renderer.pin(made.renderer.get("python-http"))
    rendered = made.renderer.render(pinned, answers, tmp_path / "bare")
    for file in rendered.files:
        if file.path.endswith((".yaml", ".yml")):
            assert all(documents(rendered, file.path)), file.path
    assert len(documents(rendered, "catalog-info.yaml")) == 1
    assert "secret/data/order-history/order-history" in (rendered.read("secrets/policy.hcl") or b"").decode()


def test_what_does_not_depend_on_the_language_is_the_same() -> None:
    first, *others = [
        {f.relative_to(SHIPPED / id).as_posix(): f.read_bytes() for f in (SHIPPED / id).rglob("*") if f.is_file()}
        for id in PATHS
    ]
    own = {
        "copier.yml",
        "template/.pre-commit-config.yaml",
        "template/Dockerfile",
        "template/.dockerignore",
        "template/.gitignore.jinja",
    }
    own |= {"template/.github/workflows/ci.yml"}
    for other in others:
        assert {path for path in first.keys() & other.keys() if first[path] != other[path]} <= own


def run(command: list[str], folder: Path, **more: str) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder.parent), "PYTHONDONTWRITEBYTECODE": "1", **more}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def copied(rendered: Rendered, tmp_path: Path) -> Path:
    """A copy, so that nothing that tests leave behind is looked at by others."""
    shutil.copytree(rendered.folder, tmp_path / "project")
    return tmp_path / "project"


def test_the_python_project_passes_its_own_checks(made: Made, tmp_path: Path) -> None:
    project = copied(made("python-http"), tmp_path)
    run([sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"], project)
    run([sys.executable, "-m", "ruff", "check", "--no-cache", "."], project)
    run([sys.executable, "-m", "ruff", "format", "--no-cache", "--check", "."], project)


def test_the_node_project_passes_its_own_tests(made: Made, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node here")
    project = copied(made("node-http"), tmp_path)
    run([node, "--test"], project)


def test_the_go_project_passes_its_own_tests(made: Made, tmp_path: Path) -> None:
    go = shutil.which("go")
    if go is None:
        pytest.skip("there is no Go here")
    project = copied(made("go-http"), tmp_path)
    home = {"HOME": os.environ.get("HOME", str(tmp_path))}  # where Go keeps what it has compiled before
    run([go, "vet", "./..."], project, **home)
    run([go, "test", "./..."], project, **home)

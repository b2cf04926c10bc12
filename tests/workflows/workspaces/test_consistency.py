"""Golden path, workspace template and devcontainer of a service: whether they agree."""

from pathlib import Path

import pytest

from bot.settings.config import load
from bot.wiring import build
from commands.parts.ask import Asker
from commands.parts.typed.answering import answer
from data.catalog.repos.devcontainers import devcontainer_language, language_of
from data.catalog.syncing.sync import sync_all
from data.idp import Idp

SERVICE = """apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: %s
  annotations: {%s}
spec: {type: service, lifecycle: production, owner: payments}
"""
ANSWERS = "_commit: v1\n_src_path: https://git.example.com/acme/py.git\nworkspace_template: python\n"
YAML = """catalog: {sources: [{name: acme, type: files, path: ./catalog}]}
workspaces: [{type: fake}]
golden_paths: [{id: py, title: Python service, source: "https://git.example.com/acme/py.git", language: Python}]
"""
CODER = "coder.com/workspace-template"


@pytest.fixture
def idp(tmp_path: Path) -> Idp:
    services = {
        "agrees": (f"{CODER}: python", ANSWERS, '{"image": "mcr.example.com/devcontainers/python:3.12"}'),
        "unnamed": ("", ANSWERS, ""),
        "other": (f"{CODER}: node", ANSWERS, ""),
        "gone": (f"{CODER}: perl", "", ""),
        "old": (f"{CODER}: python2", "", ""),
        "mixed": (f"{CODER}: go", "", '{"features": {"ghcr.io/devcontainers/features/node:1": {}},} // why'),
        "plain": ("", "", ""),
    }
    for name, (annotations, answers, container) in services.items():
        folder = tmp_path / "catalog" / name
        (folder / ".devcontainer").mkdir(parents=True)
        (folder / "catalog-info.yaml").write_text(SERVICE % (name, annotations))
        if answers:
            (folder / ".copier-answers.yml").write_text(answers)
        if container:
            (folder / ".devcontainer" / "devcontainer.json").write_text(container)
    (tmp_path / "idp.yaml").write_text(YAML)
    environ = {"IDP_CONFIG": str(tmp_path / "idp.yaml"), "IDP_DATABASE_URL": f"sqlite:///{tmp_path}/idp.db"}
    made = build(load(environ, slack=False))
    made.database.migrate()
    sync_all(made.database, made.sources, now=made.now)
    made.catalog.refresh()
    return made


def test_each_disagreement_is_named_with_its_service(idp: Idp) -> None:
    reply = answer("templates --consistency --json", Asker("ann"), idp)
    told = {one["service"].partition("/")[2]: one["problem"] for one in reply.data["disagreements"]}
    assert reply.data["checked"] == 6
    assert not reply.ok
    assert set(told) == {"unnamed", "other", "gone", "old", "mixed"}
    assert "the catalog names none" in told["unnamed"]
    assert "There is no workspace template perl" in told["gone"]
    assert "deprecated: Use python" in told["old"]
    assert "workspace template go, devcontainer node" in told["mixed"]
    idp.database.close()


def test_a_service_without_annotation_gets_its_golden_paths_template(idp: Idp) -> None:
    from workflows.workspaces.services import template_of

    entity = idp.catalog.snapshot.get("component:default/unnamed")
    assert entity is not None
    assert template_of(idp.catalog.snapshot, entity) == "python"
    idp.database.close()


@pytest.mark.parametrize(
    ("content", "language"),
    [
        ('{"image": "mcr.microsoft.com/devcontainers/go:1-1.24"}', "go"),
        ('// "image": "python"\n{"image": "docker.io/library/node:22", /* x */}', "node"),
        ('{"features": {"ghcr.io/devcontainers/features/rust:1": {}}}', "rust"),
        ('{"image": "https://x//y/python"}', "python"),
        ('{"build": {"dockerfile": "Dockerfile"}}', ""),
        ("[1, 2]", ""),
        ("{", ""),
    ],
)
def test_the_language_of_a_devcontainer(content: str, language: str) -> None:
    assert devcontainer_language(content) == language


def test_the_language_of_a_name() -> None:
    assert [language_of(text) for text in ("python-service", "Node.js", "go and node", "cobol")] == [
        "python",
        "node",
        "",
        "",
    ]

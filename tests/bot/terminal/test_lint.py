"""`idp lint`: what CI sees of faulty files: an exit code, and file and line of each."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main

Lint = Callable[..., tuple[int, str]]

ROOT = Path(__file__).parents[3]

CATALOG = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: cart}
spec: {type: service, lifecycle: production, owner: shop}
"""
ROTA = "schedules:\n  - {name: shop, covers: [shop], rotation: [ann], start: 2026-01-05}\n"
POLICIES = "policies:\n  game-day:\n    rules:\n      - {then: {approvals: 1, from: [owners]}}\n"
ORG = """\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: shop}
spec: {type: team, children: [], members: [ann]}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: ann}
spec: {profile: {email: ann@acme.example}, memberOf: [shop]}
"""
TEMPLATE = {
    "catalog-info.yaml.jinja": CATALOG.replace("{name: cart}", '{name: "{{ name }}"}').replace(
        "owner: shop", 'owner: "{{ owner }}"'
    ),
    ".github/workflows/ci.yml": "jobs: {scan: {steps: [{uses: aquasecurity/trivy-action}, {run: pip-audit}]}}\n",
}
SCORES = (
    "scorecards:\n  mine:\n    title: Mine\n    rules:\n      r: {title: R, level: bronze, check: coverage > 1}\n"
)
COPIER = (
    "name: {type: str, help: Its name}\nport: {type: int, help: Its port, default: 8080}\nowner: {type: str}\n"
)
FILES = {
    "catalog/cart/catalog-info.yaml": CATALOG,
    "rota.yaml": ROTA,
    "policies.yaml": POLICIES,
    "scorecards.yaml": SCORES,
    **{f"path/{name}": text for name, text in TEMPLATE.items()},
    "path/copier.yml": COPIER,
    "catalog/org/catalog-info.yaml": ORG,
    "catalog/cart/.copier-answers.yml": "_commit: v1.0.0\n_src_path: gh:acme/template\n",
    "catalog/cart/.devcontainer/devcontainer.json": '// what it is for\n{"image": "acme/dev"}\n',
    "idp.yaml": (
        "catalog: {sources: [{name: a, type: files, path: catalog}]}\noncall: [{type: rota, path: rota.yaml}]\n"
        "policies: policies.yaml\nscorecards: {files: [scorecards.yaml]}\n"
        "golden_paths: [{id: path, title: Path, source: ./path, owner: shop}]\n"
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def lint(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lint:
    """Run `idp lint` with words in that folder: exit code and what it prints."""
    monkeypatch.chdir(folder)
    for name in os.environ:
        if name.startswith(("SLACK_", "IDP_")):
            monkeypatch.delenv(name)

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["idp", "lint", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out + printed.err

    return run


def test_nothing_is_wrong(folder: Path) -> None:
    """As CI calls it: a process of its own, with next to no environment."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "lint"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "Nothing is wrong.\n", "")


def test_a_golden_path_is_rendered_and_what_it_lacks_is_told_where_it_stands(folder: Path, lint: Lint) -> None:
    (folder / "path/copier.yml").write_text(COPIER.replace(", help: Its port", ""))
    (folder / "path/.github/workflows/ci.yml").unlink()
    code, text = lint()
    assert code == 0
    assert "path/copier.yml:2: warning: The question port has no help" in text
    assert "idp.yaml:5: warning: path: Images are scanned: no" in text
    (folder / "path/copier.yml").write_text("_tasks: [touch x]\n" + COPIER)
    code, text = lint("idp.yaml")
    assert code == 1
    assert "idp.yaml:5: error: path: " in text
    assert "tasks" in text


def test_a_golden_path_that_cannot_be_looked_at_from_here_is_said(folder: Path, lint: Lint) -> None:
    away = FILES["idp.yaml"].replace("./path", "./elsewhere").replace("id: path", "id: far")
    (folder / "idp.yaml").write_text(away)
    code, text = lint()
    assert code == 0
    assert "idp.yaml:5: warning: far: there is no folder " in text
    (folder / "idp.yaml").write_text(away.replace("./elsewhere", "'https://127.0.0.1:9/x.git'"))
    code, text = lint()
    assert code == 0
    assert "so it was not rendered" in text
    assert "offline" not in text
    assert "it comes from elsewhere and lint stays offline, so it was not rendered" in lint("--offline")[1]


def test_what_a_template_asks_of_copier_in_vain_is_said_at_its_line(folder: Path, lint: Lint) -> None:
    said = "_skip_if_exists: [app.toml]\n_migrations: [{version: v2, command: ./move}]\n"
    (folder / "path/copier.yml").write_text(COPIER + said.splitlines()[0] + "\n")
    code, text = lint("--offline")
    assert code == 0
    assert "path/copier.yml:4: warning: Its _skip_if_exists is not heeded" in text
    (folder / "path/copier.yml").write_text(COPIER + said)
    code, text = lint()
    assert code == 1  # it runs commands, and nobody has said that this commit may
    assert "migrations" in text


def test_groups_that_policies_name_are_looked_for_in_the_catalog_files(folder: Path, lint: Lint) -> None:
    (folder / "policies.yaml").write_text(POLICIES.replace("[owners]", "[owners, shop, shpo]"))
    there = "policies.yaml:4: warning: game-day names the group shpo, which is not in the catalog files"
    for words in ((), ("policies.yaml", "catalog/org/catalog-info.yaml")):
        code, text = lint(*words)
        assert code == 0
        assert text.startswith(there), text
        assert "0 errors, 1 warning" in text
    assert lint("policies.yaml", "catalog/cart") == (0, "Nothing is wrong.\n")  # no group to compare with


def test_a_folder_and_a_file_that_hold_nothing_are_no_silent_success(folder: Path, lint: Lint) -> None:
    (folder / "new").mkdir()
    code, text = lint("new")
    assert code == 0
    assert text.startswith("new: warning: Nothing in it is checked.")
    (folder / "new/catalog-info.yaml").write_text("# soon\n")
    assert "new/catalog-info.yaml:1: warning: The file is empty." in lint("new")[1]


def test_every_kind_of_file_is_told_with_its_line(folder: Path, lint: Lint) -> None:
    changes = {
        "catalog/cart/catalog-info.yaml": ("kind: Component", "kind:"),
        "rota.yaml": ("rotation", "rotatoin"),
        "policies.yaml": ("approvals: 1", "approvals: 0"),
        "scorecards.yaml": ("coverage > 1", "coverage > high"),
        "path/copier.yml": ("type: int", "type: whole"),
    }
    for name, (old, new) in changes.items():
        (folder / name).write_text(FILES[name].replace(old, new))
    told = [lint(name) for name in changes]
    assert [code for code, _ in told] == [1] * 5
    places = ["catalog/cart/catalog-info.yaml:1:", "rota.yaml:2:", "policies.yaml:4:", "scorecards.yaml:5:"]
    for (_, text), place in zip(told, [*places, "path/copier.yml:2:"], strict=True):
        assert text.startswith(f"{place} error: "), text


def test_the_configuration_leads_to_everything_that_it_names(folder: Path, lint: Lint) -> None:
    (folder / "rota.yaml").write_text(ROTA.replace("rotation", "rotatoin"))
    (folder / "catalog/cart/catalog-info.yaml").write_text(CATALOG.replace("{name: cart}", "{nam: cart}"))
    (folder / "path/copier.yml").write_text("- a list\n")
    code, text = lint()
    assert code == 1
    assert {line.partition(":")[0] for line in text.splitlines()[:-1]} == {
        "rota.yaml", "catalog/cart/catalog-info.yaml", "path/copier.yml",
    }  # fmt: skip
    (folder / "scorecards.yaml").write_text(SCORES.replace("bronze", "tin"))
    code, text = lint()
    assert (code, text.partition(":")[0]) == (1, "scorecards.yaml")


def test_warnings_do_not_fail_a_check(folder: Path, lint: Lint) -> None:
    (folder / "catalog/cart/catalog-info.yaml").write_text(
        CATALOG.replace("{name: cart}", "{name: cart, tags: [A b]}")
    )
    code, text = lint("catalog")
    assert code == 0
    assert "catalog/cart/catalog-info.yaml:3: warning: " in text
    assert text.endswith("0 errors, 1 warning\n")


def test_github_and_machines_have_forms_of_their_own(folder: Path, lint: Lint) -> None:
    (folder / "rota.yaml").write_text(ROTA.replace("rotation", "rotatoin"))
    assert lint("rota.yaml", "--format", "github")[1].startswith("::error file=rota.yaml,line=2::")
    found, *_ = json.loads(lint("rota.yaml", "--format", "json")[1])
    assert (found["file"], found["line"], found["level"]) == ("rota.yaml", 2, "error")


@pytest.mark.parametrize("form", ["text", "github"])
def test_the_name_of_a_file_is_no_command(folder: Path, lint: Lint, form: str) -> None:
    (folder / "x\n::stop-commands::y\x1b]0;z\x07").mkdir()
    (folder / "x\n::stop-commands::y\x1b]0;z\x07/catalog-info.yaml").write_text("a: [")
    _, text = lint(".", "--format", form)
    found, *_ = [line for line in text.splitlines() if "y\ufffd]0;z\ufffd" in line]
    assert not found.startswith("::stop")
    assert text.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("name", "text"), [("odd.yaml", "a: 1\n"), ("broken.yaml", "a: [\n"), ("missing.yaml", None)]
)
def test_what_it_cannot_judge_is_an_error(folder: Path, lint: Lint, name: str, text: str | None) -> None:
    if text is not None:
        (folder / name).write_text(text)
    assert lint(name)[0] == 1

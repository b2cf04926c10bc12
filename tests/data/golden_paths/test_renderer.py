"""Templates are rendered in a process that sees nothing, reaches nothing and cannot outstay its limits."""

import json
import sys
from pathlib import Path

import pytest

from data.errors import Conflict, Invalid, NotFound
from data.golden_paths.renderer import Renderer
from data.ports.golden_paths import TemplateRefused
from tests.data.golden_paths.conftest import Template, git, path_of

QUESTIONS = """
name: {type: str, help: What it is called}
port: {type: int, default: 8080, validator: "{% if port < 1024 %}Take one above 1024.{% endif %}"}
database: {type: str, choices: {None: none, PostgreSQL: postgres}, default: none}
size: {type: str, choices: [small, large], default: small, when: "{{ database == 'postgres' }}"}
title: {type: str, default: "{{ name | upper }}"}
hidden: {type: str, secret: true, default: x}
"""
ANSWERS = "{{ _copier_conf.answers_file }}.jinja"


def test_questions_follow_the_answers(renderer: Renderer, template: Template) -> None:
    pinned = renderer.pin(path_of(template(QUESTIONS), fields={"title": "description"}))
    first = renderer.questions(pinned, {"name": "orders"})
    assert [one.name for one in first.asked] == ["name", "port", "database", "title"]
    assert [one.known for one in first.asked] == ["name", "", "", "description"]
    assert first.asked[2].choices == (("None", "none"), ("PostgreSQL", "postgres"))
    assert first.asked[3].value == "ORDERS"
    assert {"name", "database"} <= first.depends
    second = renderer.questions(pinned, {"name": "orders", "database": "postgres", "port": "80"})
    assert [one.name for one in second.asked] == ["name", "port", "database", "size", "title"]
    assert second.asked[1].fault == "Take one above 1024."
    assert "'huge' is not in" in renderer.questions(pinned, {"database": "huge"}).asked[2].fault


def test_questions_that_hang_on_answers_which_are_not_there_yet(renderer: Renderer, template: Template) -> None:
    strict = """
_envops: {undefined: jinja2.StrictUndefined}
name: {type: str}
slug: {type: str, default: "{{ name | lower }}", help: "Of {{ name }}"}
kind: {type: str, choices: "{{ ['a', name] | to_json }}", when: "{{ name != 'x' }}"}
"""
    pinned = renderer.pin(path_of(template(strict)))
    assert [(one.name, one.value) for one in renderer.questions(pinned, {}).asked] == [
        ("name", None),
        ("slug", None),
        ("kind", None),
    ]
    asked = renderer.questions(pinned, {"name": "Orders"}).asked
    assert (asked[1].value, asked[1].help, asked[2].choices) == (
        "orders",
        "Of Orders",
        (("a", "a"), ("Orders", "Orders")),
    )


def test_renders_with_answers_defaults_and_its_version(
    renderer: Renderer, template: Template, tmp_path: Path
) -> None:
    files = {"README.md.jinja": "# {{ name }} {{ port }}", ANSWERS: "{{ _copier_answers | to_nice_yaml }}"}
    pinned = renderer.pin(path_of(template(QUESTIONS, files), version="v3"))
    made = renderer.render(pinned, {"name": "orders", "port": 9000}, tmp_path / "out")
    assert made.read("README.md") == b"# orders 9000"
    answers = (made.read(".copier-answers.yml") or b"").decode()
    assert "_commit: v3\n" in answers
    assert f"_src_path: {tmp_path / 'template'}\n" in answers
    assert "hidden" not in answers
    assert made.commit == pinned.commit
    assert not (tmp_path / "template" / ".git").exists()


def test_an_answer_that_the_template_does_not_take_is_invalid(
    renderer: Renderer, template: Template, tmp_path: Path
) -> None:
    pinned = renderer.pin(path_of(template(QUESTIONS, {"a": "b"})))
    with pytest.raises(Invalid, match="Take one above 1024"):
        renderer.render(pinned, {"name": "orders", "port": 80}, tmp_path / "out")


@pytest.mark.parametrize(
    ("config", "feature"),
    [
        ("_tasks: ['touch canary']", "tasks"),
        ("_migrations: [{version: v2, command: 'touch canary'}]", "migrations"),
        ("_jinja_extensions: [jinja2.ext.do]", "jinja_extensions"),
    ],
)
def test_what_runs_code_is_refused_by_name(
    renderer: Renderer, template: Template, tmp_path: Path, config: str, feature: str
) -> None:
    folder = template(config, {"a": "b"})
    pinned = renderer.pin(path_of(folder))
    with pytest.raises(TemplateRefused, match=feature):
        renderer.render(pinned, {}, tmp_path / "out")
    with pytest.raises(TemplateRefused, match=feature):
        renderer.questions(pinned, {})
    assert not list(tmp_path.rglob("canary"))


def test_the_exact_commit_that_is_trusted_may_run_tasks_without_network(
    renderer: Renderer, template: Template, tmp_path: Path
) -> None:
    reach = "import socket; socket.create_connection(('127.0.0.1', 9))"
    task = f'{sys.executable} -c "{reach}" 2> refused || true'
    folder = template(f"_tasks: ['touch made', 'env > seen', {json.dumps(task)}]")
    (folder / "a").write_text("b")
    path = path_of(folder)
    pinned = renderer.pin(path)
    made = renderer.render(renderer.pin(path_of(folder, trusted=(pinned.commit,))), {}, tmp_path / "out")
    assert made.read("made") == b""
    assert b"PYTHONPATH" not in (made.read("seen") or b"")
    assert b"PermissionError" in (made.read("refused") or b"")
    (folder / "a").write_text("c")
    moved = renderer.pin(path_of(folder, trusted=(pinned.commit,)))
    with pytest.raises(TemplateRefused, match="tasks"):
        renderer.render(moved, {}, tmp_path / "out")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{{ '/etc/pass*' | fileglob }}", "may not reach /etc"),
        ("{% include '/etc/hostname' %}", "TemplateNotFound"),
        ("{{ 'a' * 10**9 }}", "too much memory"),
        ("{{ ''.__class__.__mro__ }}", "unsafe|SecurityError"),
        ("{{ missing.attribute }}", "undefined"),
    ],
)
def test_hostile_files_cost_their_own_job_only(
    renderer: Renderer, template: Template, tmp_path: Path, content: str, why: str
) -> None:
    folder = template("a: b", {"file.jinja": content})
    with pytest.raises(TemplateRefused, match=why):
        renderer.render(renderer.pin(path_of(folder)), {}, tmp_path / "out")
    good = template("a: b", {"file.jinja": "{{ a }}"}, name="good")
    assert renderer.render(renderer.pin(path_of(good)), {}, tmp_path / "out").read("file") == b"b"


def test_no_variable_of_ours_is_seen(
    renderer: Renderer, template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-canary")
    folder = template("a: b", {"file.jinja": "{{ '$SLACK_BOT_TOKEN $PATH $PYTHONPATH' | expandvars }}"})
    made = renderer.render(renderer.pin(path_of(folder)), {}, tmp_path / "out")
    assert made.read("file") == b"$SLACK_BOT_TOKEN $PATH $PYTHONPATH"


@pytest.mark.parametrize(
    "answer", ["../../evil", "/tmp/x", ".git", "x" * 300, "a\nb", "-rf", "CON", "a\u202eb", "a\\b"]
)
def test_paths_that_could_be_misunderstood_are_refused(
    renderer: Renderer, template: Template, tmp_path: Path, answer: str
) -> None:
    folder = template("name: x", {"{{ name }}/file": "b"})
    with pytest.raises(Invalid):
        renderer.render(renderer.pin(path_of(folder)), {"name": answer}, tmp_path / "out")
    assert not (tmp_path / "evil").exists()
    assert not Path("/tmp/x/file").exists()


def test_the_awkward_one_is_rendered_right(renderer: Renderer, template: Template, tmp_path: Path) -> None:
    copier = """
_preserve_symlinks: true
_templates_suffix: .tmpl
_envops: {block_start_string: '<%', block_end_string: '%>'}
name: {type: str, default: 'bücher'}
"""
    files = {
        "{{ name }}/Grüße.md.tmpl": "<% if name %>Hallo {{ name }} 🎉<% endif %>",
        "bin/run.sh": "#!/bin/sh\n",
        "empty/": "",
    }
    folder = template(copier, files)
    (folder / "bin" / "run.sh").chmod(0o755)
    (folder / "link").symlink_to("bin/run.sh")
    made = renderer.render(renderer.pin(path_of(folder)), {}, tmp_path / "out")
    assert made.read("bücher/Grüße.md") == "Hallo bücher 🎉".encode()
    assert {(one.path, one.executable, one.link) for one in made.files if one.path != "bücher/Grüße.md"} == {
        ("bin/run.sh", True, ""),
        ("link", False, "bin/run.sh"),
    }
    assert (tmp_path / "out" / "empty").is_dir()


@pytest.mark.parametrize("target", ["/etc/passwd", "../../secret", "bin/../../x"])
def test_a_link_that_leaves_is_refused(
    renderer: Renderer, template: Template, tmp_path: Path, target: str
) -> None:
    folder = template("_preserve_symlinks: true", {"bin/a": "b"})
    (folder / "link").symlink_to(target)
    with pytest.raises(TemplateRefused, match="link"):
        renderer.render(renderer.pin(path_of(folder)), {}, tmp_path / "out")


def test_versions_come_from_tags_and_a_commit_stays_what_it_was(
    renderer: Renderer, template: Template, tmp_path: Path
) -> None:
    folder = template("a: b", {"file": "one"})
    git(folder, "init", "-q")
    for version in ("v1.9.0", "v1.10.0"):
        (folder / "file").write_text(version)
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", version)
        git(folder, "tag", version)
    path = path_of(folder)
    assert renderer.versions(path) == ["v1.9.0", "v1.10.0"]
    newest, older = renderer.pin(path), renderer.pin(path, "v1.9.0")
    assert (newest.version, newest.commit) == ("v1.10.0", git(folder, "rev-parse", "HEAD"))
    assert renderer.render(older, {}, tmp_path / "out").read("file") == b"v1.9.0"
    git(folder, "tag", "-f", "v1.10.0", "v1.9.0")
    again = renderer.pin(path, commit=newest.commit)
    assert again.version == "v1.10.0"
    assert renderer.render(again, {}, tmp_path / "out").read("file") == b"v1.10.0"
    with pytest.raises(NotFound, match="v7"):
        renderer.pin(path, "v7")


def test_a_folder_that_changed_is_not_what_was_previewed(renderer: Renderer, template: Template) -> None:
    folder = template("a: b", {"file": "one"})
    path = path_of(folder)
    first = renderer.pin(path)
    (folder / "file").write_text("two")
    assert renderer.pin(path).commit != first.commit
    assert (renderer.folder(renderer.pin(path, commit=first.commit)) / "file").read_text() == "one"
    with pytest.raises(Conflict, match="has changed"):
        renderer.pin(path, commit="0" * 40)


@pytest.mark.parametrize(
    "above", ["120000 blob {link}\ta\n040000 tree {folder}\ta\n", "040000 tree {folder}\t..\n"]
)
def test_a_tree_that_no_git_makes_writes_nothing_elsewhere(
    renderer: Renderer, template: Template, tmp_path: Path, above: str
) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder = template("a: b", {"target": str(tmp_path / "elsewhere"), "evil": "evil"})
    git(folder, "init", "-q")
    link, evil = (git(folder, "hash-object", "-w", name) for name in ("target", "evil"))
    below = git(folder, "mktree", said=f"100644 blob {evil}\tevil\n")
    tree = git(folder, "mktree", said=above.format(link=link, folder=below))
    git(folder, "update-ref", "HEAD", git(folder, "commit-tree", "-m", "forged", tree))
    with pytest.raises(Invalid, match="may not be"):
        renderer.pin(path_of(folder))
    assert list(tmp_path.rglob("evil")) == [folder / "evil"]

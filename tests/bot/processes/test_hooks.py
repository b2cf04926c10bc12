"""What GitHub tells: only what is signed counts, it is kept once, and it is read within seconds."""

import hmac
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.processes.hooks import GitHubHooks, Hooked
from bot.processes.pushes import Pushes
from bot.processes.syncs import Syncs
from bot.processes.web import Web
from bot.wiring import build
from data.store.database import Database
from data.store.inbox import claim
from tests.conftest import Clock
from tests.fakes.github import FakeGitHub, webhook


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    fake = FakeGitHub()
    fake.create("shop", {"catalog-info.yaml": "kind: Component\nmetadata: {name: shop}\nspec: {owner: a}\n"})
    yield fake
    fake.server.stop()


@pytest.fixture
def hooks(database: Database, clock: Clock) -> GitHubHooks:
    return GitHubHooks([Hooked("hub", "acme", b"webhook-secret")], database, clock)


def headers(
    github: FakeGitHub, raw: bytes, event: str = "push", delivery: str = "72d3162e-cc78"
) -> dict[str, str]:
    return {"x-hub-signature-256": github.sign(raw), "x-github-delivery": delivery, "x-github-event": event}


def kept(hooks: GitHubHooks) -> list[str]:
    from datetime import timedelta

    with hooks.database.store() as store:
        return [event.body for event in claim(store, hooks.now(), timedelta(0), kind="github")]


def pushed(name: str, org: str, branch: str) -> dict[str, Any]:
    repository = {"name": name, "default_branch": "main", "owner": {"login": org}}
    return {"repository": repository, "ref": f"refs/heads/{branch}"}


def test_a_push_is_kept_once_however_often_it_is_delivered(hooks: GitHubHooks, github: FakeGitHub) -> None:
    raw = webhook(github.push("shop", {"catalog-info.yaml": "x"}))
    for _ in range(3):
        assert hooks.take(headers(github, raw), raw) is HTTPStatus.ACCEPTED
    assert kept(hooks) == ['{"sources":["hub"],"repositories":["shop"]}']


def test_a_renamed_repository_is_looked_at_by_both_names(hooks: GitHubHooks, github: FakeGitHub) -> None:
    raw = webhook(github.rename("shop", "store"))
    assert hooks.take(headers(github, raw, "repository"), raw) is HTTPStatus.ACCEPTED
    assert kept(hooks) == ['{"sources":["hub"],"repositories":["shop","store"]}']


@pytest.mark.parametrize(
    "change",
    [
        {"x-hub-signature-256": ""},
        {"x-hub-signature-256": "sha256=" + "0" * 64},
        {"x-hub-signature-256": "sha1=" + "0" * 40},
        {"x-hub-signature-256": "sha256=é"},
        {"x-github-delivery": ""},
        {"x-github-delivery": "a b"},
        {"x-github-delivery": "a" * 100},
    ],
)
def test_what_is_not_signed_leaves_no_trace(
    hooks: GitHubHooks, github: FakeGitHub, change: dict[str, str]
) -> None:
    raw = webhook(github.push("shop", {"catalog-info.yaml": "x"}))
    assert hooks.take(headers(github, raw) | change, raw) is HTTPStatus.UNAUTHORIZED
    assert kept(hooks) == []


def test_the_signature_is_over_these_very_bytes(hooks: GitHubHooks, github: FakeGitHub) -> None:
    raw = webhook(github.push("shop", {"catalog-info.yaml": "x"}))
    assert hooks.take(headers(github, raw), raw + b" ") is HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("ping", {"zen": "x"}),
        ("push", pushed("shop", "stranger", "main")),
        ("push", pushed("shop", "acme", "other")),
        ("push", pushed("../x", "acme", "main")),
        ("star", {"repository": {"name": "shop", "owner": {"login": "acme"}}}),
        ("push", {"repository": "shop"}),
        ("push", []),
    ],
)  # fmt: skip
def test_what_does_not_matter_is_acknowledged_and_forgotten(
    hooks: GitHubHooks, github: FakeGitHub, event: str, body: Any
) -> None:
    raw = webhook(body)
    assert hooks.take(headers(github, raw, event), raw) is HTTPStatus.OK
    assert kept(hooks) == []


def test_a_push_of_code_alone_is_not_worth_a_reading(hooks: GitHubHooks, github: FakeGitHub) -> None:
    body = github.push("shop", {"main.go": "package main", "web/index.html": "<p>"})
    raw = webhook(body)
    assert hooks.take(headers(github, raw), raw) is HTTPStatus.OK
    gone = webhook({**body, "commits": [{"added": [], "modified": [], "removed": ["catalog-info.yaml"]}]})
    assert hooks.take(headers(github, gone, delivery="2"), gone) is HTTPStatus.ACCEPTED
    cut = webhook({**body, "commits": body["commits"][:1] * 20})  # there may be more than GitHub names
    assert hooks.take(headers(github, cut, delivery="3"), cut) is HTTPStatus.ACCEPTED


def test_a_source_without_a_secret_takes_nothing(hooks: GitHubHooks, github: FakeGitHub) -> None:
    raw = webhook(pushed("shop", "acme", "main"))
    signature = f"sha256={hmac.new(b'', raw, 'sha256').hexdigest()}"
    silent = replace(hooks, sources=[Hooked("hub", "acme", b"")])
    assert silent.take({**headers(github, raw), "x-hub-signature-256": signature}, raw) is HTTPStatus.UNAUTHORIZED


def call(web: Web, raw: bytes, given: dict[str, str], method: str = "POST") -> int:
    environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": "/hooks/github", "wsgi.input": BytesIO(raw)}
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in given.items()}
    got: list[str] = []
    b"".join(web(environ | {"CONTENT_LENGTH": str(len(raw))}, lambda status, _headers, *_: got.append(status)))  # type: ignore[arg-type]  # nothing writes
    return int(got[0][:3])


def web(hooks: GitHubHooks | None) -> Web:
    nobody = cast("Any", SimpleNamespace())
    return Web(nobody, nobody, "secret", dict, github=hooks)


def test_the_address_answers(hooks: GitHubHooks, github: FakeGitHub) -> None:
    raw = webhook(github.push("shop", {"catalog-info.yaml": "x"}))
    assert call(web(hooks), raw, headers(github, raw)) == 202
    assert call(web(hooks), raw, {}) == 401
    assert call(web(hooks), b"x" * (26 << 20), headers(github, raw)) == 413
    assert call(web(hooks), b"", {}, "GET") == 405
    assert call(web(None), raw, headers(github, raw)) == 404


Settings = Callable[..., Any]


def test_what_was_pushed_answers_seconds_later(
    github: FakeGitHub, tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the very command that the bot runs: a child process that reads one repository."""
    import shutil

    from bot.settings.config import load

    shutil.copy(migrated_sqlite, tmp_path / "idp.db")
    (tmp_path / "idp.yaml").write_text(
        f"catalog:\n  sources:\n    - {{name: hub, type: github, org: acme, url: '{github.url}'}}\n"
    )
    environ = {
        "IDP_CONFIG": str(tmp_path / "idp.yaml"),
        "IDP_DATABASE_URL": f"sqlite:///{tmp_path}/idp.db",
        "GITHUB_TOKEN": "ghp_valid",
        "GITHUB_WEBHOOK_SECRET": "webhook-secret",
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    settings = load(environ, slack=False)
    idp = build(settings)
    try:
        from bot.processes.pushes import github_hooks

        syncs = Syncs(idp, (sys.executable, "-m", "bot", "sync", "--json"))
        syncs.run(["hub"])
        github.create(
            "other", {"catalog-info.yaml": "kind: Component\nmetadata: {name: other}\nspec: {owner: a}\n"}
        )
        raw = webhook(
            github.push(
                "shop", {"catalog-info.yaml": "kind: Component\nmetadata: {name: shop}\nspec: {owner: b}\n"}
            )
        )
        hooks = github_hooks(settings, idp)
        assert hooks is not None
        assert hooks.take(headers(github, raw), raw) is HTTPStatus.ACCEPTED
        pushes = Pushes(replace(idp), syncs)
        pushes.take_up()
        assert {each.name: each.owner for each in idp.catalog.snapshot} == {"shop": "group:default/b"}
        calls = len(github.server.history)
        pushes.take_up()
        assert len(github.server.history) == calls
    finally:
        idp.database.close()

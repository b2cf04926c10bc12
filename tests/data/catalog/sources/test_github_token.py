"""Tokens of GitHub: apps, what is named when there is none, and that they are told to nobody."""

from dataclasses import replace
from pathlib import Path

import pytest

from data.catalog.sources.github_token import App, Token
from data.errors import NotAllowed, NotFound
from data.store.database import Database
from tests.data.catalog.sources.organisation import info, run, source
from tests.fakes.api import once
from tests.fakes.github import FakeGitHub

pytestmark = pytest.mark.usefixtures("no_waiting")


def test_an_app_gets_tokens_and_renews_one_that_ends_in_the_middle(
    github: FakeGitHub, sqlite: Database, key: Path
) -> None:
    for number in range(150):
        github.create(f"repo-{number}", {"catalog-info.yaml": info(f"service-{number}")})
    github.tokens.clear()
    github.server.troubles.append(once(401, path="/graphql"))
    report = run(sqlite, source(github, credential=App("Iv1.abc", key, "acme")))
    assert (report.error, report.entities, github.issued) == ("", 150, 2)


def test_an_app_with_a_bad_key_says_so(github: FakeGitHub, sqlite: Database, tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("no key")
    for path in ("bad.pem", "gone.pem"):
        report = run(sqlite, source(github, credential=App("Iv1.abc", tmp_path / path, "acme")))
        assert "private key" in report.error


def test_a_token_that_is_not_set_is_named(github: FakeGitHub, sqlite: Database) -> None:
    assert "Set GITHUB_TOKEN" in run(sqlite, source(github, credential=Token(""))).error


def test_tokens_are_nowhere_in_logs_or_reports(
    github: FakeGitHub, sqlite: Database, key: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    github.create("shop", {"catalog-info.yaml": info("shop")})
    said = [repr(run(sqlite, source(github)))]
    for fault in (
        once(401),
        once(half=True),
        once(302, headers={"location": "https://evil.example"}),
    ):
        github.server.troubles.extend(replace(fault) for _ in range(3))
        said.append(repr(run(sqlite, source(github))))
        github.server.troubles.clear()
    said.append(repr(run(sqlite, source(github, credential=App("Iv1.abc", key, "acme")))))
    said += [repr(source(github)), repr(source(github, credential=App("Iv1.abc", key, "acme"))), caplog.text]
    assert github.issued == 1
    assert not [text for text in said if "ghp_valid" in text or "ghs_1" in text or "PRIVATE KEY" in text]


def test_the_doctor_learns_how_many_there_are(github: FakeGitHub) -> None:
    github.create("shop", {"a": "b"})
    assert source(github).check() == "1 repositories"
    with pytest.raises(NotFound, match="no organisation nobody"):
        source(github, org="nobody").check()
    with pytest.raises(NotAllowed, match="does not accept the token"):
        source(github, credential=Token("old")).check()


def test_an_unknown_organisation_is_named(github: FakeGitHub, sqlite: Database) -> None:
    assert "no organisation nobody" in run(sqlite, source(github, org="nobody")).error

"""GitHub under strain: heavy questions, limits, outages, and REST where GraphQL is not to be had."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from data.catalog.sources.github_token import App
from data.store.database import Database
from tests.data.catalog.sources.organisation import info, location, names, run, source
from tests.fakes.api import FakeApi, Trouble, once
from tests.fakes.github import FakeGitHub
from tests.fakes.spec import Spec

pytestmark = pytest.mark.usefixtures("no_waiting")


def test_a_file_too_large_for_graphql_is_read_by_itself(github: FakeGitHub, sqlite: Database) -> None:
    github.create("big", {"catalog-info.yaml": info("big") + "# long\n" * 90_000})
    assert run(sqlite, source(github)).entities == 1
    assert [call.path for call in github.server.history][-1] == "/repos/acme/big/contents/catalog-info.yaml"


def test_questions_shrink_when_they_are_too_heavy(github: FakeGitHub, sqlite: Database) -> None:
    for number in range(45):
        github.create(f"repo-{number}", {"catalog-info.yaml": info(f"service-{number}")})
    github.heavy = 12
    assert run(sqlite, source(github)).entities == 45


def test_half_of_the_pages_change_nothing(github: FakeGitHub, sqlite: Database) -> None:
    github.create("shop", {"catalog-info.yaml": info("shop")})
    run(sqlite, source(github))
    github.remove("shop")
    github.hides = 1
    assert "hands out 0" in run(sqlite, source(github)).error
    assert names(sqlite) == {"shop"}


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ([once(500) for _ in range(3)], "answers 500"),
        ([once(401)], "does not accept the token"),
        ([once(half=True) for _ in range(3)], "cannot be reached"),
        ([once(429, headers={"retry-after": "3600"})], "wait for 3,600 s"),
        (
            [once(403, headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999"})],
            "wait for",
        ),
        ([once(200, value={"errors": [{"type": "RATE_LIMITED"}]})], "limit for this hour"),
        ([once(200, value={"errors": [{"message": "odd"}]})], "does not answer the question"),
        ([once(200, value={"data": {"repositoryOwner": {"repositories": []}}})], "not understood"),
        ([once(200, value=[])], "not understood"),
        ([once(302, headers={"location": "https://evil.example/"})], "answers 302"),
    ],
)
def test_what_goes_wrong_leaves_what_was_known(
    github: FakeGitHub, sqlite: Database, faults: list[Trouble], said: str
) -> None:
    github.create("shop", {"catalog-info.yaml": info("shop")})
    run(sqlite, source(github))
    github.server.troubles.extend(replace(each) for each in faults)
    github.hides = 1
    report = run(sqlite, source(github))
    assert said in report.error
    assert "ghp_valid" not in report.error
    assert names(sqlite) == {"shop"}


def test_short_waits_are_waited(github: FakeGitHub, sqlite: Database, no_waiting: list[float]) -> None:
    github.create("shop", {"catalog-info.yaml": info("shop")})
    github.server.troubles.append(
        once(403, headers={"retry-after": "7"}, value={"message": "secondary rate limit"})
    )
    assert run(sqlite, source(github)).entities == 1
    assert 7 in no_waiting


def test_without_graphql_lists_search_and_contents_do(github: FakeGitHub, sqlite: Database) -> None:
    github.without_graphql = True
    files = {"catalog-info.yaml": info("shop"), "CODEOWNERS": "* @acme/checkout\n"}
    github.create("shop", files)
    for number in range(120):
        github.create(f"empty-{number}", {"README.md": "nothing"})
    run(sqlite, source(github))
    assert names(sqlite) == {"shop"}
    assert len(github.server.history) < 20  # search has told where to look
    github.server.history.clear()
    assert run(sqlite, source(github)).read == 0
    assert len(github.server.history) == 3
    github.push("shop", {"README.md": "new"})
    github.server.history.clear()
    report = run(sqlite, source(github))
    assert (report.changed, report.removed) == ([], [])
    asked = [
        call.headers.get("if-none-match")
        for call in github.server.history
        if call.path.endswith("catalog-info.yaml")
    ]
    assert asked != [None]


def test_what_is_asked_and_told_over_rest_is_as_published(
    github: FakeGitHub, sqlite: Database, key: Path, shared: Path
) -> None:
    github.without_graphql = True
    files = {
        "catalog-info.yaml": location("./x/*.yaml"),
        "CODEOWNERS": "* @acme/checkout\n",
        "x/a.yaml": info("a"),
    }
    github.create("shop", files, topics=("service",))
    of = source(github, credential=App("Iv1.abc", key, "acme"))
    assert run(sqlite, of).error == ""
    github.push("shop", {"README.md": "new"})
    assert run(sqlite, of).error == ""
    assert names(sqlite) == {"all", "a"}
    count, faults = _faults(shared / "specs/github-trimmed-openapi3.json", github.server)
    assert faults == []
    assert count >= 10


def _faults(file: Path, server: FakeApi) -> tuple[int, list[str]]:
    """How many different calls were judged, and what is wrong with them."""
    spec, faults, kinds = Spec(file), list[str](), set()
    for call, told in server.answered:
        if call.path == "/graphql":
            continue
        folder, contents, path = call.path.partition("/contents/")
        target = f"{folder}{contents}{quote(path, safe='')}"
        asked = "&".join(f"{name}={quote(value)}" for name, values in call.query.items() for value in values)
        faults += spec.faults_of_call(
            call.method, f"{target}?{asked}" if asked else target, call.headers, call.body
        )
        raw = told.content is not None or told.value is None
        faults += spec.faults_of_answer(call.method, target, told.status, b"" if raw else told.encoded())
        kinds.add((call.method, target, told.status))
    return len(kinds), faults

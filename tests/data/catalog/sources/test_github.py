"""A GitHub organisation as a source: discovery, what moved, limits, tokens, and what comes along."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from data.catalog.entity import Entity
from data.catalog.sources.github import GitHubSource
from data.catalog.sources.github_token import App, Token
from data.catalog.sync import Report, sync
from data.errors import NotAllowed, NotFound
from data.store.catalog import load_companions, load_entities, load_problems
from data.store.database import Database
from tests.conftest import Clock
from tests.fakes.api import FakeApi, Trouble, once
from tests.fakes.github import FakeGitHub
from tests.fakes.spec import Spec


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    return slept


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    fake = FakeGitHub()
    yield fake
    fake.server.stop()


def info(name: str, owner: str = "payments", more: str = "") -> str:
    return f"""\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: {name}
{more}spec:
  type: service
  lifecycle: production
  owner: {owner}
"""


def location(*targets: str) -> str:
    return "kind: Location\nmetadata: {name: all}\nspec:\n  targets:\n" + "".join(
        f"    - {each}\n" for each in targets
    )


def source(fake: FakeGitHub, **fields: Any) -> GitHubSource:
    return GitHubSource(
        **{"name": "hub", "org": "acme", "credential": Token("ghp_valid"), "url": fake.url, **fields}
    )


def run(database: Database, of: GitHubSource) -> Report:
    return sync(database, of, now=Clock())


def entities(database: Database) -> dict[str, Entity]:
    with database.reading() as store:
        return {row[0]: Entity(*row) for row in load_entities(store)}


def names(database: Database) -> set[str]:
    return {entity.name for entity in entities(database).values()}


def test_every_repository_with_a_catalog_file_is_found(github: FakeGitHub, database: Database) -> None:
    for number in range(230):
        github.create(
            f"repo-{number}", {"catalog-info.yaml": info(f"service-{number}")} if number % 2 else {"a": "b"}
        )
    github.create("empty")
    report = run(database, source(github))
    assert (report.error, report.entities) == ("", 115)
    assert len(github.server.history) == 3 + 6  # pages of 100, contents of 40
    entity = entities(database)["component:default/service-7"]
    assert entity.path == "repo-7/catalog-info.yaml"
    assert entity.details()["url"] == "https://github.com/acme/repo-7/blob/main/catalog-info.yaml"


def test_nothing_changed_costs_the_list_alone(github: FakeGitHub, sqlite: Database) -> None:
    for number in range(230):
        github.create(
            f"repo-{number}", {"catalog-info.yaml": info(f"service-{number}")} if number % 2 else {"a": "b"}
        )
    run(sqlite, source(github))
    github.server.history.clear()
    report = run(sqlite, source(github))
    assert (report.read, report.entities, len(github.server.history)) == (0, 115, 3)


def test_a_push_is_read_and_nothing_else(github: FakeGitHub, sqlite: Database) -> None:
    github.create("shop", {"catalog-info.yaml": info("shop")})
    github.create("cart", {"catalog-info.yaml": info("cart")})
    run(sqlite, source(github))
    github.push("shop", {"catalog-info.yaml": info("shop", owner="checkout")})
    report = run(sqlite, source(github))
    assert (report.changed, report.removed) == (["component:default/shop"], [])
    github.push("shop", {"main.go": "package main"})
    report = run(sqlite, source(github))
    assert (report.changed, report.removed, report.entities) == ([], [], 2)


def test_rename_transfer_archive_delete(github: FakeGitHub, sqlite: Database) -> None:
    for name in ("a", "b", "c", "d", "e"):
        github.create(name, {"catalog-info.yaml": info(name)})
    run(sqlite, source(github))
    github.rename("a", "a-new")
    github.archive("b")
    github.remove("c", "transferred")
    github.remove("d")
    report = run(sqlite, source(github))
    assert report.removed == ["component:default/b", "component:default/c", "component:default/d"]
    assert entities(sqlite)["component:default/a"].path == "a-new/catalog-info.yaml"


def test_filters(github: FakeGitHub, sqlite: Database) -> None:
    github.create("plain", {"catalog-info.yaml": info("plain")})
    github.create("old", {"catalog-info.yaml": info("old")}, archived=True)
    github.create("forked", {"catalog-info.yaml": info("forked")}, fork=True)
    github.create("shop-web", {"catalog-info.yaml": info("web")}, topics=("service",))
    github.create("shop-lab", {"catalog-info.yaml": info("lab")}, topics=("service", "experiment"))
    run(sqlite, source(github))
    assert names(sqlite) == {"plain", "web", "lab"}
    run(sqlite, source(github, topics=("service",), without=("experiment",)))
    assert names(sqlite) == {"web"}
    run(sqlite, source(github, archived=True, forks=True, names=("SHOP-*", "old", "forked")))
    assert names(sqlite) == {"web", "lab", "old", "forked"}


def test_paths_may_be_globs(github: FakeGitHub, sqlite: Database) -> None:
    files = {
        "services/a/catalog-info.yaml": info("a"),
        "services/b/catalog-info.yaml": info("b"),
        "x.yaml": info("x"),
    }
    github.create("mono", files)
    run(sqlite, source(github, paths=("services/*/catalog-info.yaml",)))
    assert names(sqlite) == {"a", "b"}
    assert run(sqlite, source(github, paths=("services/*/catalog-info.yaml",))).read == 0
    assert names(sqlite) == {"a", "b"}


def test_locations_lead_to_files_of_the_same_and_of_other_repositories(
    github: FakeGitHub, sqlite: Database
) -> None:
    other = "https://github.com/acme/other/blob/main/things/one.yaml"
    github.create(
        "all", {"catalog-info.yaml": location("./services/*/info.yaml", other), "services/a/info.yaml": info("a")}
    )
    github.create("other", {"things/one.yaml": info("one")})
    run(sqlite, source(github))
    assert names(sqlite) == {"all", "a", "one"}
    assert run(sqlite, source(github)).removed == []
    github.push("all", {"main.go": "x"})
    assert run(sqlite, source(github)).removed == []
    github.push("all", {"catalog-info.yaml": location("./services/*/info.yaml")})
    assert run(sqlite, source(github)).removed == ["component:default/one"]


@pytest.mark.parametrize(
    "target",
    ["../other/things/one.yaml", "https://evil.example/acme/other/blob/main/things/one.yaml", "/etc/passwd",
               "https://github.com/stranger/other/blob/main/x.yaml", "file:///etc/passwd", "./gone.yaml"]
)  # fmt: skip
def test_targets_that_are_not_followed(github: FakeGitHub, sqlite: Database, target: str) -> None:
    github.create("all", {"catalog-info.yaml": location(target)})
    github.create("other", {"things/one.yaml": info("one")})
    assert run(sqlite, source(github)).error == ""
    assert names(sqlite) == {"all"}
    with sqlite.reading() as store:
        assert "location" in {problem.code for _, problem in load_problems(store)}


def test_placeholders_are_filled_from_the_same_repository(github: FakeGitHub, sqlite: Database) -> None:
    spec = "{type: openapi, owner: x, lifecycle: p, definition: {$text: ./api.yaml}}"
    api = f"kind: API\nmetadata: {{name: pay}}\nspec: {spec}\n"
    github.create(
        "pay",
        {"catalog-info.yaml": api, "api.yaml": "openapi: 3.0.0\ninfo:\n  title: Pay\n"},
    )
    run(sqlite, source(github))
    assert entities(sqlite)["api:default/pay"].details()["api"]["title"] == "Pay"


def test_what_tells_of_a_repository_comes_along(github: FakeGitHub, database: Database) -> None:
    github.create(
        "shop",
        {
            "catalog-info.yaml": info("shop"),
            "README.md": "# Shop",
            ".github/CODEOWNERS": "* @acme/checkout\n",
            "docs/index.md": "# Docs",
            "docs/picture.png": b"\x89PNG\0",
            "docs/runbooks/restart.md": "# Restart",
            "docs/runbooks/old/deeper.md": "# Deeper",
            ".copier-answers.yml": "_src_path: gh:acme/golden\n_commit: v1.2.3\n",
        },
    )
    run(database, source(github))
    with database.reading() as store:
        found = {(path, content) for _, path, content in load_companions(store)}
    assert ("shop/README.md", "# Shop") in found or ("shop/README.md", "") in found
    assert ("shop/.github/CODEOWNERS", "* @acme/checkout\n") in found
    assert {path for path, _ in found} == {
        "shop/.repository",
        "shop/README.md",
        "shop/.github/CODEOWNERS",
        "shop/docs/index.md",
        "shop/docs/runbooks/restart.md",
        "shop/.copier-answers.yml",
    }
    github.push("shop", {".github/CODEOWNERS": None})
    report = run(database, source(github))
    assert (report.removed, report.problems) == ([], 0)
    with database.reading() as store:
        assert "shop/.github/CODEOWNERS" not in {path for _, path, _ in load_companions(store)}


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


def test_one_repository_is_synced_alone(github: FakeGitHub, sqlite: Database) -> None:
    for name in ("a", "b", "c"):
        github.create(name, {"catalog-info.yaml": info(name)})
    run(sqlite, source(github))
    github.push("a", {"catalog-info.yaml": info("a", owner="checkout")})
    github.push("b", {"catalog-info.yaml": info("b", owner="checkout")})
    github.remove("c")
    github.server.history.clear()
    report = run(sqlite, replace(source(github), only=("a", "c")))
    assert (report.changed, report.removed) == (["component:default/a"], ["component:default/c"])
    assert len(github.server.history) == 2
    assert run(sqlite, source(github)).changed == ["component:default/b"]


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


def test_what_is_left_alone_keeps_its_problems_and_what_follows_from_it(
    github: FakeGitHub, sqlite: Database
) -> None:
    github.create(
        "all", {"catalog-info.yaml": location("./gone.yaml", "./there.yaml"), "there.yaml": info("there")}
    )
    github.create("shop", {"catalog-info.yaml": info("shop")})
    before = run(sqlite, source(github)).problems
    github.push("shop", {"catalog-info.yaml": info("shop", owner="b")})
    github.server.history.clear()
    report = run(sqlite, replace(source(github), only=("shop",)))
    assert (report.removed, report.changed, report.problems) == ([], ["component:default/shop"], before)
    assert len(github.server.history) == 2
    assert names(sqlite) == {"all", "there", "shop"}


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kinds = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = tmp_path_factory.mktemp("key") / "app.pem"
    file.write_bytes(made.private_bytes(serialization.Encoding.PEM, *kinds))
    return file


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


def test_the_doctor_learns_how_many_there_are(github: FakeGitHub) -> None:
    github.create("shop", {"a": "b"})
    assert source(github).check() == "1 repositories"
    with pytest.raises(NotFound, match="no organisation nobody"):
        source(github, org="nobody").check()
    with pytest.raises(NotAllowed, match="does not accept the token"):
        source(github, credential=Token("old")).check()


def test_an_unknown_organisation_is_named(github: FakeGitHub, sqlite: Database) -> None:
    assert "no organisation nobody" in run(sqlite, source(github, org="nobody")).error


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

"""A GitHub organisation as a source: discovery, what moved, what is followed, and what comes along."""

from dataclasses import replace

import pytest

from data.store.catalog import load_companions, load_problems
from data.store.database import Database
from tests.data.catalog.sources.organisation import entities, info, location, names, run, source
from tests.fakes.github import FakeGitHub

pytestmark = pytest.mark.usefixtures("no_waiting")


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
        "all", {"catalog-info.yaml": location("/services/*/info.yaml", other), "services/a/info.yaml": info("a")}
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

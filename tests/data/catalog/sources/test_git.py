"""A repository is read as blobs: nothing in it runs, nothing outside of it is read, no secret is told."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data.catalog.entity import Entity
from data.catalog.sources import git_process
from data.catalog.sources.git import MAX_PACKS, GitSource
from data.catalog.sources.git_process import Git
from data.catalog.sources.remote import parse_remote
from data.catalog.syncing.sync import sync
from data.errors import Unavailable, UserError
from data.ports.catalog import Known, SourceFile
from data.store import catalog
from data.store.database import Database

COMPONENT = (
    "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: {0}}}\nspec: {{type: service}}\n"
)


class Repository:
    """A repository on disk with a cache that reads it."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder, self.cache = folder, cache
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"]
        environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", *identity, *arguments]
        return subprocess.run(
            command, cwd=self.folder, check=True, capture_output=True, text=True, env=environment
        ).stdout.strip()

    def commit(self, **files: str) -> str:
        for name, text in files.items():
            path = self.folder / name.replace("__", "/")
            path = path.with_name(path.name + ".yaml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=x")
        return self.git("rev-parse", "HEAD")

    def source(self, ref: str = "main", path: str = ".") -> GitSource:
        return GitSource("infra", str(self.folder), self.cache, ref, path)

    def files(self, known: Known | None = None, **options: str) -> Iterator[SourceFile]:
        checkout = self.source(**options).open()
        try:
            yield from checkout.files(known or Known({}))
        finally:
            checkout.close()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "repository", tmp_path / "cache")
    repository.commit(**{"cart__catalog-info": COMPONENT.format("cart")})
    return repository


def test_branches_tags_commits_and_the_default_branch(repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.git("tag", "v1")
    repository.git("checkout", "--quiet", "-b", "release/2")
    repository.commit(**{"cart__catalog-info": COMPONENT.format("trolley")})
    for ref, name in {"main": "cart", "v1": "cart", first: "cart", "release/2": "trolley", "": "trolley"}.items():
        [file] = repository.files(ref=ref)
        assert file.content == COMPONENT.format(name).encode(), ref


def test_only_new_blobs_are_read(repository: Repository) -> None:
    repository.commit(**{"search__catalog-info": COMPONENT.format("search")})
    known = Known({file.path: file.stamp for file in repository.files()})
    repository.commit(**{"search__catalog-info": COMPONENT.format("find")})
    contents = {file.path: file.content for file in repository.files(known)}
    assert contents == {
        "cart/catalog-info.yaml": None,
        "search/catalog-info.yaml": COMPONENT.format("find").encode(),
    }


def test_a_folder_a_file_and_a_glob_inside(repository: Repository) -> None:
    repository.commit(
        **{"teams__a": "kind: A\n", "teams__deep__b": "kind: B\n", "teams__catalog-info": "kind: C\n"}
    )
    assert [file.path for file in repository.files(path="teams")] == ["teams/catalog-info.yaml"]
    assert [file.path for file in repository.files(path="teams/a.yaml")] == ["teams/a.yaml"]
    assert len(list(repository.files(path="teams/**/*.yaml"))) == 3
    with pytest.raises(Unavailable, match="no nowhere"):
        list(repository.files(path="nowhere"))


def test_an_absolute_target_begins_at_the_root_of_the_repository(repository: Repository) -> None:
    repository.commit(teams__a="kind: A\n")
    checkout = repository.source().open()
    try:
        _ = list(checkout.files(Known({})))
        for target in ("/teams/a.yaml", "/../teams/a.yaml", "/etc/passwd", "/"):
            assert bool(list(checkout.want("cart/catalog-info.yaml", target))) is (target != "/teams/a.yaml"), (
                target
            )
        assert [file.path for file in checkout.wanted(Known({}))] == ["teams/a.yaml"]
    finally:
        checkout.close()


def test_links_stay_inside_and_submodules_stay_out(repository: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other", tmp_path / "cache")
    other.commit(**{"catalog-info": COMPONENT.format("foreign")})
    repository.git("submodule", "--quiet", "add", str(other.folder), "sub")
    for name, target in {"a": "../cart/catalog-info.yaml", "b": "/etc/passwd", "c": "../../../etc/passwd"}.items():
        (repository.folder / name).mkdir()
        (repository.folder / name / "catalog-info.yaml").symlink_to(target)
    (repository.folder / "d").mkdir()
    (repository.folder / "d/catalog-info.yaml").symlink_to("catalog-info.yaml")
    repository.commit()
    files = {file.path.split("/")[0]: file for file in repository.files()}
    assert sorted(files) == ["a", "b", "c", "cart", "d"]
    assert files["a"].content == COMPONENT.format("cart").encode()
    assert all(files[name].problem for name in "bcd")


def test_nothing_in_a_repository_runs(repository: Repository, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    hook = repository.folder / ".git/hooks/post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {canary}\n")
    hook.chmod(0o755)
    repository.git("config", "filter.evil.smudge", f"touch {canary}")
    repository.git("config", "uploadpack.packObjectsHook", f"touch {canary}; exec")
    (repository.folder / ".gitattributes").write_text("*.yaml filter=evil\n")
    repository.commit()
    assert len(list(repository.files())) == 1
    assert not canary.exists()


@pytest.mark.parametrize("ref", ["--upload-pack=touch canary", "main:refs/heads/x", "-x"])
def test_a_ref_is_never_an_option(repository: Repository, ref: str) -> None:
    with pytest.raises(UserError, match="not a branch"):
        repository.source(ref=ref).open()


def test_a_missing_ref_is_named(repository: Repository) -> None:
    with pytest.raises(Unavailable) as raised:
        repository.source(ref="nowhere").open()
    assert raised.value.message == "There is no nowhere in the repository."
    assert "Correct `ref`" in raised.value.hint


def test_no_token_is_told_or_kept(sqlite: Database, tmp_path: Path, clock: Any) -> None:
    source = GitSource("infra", "https://bot:s3cret@127.0.0.1:1/acme/shop.git", tmp_path, "main")
    report = sync(sqlite, source, now=clock)
    assert "cannot be read" in report.error
    with sqlite.reading() as store:
        states = catalog.load_sources(store)
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert "s3cret" not in f"{report}{states}{source}{source.location}"
    assert b"s3cret" not in kept
    git = Git(tmp_path, parse_remote(source.url))
    assert "s3cret" not in " ".join(git.command(["fetch", git.remote.address]))
    assert "s3cret" not in git.reason(b"fatal: wrong password s3cret\n")


def test_nothing_of_our_environment_reaches_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("SLACK_BOT_TOKEN", "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "GIT_CONFIG_PARAMETERS"):
        monkeypatch.setenv(name, "canary")
    environment = Git(tmp_path, parse_remote("git@example.com:x.git")).environment()
    assert "canary" not in environment.values()
    assert environment["GIT_TERMINAL_PROMPT"] == "0"


def test_a_git_that_hangs_is_stopped_with_its_helpers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "git").write_text(f"#!/bin/sh\n{sys.executable} -c 'import time; time.sleep(60)'\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(Unavailable, match="longer than 1 s"):
        Git(tmp_path, parse_remote("/x")).run("fetch", seconds=1)


def test_a_fetch_that_grows_beyond_the_limit_is_cut(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository.folder / "big.bin").write_bytes(os.urandom(3 << 20))
    repository.commit()
    monkeypatch.setattr(git_process, "MAX_BYTES", 1 << 20)
    with pytest.raises(Unavailable, match="cannot be read"):
        repository.source().open()


def test_what_a_killed_fetch_left_does_no_harm(repository: Repository) -> None:
    list(repository.files())
    [bare] = repository.cache.glob("*.git")
    for left in ("shallow.lock", "refs/idp/head.lock", "objects/pack/tmp_pack_x"):
        (bare / left).write_text("")
    repository.commit(**{"cart__catalog-info": COMPONENT.format("trolley")})
    [file] = repository.files()
    assert file.content == COMPONENT.format("trolley").encode()
    assert not (bare / "objects/pack/tmp_pack_x").exists()


def test_the_cache_does_not_grow_for_ever(repository: Repository) -> None:
    for number in range(MAX_PACKS + 3):
        repository.commit(**{"cart__catalog-info": COMPONENT.format(f"cart-{number}")})
        [file] = repository.files()
        assert file.content == COMPONENT.format(f"cart-{number}").encode()
    [bare] = repository.cache.glob("*.git")
    assert len(list(bare.glob("objects/pack/*.pack"))) <= MAX_PACKS + 1


def test_a_repository_syncs_with_its_locations(repository: Repository, sqlite: Database, clock: Any) -> None:
    location = "kind: Location\nmetadata: {name: all}\nspec: {targets: [./more/*.yaml]}\n"
    repository.commit(
        **{"catalog-info": location, "more__a": COMPONENT.format("a"), "more__b": COMPONENT.format("b")}
    )
    report = sync(sqlite, repository.source(), now=clock)
    assert report.added == [f"component:default/{name}" for name in ("a", "b", "cart")] + ["location:default/all"]
    assert sync(sqlite, repository.source(), now=clock).read == 0
    with sqlite.reading() as store:
        paths = {Entity(*row).path for row in catalog.load_entities(store)}
    assert paths == {"catalog-info.yaml", "cart/catalog-info.yaml", "more/a.yaml", "more/b.yaml"}

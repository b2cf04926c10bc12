"""A folder on disk: what is found, and what never leaves it."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.catalog.sources.files import FilesSource
from data.catalog.sources.tree import MAX_BYTES
from data.errors import Unavailable, UserError
from data.ports.catalog import Checkout, Known, SourceFile


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


def age(path: Path) -> Path:
    """As if it had been written an hour ago; what is younger than two seconds is looked at again."""
    long_ago = time.time() - 3600
    os.utime(path, (long_ago, long_ago))
    return path


def _put(root: Path, path: str, text: str = "kind: Component\n") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return age(file)


def _checkout(path: Path) -> Checkout:
    return FilesSource("acme", path).open()


def _files(path: Path) -> Iterator[SourceFile]:
    return _checkout(path).files(Known({}))


def _paths(path: Path) -> list[str]:
    return [file.path for file in _files(path)]


def test_a_folder_gives_what_is_called_catalog_info_in_a_stable_order(root: Path) -> None:
    for path in ("b/catalog-info.yaml", "a/deep/er/catalog-info.yml", "catalog-info.yaml", "b/other.yaml"):
        _put(root, path)
    for path in (".git/catalog-info.yaml", "node_modules/x/catalog-info.yaml", ".hidden/catalog-info.yaml"):
        _put(root, path)
    assert _paths(root) == ["catalog-info.yaml", "a/deep/er/catalog-info.yml", "b/catalog-info.yaml"]


def test_a_file_and_a_glob_give_what_they_name(root: Path) -> None:
    for path in ("one.yaml", "teams/a.yaml", "teams/deep/b.yaml", "teams/c.txt", "teams/[odd].yaml"):
        _put(root, path)
    assert _paths(root / "one.yaml") == ["one.yaml"]
    assert _paths(root / "teams/[odd].yaml") == ["[odd].yaml"]
    assert _paths(root / "teams/*.yaml") == ["[odd].yaml", "a.yaml"]
    assert _paths(root / "**/*.yaml") == ["one.yaml", "teams/[odd].yaml", "teams/a.yaml", "teams/deep/b.yaml"]


@pytest.mark.parametrize("path", ["nowhere", "nowhere/one.yaml", "nowhere/*.yaml"])
def test_what_does_not_exist_is_said(root: Path, path: str) -> None:
    with pytest.raises(Unavailable, match="does not exist"):
        _checkout(root / path)


def test_only_files_with_a_new_stamp_are_read(root: Path) -> None:
    file = _put(root, "catalog-info.yaml", "kind: A\n")
    [first] = _files(root)
    assert first.content == b"kind: A\n"
    known = Known({first.path: first.stamp})
    assert [again.content for again in _checkout(root).files(known)] == [None]
    file.write_text("kind: B\n")
    os.utime(file, ns=(1, 1))
    assert [again.content for again in _checkout(root).files(known)] == [b"kind: B\n"]


def test_a_link_inside_is_followed_and_one_that_leaves_is_refused(root: Path, tmp_path: Path) -> None:
    _put(root, "real.yaml", "kind: Inside\n")
    secret = _put(tmp_path, "secret.yaml", "kind: Canary\n")
    for name, target in {"a": "../real.yaml", "b": str(secret), "c": "nowhere", "d": "/proc/self/environ"}.items():
        (root / name).mkdir()
        (root / name / "catalog-info.yaml").symlink_to(target)
    (root / "e").symlink_to(tmp_path, target_is_directory=True)
    files = {file.path[0]: file for file in _files(root)}
    assert sorted(files) == ["a", "b", "c", "d"]
    assert files["a"].content == b"kind: Inside\n"
    for name, reason in {"b": "leaves the source", "c": "leads nowhere", "d": "leaves the source"}.items():
        problem = files[name].problem
        assert problem is not None
        assert reason in problem.message
        assert files[name].content is None


def test_a_pipe_does_not_hang_the_sync_and_a_giant_is_not_read(root: Path) -> None:
    (root / "a").mkdir()
    os.mkfifo(root / "a/catalog-info.yaml")
    with _put(root, "b/catalog-info.yaml").open("wb") as giant:
        giant.truncate(MAX_BYTES + 1)
    with _put(root, "c/catalog-info.yaml").open("wb") as allowed:
        allowed.write(b"#" * MAX_BYTES)
    pipe, giant_file, fits = _files(root)
    assert pipe.problem is not None
    assert "regular file" in pipe.problem.message
    assert giant_file.problem is not None
    assert giant_file.problem.code == "limit"
    assert fits.content is not None
    assert len(fits.content) == MAX_BYTES


def test_a_name_that_is_not_text_is_a_problem_that_can_be_shown(root: Path) -> None:
    _put(root, os.fsdecode(b"caf\xe9/catalog-info.yaml"))
    [file] = _files(root)
    assert file.path == "caf\ufffd/catalog-info.yaml"
    assert file.problem is not None


def test_locations_lead_to_files_and_globs_and_never_outside(root: Path, tmp_path: Path) -> None:
    _put(tmp_path, "outside.yaml")
    for path in ("teams/catalog-info.yaml", "teams/a.yaml", "teams/more/b.yaml", "c.yaml"):
        _put(root, path)
    (root / "door").symlink_to(tmp_path, target_is_directory=True)
    checkout = _checkout(root)
    assert [file.path for file in checkout.files(Known({}))] == ["teams/catalog-info.yaml"]
    files = checkout.wanted(Known({}))
    for target in (
        "./a.yaml",
        "more/*.yaml",
        "../c.yaml",
        "./a.yaml",
        "file:./a.yaml",
        f"{root.resolve()}/c.yaml",
    ):
        assert list(checkout.want("teams/catalog-info.yaml", target)) == []
    for target in (
        "../../outside.yaml", "/etc/passwd", "file:///etc/passwd", "http://169.254.169.254/", "http://localhost/",
        f"{root.resolve()}/../outside.yaml", f"{root.resolve()}/door/outside.yaml", "/c.yaml", "//c.yaml",
        "http://[::ffff:169.254.169.254]/", "https://example.com/c.yaml", "./missing.yaml", "more/*.json", "",
        "../door/outside.yaml", "../door/*.yaml", "..\\c.yaml", "a\0b", "url:https://example.com/x",
    ):  # fmt: skip
        problems = list(checkout.want("teams/catalog-info.yaml", target))
        problems += [file.problem for file in files if file.problem and file.path.startswith("door")]
        rest = [file.path for file in files]
        assert problems or not rest, target
        assert all(problem.path for problem in problems)
    _ = list(files)


def test_locations_are_read_once_each(root: Path) -> None:
    for path in ("catalog-info.yaml", "a.yaml", "b.yaml"):
        _put(root, path)
    checkout = _checkout(root)
    assert [file.path for file in checkout.files(Known({}))] == ["catalog-info.yaml"]
    for _ in range(2):
        for target in ("./a.yaml", "./b.yaml", "./catalog-info.yaml"):
            assert list(checkout.want("catalog-info.yaml", target)) == []
    assert [file.path for file in checkout.wanted(Known({}))] == ["a.yaml", "b.yaml"]
    assert list(checkout.wanted(Known({}))) == []


@pytest.mark.parametrize(
    "target",
    ["../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "../link", "https://localhost/x", "./no"],
)
def test_a_placeholder_reads_nothing_outside(root: Path, target: str) -> None:
    _put(root, "a/catalog-info.yaml")
    (root / "link").symlink_to("/etc/passwd")
    with pytest.raises(UserError) as raised:
        _checkout(root).read("a/catalog-info.yaml", target)
    assert "root:" not in raised.value.message


def test_a_placeholder_reads_a_file_of_the_source(root: Path) -> None:
    _put(root, "a/catalog-info.yaml")
    _put(root, "shared/api.yaml", "openapi: 3.0.0\n")
    assert _checkout(root).read("a/catalog-info.yaml", "../shared/api.yaml") == b"openapi: 3.0.0\n"

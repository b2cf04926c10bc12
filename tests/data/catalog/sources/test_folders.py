"""A folder on disk, looked at again: whatever moved in it is seen, however little was looked at."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from data.catalog.sources.files import FilesSource
from data.catalog.sources.tree import TreeCheckout
from data.ports.catalog import Known

OLD = 1_000_000_000  # nanoseconds of Unix time: long ago, and not to be told from another such time


class Looked:
    """What one look at a folder gave: which files stand as they were known, and what the others say."""

    known: Known

    def __init__(self, root: Path, before: "Looked | None" = None) -> None:
        known = before.known if before else Known({})
        checkout = FilesSource("acme", root).open()
        assert isinstance(checkout, TreeCheckout)
        self.standing = sorted(checkout.standing(known).paths)
        files = {file.path: file for file in checkout.files(known)}
        self.read = {path: file.content for path, file in files.items()}
        self.problems = sorted(path for path, file in files.items() if file.problem)
        stamps = {path: known.stamps[path] for path in self.standing}
        self.known = Known(stamps | {path: file.stamp for path, file in files.items()}, checkout.notes())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three files in folders below one another, all of them long untouched."""
    folder = tmp_path / "root"
    for path in ("shop/catalog-info.yaml", "shop/cart/catalog-info.yaml", "pay/catalog-info.yaml"):
        _put(folder / path)
    _age(folder)
    return folder


def _put(file: Path, text: str = "kind: A\n") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def _age(root: Path) -> None:
    """As if nothing had been touched for long; only the change time and the inode still tell what moved."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink() and path.stat().st_mtime_ns != OLD:
            os.utime(path, ns=(OLD, OLD))


def _steps(root: Path, *steps: Callable[[], object]) -> Looked:
    """Look, and after each of the steps again."""
    looked = Looked(root)
    for step in steps:
        step()
        _age(root)
        looked = Looked(root, looked)
    return looked


def test_what_stands_is_told_at_once_and_nothing_is_read(root: Path) -> None:
    looked = _steps(root, lambda: None)
    assert looked.standing == ["pay/catalog-info.yaml", "shop/cart/catalog-info.yaml", "shop/catalog-info.yaml"]
    assert looked.read == {}


def test_without_asking_what_stands_every_file_is_told(root: Path) -> None:
    before = Looked(root)
    files = {file.path: file for file in FilesSource("acme", root).open().files(before.known)}
    assert {path: file.stamp for path, file in files.items()} == before.known.stamps
    assert {file.content for file in files.values()} == {None}


def test_a_file_of_the_same_size_and_time_is_read_again(root: Path) -> None:
    looked = _steps(root, lambda: (root / "pay/catalog-info.yaml").write_text("kind: B\n"))
    assert looked.read == {"pay/catalog-info.yaml": b"kind: B\n"}
    assert "shop/catalog-info.yaml" in looked.standing


def test_a_file_that_has_come_to_rest_stands_with_the_others(root: Path) -> None:
    changed = _steps(root, lambda: (root / "pay/catalog-info.yaml").write_text("kind: B\n"))
    resting = Looked(root, changed)
    assert resting.read == {"pay/catalog-info.yaml": None}
    assert Looked(root, resting).read == {}


def test_a_file_that_is_wanted_again_is_read_although_it_stands(root: Path) -> None:
    before = Looked(root)
    stamps = before.known.stamps | {"pay/catalog-info.yaml": ""}  # type: ignore[operator]  # it is a dict
    before.known = Known(stamps, before.known.notes, again={"pay/catalog-info.yaml"})
    looked = Looked(root, before)
    assert looked.read == {"pay/catalog-info.yaml": b"kind: A\n"}
    assert looked.standing == ["shop/cart/catalog-info.yaml", "shop/catalog-info.yaml"]


def test_a_file_that_replaces_another_is_read_again(root: Path) -> None:
    def replace() -> None:
        _put(root / "shop/new", "kind: C\n")
        (root / "shop/new").replace(root / "shop/catalog-info.yaml")

    looked = _steps(root, replace)
    assert looked.read["shop/catalog-info.yaml"] == b"kind: C\n"
    assert looked.standing == ["pay/catalog-info.yaml", "shop/cart/catalog-info.yaml"]


def test_new_files_are_found_in_old_and_new_folders(root: Path) -> None:
    def add() -> None:
        _put(root / "shop/cart/catalog-info.yml")
        _put(root / "ops/a/b/catalog-info.yml")

    looked = _steps(root, add)
    assert {"shop/cart/catalog-info.yml", "ops/a/b/catalog-info.yml"} <= looked.read.keys()
    again = Looked(root, looked)
    assert again.read == {}
    assert {"shop/cart/catalog-info.yml", "ops/a/b/catalog-info.yml"} <= set(again.standing)


def test_what_is_gone_is_told_no_more_and_seen_when_it_is_back(root: Path) -> None:
    gone = _steps(root, lambda: (root / "shop").rename(root.parent / "aside"))
    assert gone.known.stamps.keys() == {"pay/catalog-info.yaml"}
    (root.parent / "aside").rename(root / "shop")
    back = Looked(root, gone)
    assert {"shop/cart/catalog-info.yaml", "shop/catalog-info.yaml"} == back.read.keys()


def test_a_folder_that_has_become_a_link_is_not_walked_nor_what_was_below(root: Path) -> None:
    def swap() -> None:
        (root / "shop").rename(root.parent / "aside")
        (root / "shop").symlink_to(root.parent / "aside")

    looked = _steps(root, swap, lambda: _put(root.parent / "aside/cart/catalog-info.yml"))
    assert looked.known.stamps.keys() == {"pay/catalog-info.yaml"}


def test_a_folder_that_has_become_a_file_is_one(root: Path) -> None:
    def swap() -> None:
        (root / "pay/catalog-info.yaml").unlink()
        (root / "pay").rmdir()
        _put(root / "pay")

    assert "pay/catalog-info.yaml" not in _steps(root, swap, lambda: None).known.stamps


def test_what_is_nested_too_deep_costs_nothing_else(root: Path) -> None:
    """The system refuses paths of 4,096 bytes and more."""
    above = os.open(root, os.O_RDONLY)
    for _ in range(17):
        os.close(os.open("catalog-info.yaml", os.O_CREAT, dir_fd=above))
        os.mkdir("d" * 250, dir_fd=above)
        above, done = os.open("d" * 250, os.O_RDONLY, dir_fd=above), above
        os.close(done)
    os.close(above)
    looked = Looked(root, Looked(root))
    assert looked.problems
    assert {"pay/catalog-info.yaml", "shop/cart/catalog-info.yaml"} <= set(looked.standing)


def test_names_that_are_no_text_are_looked_at_every_time(root: Path) -> None:
    _put(root / os.fsdecode(b"shop/caf\xe9/catalog-info.yaml"))
    _put(root / os.fsdecode(b"pay/b\xe9/deep/catalog-info.yaml"))
    looked = _steps(root, lambda: None, lambda: _put(root / os.fsdecode(b"pay/b\xe9/catalog-info.yaml")))
    assert looked.problems == [
        "pay/b\ufffd/catalog-info.yaml", "pay/b\ufffd/deep/catalog-info.yaml", "shop/caf\ufffd/catalog-info.yaml",
    ]  # fmt: skip
    assert looked.standing == ["shop/cart/catalog-info.yaml"]
    assert {"pay/catalog-info.yaml", "shop/catalog-info.yaml"} <= looked.known.stamps.keys()


def test_what_may_still_be_written_is_read_again_although_it_may_stand(root: Path) -> None:
    """A clock that is ahead stands for "a moment ago", which a slow machine could miss."""
    file = root / "pay/catalog-info.yaml"
    soon = time.time_ns() + 3600 * 10**9
    os.utime(file, ns=(soon, soon))
    looked = Looked(root, Looked(root))
    assert looked.read == {"pay/catalog-info.yaml": b"kind: A\n"}
    assert len(looked.standing) == 2


def test_notes_of_an_earlier_version_are_not_trusted(root: Path) -> None:
    before = Looked(root)
    earlier = (
        f'[{time.time()},["","pay"],[1,1],[1,1],[1,1],[[],["pay/catalog-info.yaml"]],[["pay"],[]],[[],["1.1.1"]]]'
    )
    before.known = Known(before.known.stamps, earlier)
    looked = Looked(root, before)
    assert looked.standing == []
    assert looked.read == dict.fromkeys(before.known.stamps)
    assert len(Looked(root, looked).standing) == 3


def test_nothing_stands_in_a_folder_that_has_gone_in_the_meantime(root: Path) -> None:
    before = Looked(root)
    checkout = FilesSource("acme", root).open()
    root.rename(root.with_name("aside"))
    assert isinstance(checkout, TreeCheckout)
    assert list(checkout.standing(before.known).paths) == []

"""What the placeholders of one file are given has a limit, and is asked for once."""

import pytest

from data.catalog.syncing.fetch import MAX_FETCHED, MAX_FETCHES, Fetch
from data.errors import Invalid


class Files:
    """Files that all are of one size; writes down what was asked for."""

    def __init__(self, size: int) -> None:
        self.content = b"x" * size
        self.asked: list[str] = []

    def stamp(self, path: str, target: str) -> str:
        return "1"

    def read(self, path: str, target: str) -> bytes:
        self.asked.append(target)
        return self.content


def test_what_one_file_names_is_limited_in_number_and_in_size() -> None:
    many = Fetch(Files(1), "a.yaml")  # type: ignore[arg-type]  # as much of a checkout as it needs
    for number in range(MAX_FETCHES):
        assert many(f"{number}.txt")
    with pytest.raises(Invalid, match="names too much"):
        many("one-more.txt")
    large = Fetch(Files(MAX_FETCHED // 2 + 1), "a.yaml")  # type: ignore[arg-type]  # the same
    assert large("a")
    assert large("b")
    with pytest.raises(Invalid, match="names too much"):
        large("c")


def test_the_same_file_is_asked_for_once() -> None:
    files = Files(1)
    fetch = Fetch(files, "a.yaml")  # type: ignore[arg-type]  # the same
    assert fetch("a") == fetch("a")
    assert files.asked == ["a"]

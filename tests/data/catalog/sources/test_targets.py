"""Targets of Locations: what they name, and that no pattern takes long."""

import pytest

from data.catalog.sources.targets import fixed_folder, matches, resolve
from data.errors import UserError
from tests.waiting import soon


@pytest.mark.parametrize(
    ("pattern", "path", "matched"),
    [
        ("*.yaml", "a.yaml", True),
        ("*.yaml", "b/a.yaml", False),
        ("**/*.yaml", "a.yaml", True),
        ("**/*.yaml", "b/c/a.yaml", True),
        ("b/**/a.yaml", "b/a.yaml", True),
        ("b/**/a.yaml", "c/a.yaml", False),
        ("b/**", "b/c/d.yaml", True),
        ("?/a.yaml", "b/a.yaml", True),
        ("[bc]/a.yaml", "c/a.yaml", True),
        ("[bc]/a.yaml", "d/a.yaml", False),
        ("a.yaml", "a.yaml", True),
    ],
)
def test_globs(pattern: str, path: str, matched: bool) -> None:
    assert matches(pattern, path) is matched


def test_no_pattern_takes_long() -> None:
    with soon():
        matches("/".join(["**", "*a*a*a*a*a*a*a*a*b"] * 20), "/".join(["a" * 60] * 40))


def test_a_glob_is_looked_for_below_its_fixed_part() -> None:
    assert fixed_folder("a/b/*.yaml") == "a/b"
    assert fixed_folder("**/x.yaml") == ""


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("./x.yaml", "a/b/x.yaml"),
        ("../x.yaml", "a/x.yaml"),
        ("x/./y.yaml", "a/b/x/y.yaml"),
        ("../../*.yaml", "*.yaml"),
    ],
)
def test_a_target_is_relative_to_its_file(target: str, expected: str) -> None:
    assert resolve("a/b/catalog-info.yaml", target, lambda _: None) == expected


@pytest.mark.parametrize("target", ["../../../x", "/x", "", "x" * 2000, "gopher://x", "a\\b"])
def test_a_target_that_leaves_is_refused(target: str) -> None:
    with pytest.raises(UserError):
        resolve("a/b/catalog-info.yaml", target, lambda _: None)


def test_a_url_of_the_same_tree_may_not_climb_out_of_it() -> None:
    with pytest.raises(UserError):
        resolve("a", "https://git.example.com/x", lambda _: "../../etc/passwd")

"""Who owns a path: the last matching line, by the patterns that people know from .gitignore."""

import pytest

from data.catalog.repos.codeowners import normalise_owner, owners_of
from tests.waiting import soon


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*", "a/b.py", True),
        ("*.js", "a/b.js", True),
        ("*.js", "b.jsx", False),
        ("/build/logs/", "build/logs/x/y", True),
        ("/build/logs/", "a/build/logs/x", False),
        ("docs/*", "docs/a.md", True),
        ("docs/*", "docs/b/a.md", False),
        ("apps/", "x/apps/y", True),
        ("apps/", "apps", False),
        ("**/logs", "a/b/logs/c", True),
        ("**/logs", "logs", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("src/**", "src/a/b", True),
        ("src/**", "src", False),
        ("/apps/github", "apps/github/x", True),
        (r"foo\ bar.txt", "foo bar.txt", True),
        (r"\#x", "#x", True),
        (r"a\*", "ab", False),
        ("docs/**/*.md", "docs/x/y.md", True),
        ("docs", "a/docs/b", True),
        ("/*.md", "a/b.md", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("/", "a", False),
    ],
)
def test_patterns(pattern: str, path: str, matches: bool) -> None:
    assert bool(owners_of(f"{pattern} @acme/team\n", path)) is matches


TEXT = """
# everything
*        @acme/all
/docs/   @writer docs@example.com  # two of them
/docs/open
[Payments][2] @acme/payments
pay/
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("main.py", ["@acme/all"]),
        ("docs/a.md", ["@writer", "docs@example.com"]),
        ("docs/open/x", []),
        ("/pay/x.py", ["@acme/payments"]),
    ],
)
def test_the_last_matching_line_counts_with_all_its_owners(path: str, owners: list[str]) -> None:
    assert list(owners_of(TEXT, path)) == owners


def test_owners_become_references() -> None:
    assert [normalise_owner(owner) for owner in ("@jo", "@acme/team", "jo@example.com")] == [
        "User:jo",
        "team",
        "jo",
    ]


def test_no_pattern_is_slow() -> None:
    with soon():
        owners_of("*a" * 400 + " @x\n" + "**/a/" * 150 + "b @x\n", "a/" * 400 + "a" * 600)

"""How much may be gone from a directory at once before nobody believes it: people and memberships, each alone."""

import pytest

from data.catalog.sources.directory import Person, Team, told
from data.errors import Unavailable


def people(*numbers: int) -> list[Person]:
    """People in no group."""
    return [Person(f"p{n}", f"p{n}@acme.example", "") for n in numbers]


def team(members: int) -> list[Team]:
    """A team whose people another source tells."""
    return [Team("payments", "", "", "team", [f"user:default/p{n}" for n in range(members)])]


def known(people: list[Person], teams: list[Team]) -> dict[str, str]:
    return {file.path: file.stamp for file in told(people, teams, (), {})}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((people(*range(20)), []), (people(*range(15)), [])),
        ((people(1, 2), []), ([], [])),
        (([], team(20)), ([], team(15))),
        (([], team(2)), ([], team(0))),
        ((people(1, 2), team(20)), (people(1, 2), [])),
    ],
    ids=["a quarter of the people", "all of two", "a quarter of the members", "all members of two", "the group"],
)
def test_what_nobody_decides_in_one_go_changes_nothing(
    before: tuple[list[Person], list[Team]], after: tuple[list[Person], list[Team]]
) -> None:
    with pytest.raises(Unavailable, match="gone at once"):
        list(told(*after, (), known(*before)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((people(*range(10)), []), (people(*range(6)), [])),
        ((people(*range(30)), []), (people(*range(24)), [])),
        (([], team(30)), ([], team(24))),
        ((people(1, 2), []), (people(3, 2), [])),
        (([], []), (people(1), team(1))),
    ],
    ids=["four", "a fifth", "a fifth of the members", "one for another", "the first time"],
)
def test_what_happens_every_day_is_taken(
    before: tuple[list[Person], list[Team]], after: tuple[list[Person], list[Team]]
) -> None:
    assert {file.path for file in told(*after, (), known(*before))} == known(*after).keys()

"""Slips from one text to another."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from data.catalog.indexes.typos import MOST_PIECES, PIECE, SHORTEST, Typos, distance
from data.catalog.lazily import keep_going

TEXTS = st.text("abc", max_size=6)


def slips(left: str, right: str) -> int:
    """Optimal string alignment, as it is defined."""
    if not left or not right:
        return len(left) + len(right)
    best = min(
        slips(left[1:], right) + 1, slips(left, right[1:]) + 1, slips(left[1:], right[1:]) + (left[0] != right[0])
    )
    if left[:2] == right[1::-1] and len(left) > 1:
        best = min(best, slips(left[2:], right[2:]) + 1)
    return best


@given(TEXTS, TEXTS, st.sampled_from([1, 2]))
def test_agrees_with_the_definition(left: str, right: str, most: int) -> None:
    assert distance(left, right, most) == min(slips(left, right), most + 1)


LETTERS = st.text("abcd", min_size=SHORTEST, max_size=9)


@settings(max_examples=40)  # an index for each
@given(st.lists(LETTERS, min_size=1, max_size=9, unique=True), LETTERS)
def test_every_name_one_slip_away_is_found_and_stands_in_front(names: list[str], asked: str) -> None:
    near = Typos(names, keep_going).near(asked)
    away = {name: distance(asked, name, 2) for name in names}
    nearest = [name for name in names if away[name] < 2]
    assert {name for slips, name in near if slips < 2} == set(nearest)
    assert all(away[name] == slips for slips, name in near)
    assert [slips for slips, _ in near] == sorted(slips for slips, _ in near)


def test_two_names_one_slip_away_are_both_found() -> None:
    names = ["accountcardservice", "accountcartservice", "invoiceapi"]
    assert [name for _, name in Typos(names, keep_going).near("accountcarservice")] == names[:2]


def test_names_made_of_chance_are_found_too() -> None:
    dice = random.Random(1)
    names = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=64)) for _ in range(1_200)]
    assert len({name[at : at + PIECE] for name in names for at in range(61)}) > MOST_PIECES
    typos = Typos(names, keep_going)
    assert [typos.near(name[:30] + "-" + name[31:]) for name in (names[0], names[-1])] == [
        [(1, names[0])],
        [(1, names[-1])],
    ]

"""Bit sets of positions."""

from hypothesis import given
from hypothesis import strategies as st

from data.catalog.indexes.postings import PIECE, positions


@given(st.sets(st.integers(0, 9 * PIECE)))
def test_the_highest_position_comes_first_and_none_is_lost(found: set[int]) -> None:
    assert list(positions(sum(1 << position for position in found))) == sorted(found, reverse=True)


def test_a_full_set_and_an_empty_one() -> None:
    assert list(positions((1 << 5 * PIECE) - 1)) == list(range(5 * PIECE - 1, -1, -1))
    assert list(positions(0)) == []

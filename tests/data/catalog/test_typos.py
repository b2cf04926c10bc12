"""Slips from one text to another."""

from hypothesis import given
from hypothesis import strategies as st

from data.catalog.typos import distance

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

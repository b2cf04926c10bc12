"""Counting voices: distinct people, distinct rights, distinct teams."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.decision import Decision, Team
from workflows.requests.quorum import Delegation, attainable, count, seats

TWO = Decision(
    "ask",
    "",
    "",
    approvals=2,
    teams=(Team("owners", "g:pay", frozenset("ab")), Team("platform", "g:plat", frozenset("bpq"))),
    distinct_teams=True,
    barred=frozenset("r"),
)
ANY = Decision("ask", "", "", approvals=2, teams=TWO.teams, barred=frozenset("r"))


@pytest.mark.parametrize(
    ("what", "decision", "people", "delegations", "counts"),
    [
        ("nobody", TWO, "", [], 0),
        ("one owner", TWO, "a", [], 1),
        ("two of one team", TWO, "pq", [], 1),
        ("one of each team", TWO, "ap", [], 2),
        ("the same person twice", TWO, "aa", [], 1),
        ("one who is in both, alone", TWO, "b", [], 1),
        ("one who is in both beside an owner", TWO, "ab", [], 2),
        ("one who is in both beside the platform", TWO, "bp", [], 2),
        ("a stranger beside an owner", TWO, "az", [], 1),
        ("the requester beside an owner", TWO, "ar", [], 1),
        ("two of one team where any two will do", ANY, "pq", [], 2),
        ("a delegate of the platform beside an owner", TWO, "ad", [("p", "d")], 2),
        ("holder and delegate together are one right", ANY, "pd", [("p", "d")], 1),
        ("a delegate who is the requester", TWO, "ar", [("p", "r")], 1),
        ("a delegate of somebody who may not either", TWO, "ad", [("z", "d")], 1),
        ("an owner who is a delegate of the platform, alone", TWO, "a", [("p", "a")], 1),
        ("the same beside another owner", TWO, "ab", [("p", "a")], 2),
        ("one delegate of two is one person", ANY, "d", [("p", "d"), ("a", "d")], 1),
        ("also when the press was kept twice", ANY, "dd", [("p", "d"), ("a", "d")], 1),
    ],
)
def test_voices(
    what: str, decision: Decision, people: str, delegations: list[tuple[str, str]], counts: int
) -> None:
    assert count(decision, list(people), [Delegation(*one) for one in delegations]) == counts, what


def test_who_left_the_team_no_longer_counts() -> None:
    left = Decision("ask", "", "", 2, (Team("owners", "g:pay", frozenset("b")), TWO.teams[1]), True)
    assert count(TWO, ["a", "p"]) == 2
    assert count(left, ["a", "p"]) == 1


def test_seats_say_which_right_somebody_has() -> None:
    assert {seat.team for seat in seats(TWO, "b")} == {"g:pay", "g:plat"}
    assert {(seat.holder, seat.team) for seat in seats(TWO, "d", [Delegation("p", "d")])} == {("p", "g:plat")}
    assert not seats(TWO, "r", [Delegation("p", "r")])


people = st.sets(st.sampled_from("abcdef"), max_size=4).map(frozenset)
decisions = st.builds(
    lambda groups, approvals, distinct: Decision(
        "ask", "", "", approvals, tuple(Team(f"t{i}", f"g:{i}", g) for i, g in enumerate(groups)), distinct
    ),
    st.lists(people, min_size=1, max_size=3),
    st.integers(1, 3),
    st.booleans(),
)


@given(decisions)
def test_what_is_attainable_is_what_some_people_can_reach(decision: Decision) -> None:
    """Against trying every set of people."""
    everybody = sorted(decision.approvers)
    reached = any(
        count(decision, chosen) >= decision.approvals
        for size in range(1, decision.approvals + 1)
        for chosen in combinations(everybody, size)
    )
    assert reached == (attainable(decision) >= decision.approvals)


@given(decisions, st.lists(st.sampled_from("abcdefxyz"), max_size=6))
def test_one_more_voice_never_counts_less_and_at_most_one_more(decision: Decision, voices: list[str]) -> None:
    for voice in "abx":
        before, after = count(decision, voices), count(decision, [*voices, voice])
        assert before <= after <= before + 1

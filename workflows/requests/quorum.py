"""Counts approvals: distinct people, distinct rights, and distinct teams where a policy wants them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from workflows.decision import Decision


@dataclass(frozen=True, slots=True)
class Seat:
    """The right under which somebody approves: a member of a team, in person or through a delegate."""

    holder: str  # the member of the team
    team: str  # the group, as a canonical reference


@dataclass(frozen=True, slots=True)
class Delegation:
    """`holder` lets `delegate` approve in their place; only those in force are passed in."""

    holder: str
    delegate: str


def seats(decision: Decision, person: str, delegations: Collection[Delegation] = ()) -> frozenset[Seat]:
    """The rights under which `person` may approve this now; empty: they may not."""
    if person in decision.barred:
        return frozenset()
    holders = {person} | {d.holder for d in delegations if d.delegate == person}
    return frozenset(Seat(holder, team.ref) for team in decision.teams for holder in holders & team.members)


def count(decision: Decision, people: Sequence[str], delegations: Collection[Delegation] = ()) -> int:
    """How many approvals these people's clicks are worth now.

    Each person and each right counts once, of different teams where the decision wants that; people who hold no
    right any more count nothing. The request is approved when this reaches `decision.approvals`.
    """
    rights = [seats(decision, person, delegations) for person in dict.fromkeys(people)]
    return _most([held for held in rights if held], frozenset(), frozenset(), decision)


def attainable(decision: Decision) -> int:
    """How many approvals can be had at all, if everybody who may agree does so in person."""
    if not decision.distinct_teams:
        return len(decision.approvers)
    members = {team.ref: team.members for team in decision.teams if team.ref}
    taken: dict[str, str] = {}  # person -> team, no person twice
    return sum(_place(team, members, taken, set()) for team in members)


def _place(team: str, members: Mapping[str, frozenset[str]], taken: dict[str, str], tried: set[str]) -> bool:
    """Find a person for a team; others move on where they can (Kuhn's matching)."""
    for person in sorted(members[team] - tried):
        tried.add(person)
        if person not in taken or _place(taken[person], members, taken, tried):
            taken[person] = team
            return True
    return False


def _most(
    rights: list[frozenset[Seat]], holders: frozenset[str], teams: frozenset[str], decision: Decision
) -> int:
    """The largest number of people who can each be given a right of their own, at most as many as are needed."""
    if not rights or len(holders) >= decision.approvals:
        return len(holders)
    best = _most(rights[1:], holders, teams, decision)
    for seat in rights[0]:
        if best >= min(decision.approvals, len(holders) + len(rights)):
            break
        if seat.holder not in holders and not (decision.distinct_teams and seat.team in teams):
            best = max(best, _most(rights[1:], holders | {seat.holder}, teams | {seat.team}, decision))
    return best

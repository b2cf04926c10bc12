"""Who may ask for what, and who must agree: policies as configuration, and one pure function that applies them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Effect = Literal["refuse", "allow", "ask"]


@dataclass(frozen=True, slots=True)
class Team:
    """One group whose people may give an approval.

    `name` is the policy's word for it ("owners", "platform"), `ref` the group in the catalog ("" when it does not
    resolve), `members` the references of the people who may approve now: requester and beneficiary are not
    among them. `escalated` names the group that was asked instead because nobody was left in this one.
    """

    name: str
    ref: str
    members: frozenset[str]
    escalated: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a decision depends on, read at one moment. None means: could not be found out.

    `requester` and `beneficiary` are canonical references of User entities, `groups` all groups of the requester
    (those above included), `on_call` the levels on which the requester is on call for the target. `tier` is 0
    when the catalog states none. `teams` answers the words of `from`.
    """

    policy: str
    requester: str
    beneficiary: str
    target: str
    environment: str
    duration: int  # seconds, 0 when the action has none
    tier: int | None
    groups: frozenset[str] | None
    on_call: frozenset[int] | None
    teams: Mapping[str, Team]
    break_glass: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What a policy says. `reason` is a sentence for people, `rule` names what decided ("rule 2, idp.yaml:14").

    effect "ask": `approvals` people of `teams` must agree, of as many different teams when `distinct_teams`.
    `expires` is for how many seconds the request may wait.
    """

    effect: Effect
    reason: str
    rule: str
    approvals: int = 0
    teams: tuple[Team, ...] = ()
    distinct_teams: bool = False
    break_glass: bool = False
    expires: int = 0

    @property
    def approvers(self) -> frozenset[str]:
        """Everybody who may approve."""
        return frozenset().union(*(team.members for team in self.teams)) if self.teams else frozenset()


@dataclass(frozen=True, slots=True)
class Seat:
    """The right under which somebody approves: a member of a team, in person or through a delegate."""

    holder: str  # the member of the team
    team: str  # name of the team


@dataclass(frozen=True, slots=True)
class Delegation:
    """`holder` lets `delegate` approve in their place; only those in force are passed in."""

    holder: str
    delegate: str


def seats(decision: Decision, person: str, delegations: Collection[Delegation] = ()) -> frozenset[Seat]:
    """The rights under which `person` may approve this now; empty: they may not."""
    raise NotImplementedError


def count(decision: Decision, people: Sequence[str], delegations: Collection[Delegation] = ()) -> int:
    """How many approvals these people's clicks are worth now.

    Each person and each seat counts once, of different teams where the decision wants that; people who hold no
    right any more count nothing. The request is approved when this reaches `decision.approvals`.
    """
    raise NotImplementedError

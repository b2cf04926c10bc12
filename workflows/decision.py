"""What a policy needs to know and what it says: plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Effect = Literal["refuse", "allow", "ask"]


@dataclass(frozen=True, slots=True)
class Team:
    """One group whose people may give an approval.

    `name` is the policy's word for it ("owners", "platform"), `ref` the group in the catalog ("" when it does not
    resolve), `members` the references of the people who may approve now: requester and beneficiary are not
    among them. `instead_of` is the group that was meant, when nobody in it may agree and the one above is asked.
    """

    name: str
    ref: str
    members: frozenset[str]
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a decision depends on, read at one moment. None means: could not be found out.

    `requester` and `beneficiary` are canonical references of User entities, `groups` all groups of the requester
    (those above included), `beneficiary_groups` those of a beneficiary who is somebody else, `on_call` the levels
    on which the requester is on call for the target. `tier` is 0 when the catalog states none. `teams` answers
    each word of `from` with the team that is meant and, behind it, those above that may stand in; `named` gives
    the canonical references of the groups that a policy names. `escalated`: the request has waited so long that
    those above may agree as well.
    """

    requester: str
    beneficiary: str
    environment: str
    duration: int  # seconds, 0 when the action has none
    tier: int | None
    groups: frozenset[str] | None
    on_call: frozenset[int] | None
    teams: Mapping[str, Sequence[Team]]
    named: Mapping[str, str]
    break_glass: bool = False
    escalated: bool = False
    template: str = ""  # what a workspace is made of
    held: int = 0  # how many of what is asked for the beneficiary has already
    beneficiary_groups: frozenset[str] | None = None

    @property
    def receiving(self) -> frozenset[str] | None:
        """All groups of the person who gets what is asked for."""
        return self.groups if self.requester == self.beneficiary else self.beneficiary_groups


@dataclass(frozen=True, slots=True)
class Decision:
    """What a policy says. `reason` is a sentence for people, `rule` names what decided.

    effect "ask": `approvals` people of `teams` must agree, of as many different teams when `distinct_teams`.
    `barred` may never approve, not even for somebody else: requester and beneficiary. `expires` is for how many
    seconds the request may wait, `escalates` after how many those above are asked as well (0: never).
    """

    effect: Effect
    reason: str
    rule: str
    approvals: int = 0
    teams: tuple[Team, ...] = ()
    distinct_teams: bool = False
    break_glass: bool = False
    expires: int = 0
    escalates: int = 0
    barred: frozenset[str] = frozenset()

    @property
    def approvers(self) -> frozenset[str]:
        """Everybody who may approve in person."""
        return frozenset(person for team in self.teams for person in team.members)


def refusal(reason: str, rule: str = "") -> Decision:
    """No, and why."""
    return Decision("refuse", reason, rule)

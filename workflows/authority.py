"""Reads who people are and what they may do out of the catalog, at the moment it is asked."""

from collections.abc import Mapping

from data.catalog.snapshot import Snapshot
from data.idp import Idp
from workflows.decision import Decision, Team


def current(idp: Idp) -> Snapshot:
    """The read model at the version that the database has now, rebuilt first if it has moved.

    Decisions use this, so that somebody who left a group a moment ago no longer counts.
    """
    raise NotImplementedError


def judge(
    idp: Idp,
    snapshot: Snapshot,
    *,
    policy: str,
    requester: str,
    target: str,
    beneficiary: str = "",
    environment: str = "",
    duration: int = 0,
    break_glass: bool = False,
) -> Decision:
    """Gather the facts and decide. Unknown policies, people and targets are refused with a reason.

    `requester`, `beneficiary` (default: the requester) and `target` are canonical references.
    """
    raise NotImplementedError


def members(snapshot: Snapshot, group: str) -> frozenset[str]:
    """References of the User entities in a group and in the groups below it."""
    raise NotImplementedError


def groups(snapshot: Snapshot, person: str) -> frozenset[str]:
    """References of the groups of a person, those above included."""
    raise NotImplementedError


def escalation(snapshot: Snapshot, decision: Decision) -> Mapping[str, Team]:
    """For each team of a decision, the parent group that may be asked as well when the team stays silent."""
    raise NotImplementedError

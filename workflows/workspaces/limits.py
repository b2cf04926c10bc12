"""What the policy "workspace" says besides its rules: how many at a time, how long, how far extended."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.store.workspaces import Workspace
from workflows.authority import group_ref, groups

POLICY = "workspace"
EXTENSION = 7200  # seconds that the button adds


def quota(idp: Idp, snapshot: Snapshot, person: str) -> int | None:
    """How many at a time a person may have; None: the policy does not limit it."""
    policy = idp.policies.get(POLICY)
    mine = groups(snapshot, person)
    for rule in policy.config.quota if policy else ():
        if "*" in rule.groups or mine & {group_ref(snapshot, name) for name in rule.groups}:
            return rule.most
    return None


def longest(idp: Idp) -> int | None:
    """Seconds that a workspace may run at a stretch; None: as long as its system lets it."""
    policy = idp.policies.get(POLICY)
    return policy.config.longest if policy else None


def lives(idp: Idp, usual: int) -> Sequence[int]:
    """The lives that are offered, in seconds: the policy's, else the template's usual one; 0: it never stops."""
    policy, most = idp.policies.get(POLICY), longest(idp)
    offered = sorted(policy.config.durations) if policy else []
    return offered or ([min(usual, most) if most and usual else usual or most or 0])


def extended(idp: Idp, workspace: Workspace, seconds: int = EXTENSION) -> datetime | None:
    """The new end of a running workspace, not beyond what the policy allows; None: it cannot be extended now."""
    due, most = workspace.due_at, longest(idp)
    if workspace.state != "running" or due is None:
        return None
    wanted = due + timedelta(seconds=seconds)
    if most and workspace.running_since:
        wanted = min(wanted, workspace.running_since + timedelta(seconds=most))
    return wanted if wanted - due >= timedelta(minutes=1) else None

"""What people do with workspaces that are there: start, stop, extend, delete, try again.

Each is one transaction: what is wanted, the audit row, and the work that does it. Pressing twice wants the same.
"""

from typing import Any

from data.catalog.snapshot import Snapshot
from data.durations import say_duration
from data.errors import Conflict, NotAllowed, NotFound
from data.idp import Idp
from data.store import audit, workspaces
from data.store.database import Store
from data.store.workspaces import Workspace
from workflows.authority import current, group_ref, judge, known_person, members, people_of
from workflows.journal import Actor, entry, show
from workflows.workspaces.limits import EXTENSION, POLICY, extended, quota
from workflows.workspaces.seeing import hurry, tell, want
from workflows.workspaces.systems import system_of


def start(idp: Idp, id: int, actor: Actor) -> Workspace:
    """Start one's own workspace, as far as the quota and the policy allow it now."""
    snapshot, row = current(idp), _own(idp, id, actor)
    if row.state in {"queued", "pending", "starting", "running"}:
        raise Conflict(f"{row.name} is {row.state} already.")
    _allowed(idp, snapshot, row, actor)
    after = _wanted(idp, row, actor, "running")
    with idp.database.store() as store:
        key = f"workspace:{row.id}:started:{after.revision}"
        show(idp, store, key=key, kind="workspace", subject=row.id, place=row.owner)
    return after


def again(idp: Idp, id: int, actor: Actor) -> Workspace:
    """Try a build again that failed; one that hangs is broken off first."""
    snapshot, row = current(idp), _own(idp, id, actor)
    if row.state in {"pending", "starting"} and row.alarms:
        system_of(idp, row.system).cancel(row.remote)
    elif row.state != "failed":
        raise Conflict(f"{row.name} is {row.state}; there is nothing to try again.")
    if row.state == "failed":
        _allowed(idp, snapshot, row, actor)
    return _wanted(idp, row, actor, "running")


def stop(idp: Idp, id: int, actor: Actor) -> Workspace:
    """Stop one: its owner, the team that owns the service, the platform team."""
    row = _responsible(idp, id, actor)
    if row.state in {"stopped", "deleting", "deleted"}:
        raise Conflict(f"{row.name} is {row.state} already.")
    return _wanted(idp, row, actor, "stopped")


def delete(idp: Idp, id: int, actor: Actor) -> Workspace:
    """Delete one with everything in it: its owner, the team that owns the service, the platform team."""
    row = _responsible(idp, id, actor)
    if row.wanted == "deleted" or row.state in {"deleting", "deleted"}:
        raise Conflict(f"{row.name} is being deleted already.")
    return _wanted(idp, row, actor, "deleted")


def extend(idp: Idp, id: int, actor: Actor, *, due_was: int = 0, seconds: int = 0) -> Workspace:
    """Have one's own workspace stop later.

    `due_was` is the end that the button showed (seconds since the epoch): a second press does not extend twice.
    """
    row = _own(idp, id, actor)
    if row.state != "running" or row.due_at is None:
        raise Conflict(f"{row.name} is {row.state}; there is no end to extend.")
    if due_was and int(row.due_at.timestamp()) != due_was:
        raise Conflict(f"{row.name} has been extended already.")
    until = extended(idp, row, seconds or EXTENSION)
    if until is None:
        raise NotAllowed(f"The policy does not let {row.name} run longer.", "Stop it, and start it again.")
    with idp.database.store() as store:
        after = workspaces.move(store, row, due_at=until, extend_to=until, next_at=idp.now(), wanted="", error="")
        if after is None:
            raise Conflict("Somebody changed this workspace at the same moment. Look again.")
        hurry(idp, store, after)
        tell(idp, store, after)
        by = say_duration(int((until - row.due_at).total_seconds()) // 60 * 60)
        _write_down(idp, store, after, actor, "extended", until=until, by=by)
        return after


def _wanted(idp: Idp, row: Workspace, actor: Actor, wanted: Any) -> Workspace:
    with idp.database.store() as store:
        after = want(idp, store, row, wanted, actor)
        if after is None:
            raise Conflict("Somebody changed this workspace at the same moment. Look again.")
        _write_down(idp, store, after, actor, wanted, before=row.state)
        return after


def _write_down(idp: Idp, store: Store, row: Workspace, actor: Actor, what: str, **more: Any) -> None:
    token = system_of(idp, row.system).acts_as
    detail = {"workspace": row.id, "name": row.name, "owner": row.owner, "token": token, **more}
    audit.append(store, entry(f"workspace.{what}.asked", actor, row.target, row.request or 0, detail), idp.now())


def _allowed(idp: Idp, snapshot: Snapshot, row: Workspace, actor: Actor) -> None:
    """The quota, and the policy as if it were launched now; what needs approval was approved at the launch."""
    with idp.database.reading() as store:
        held = [one for one in workspaces.counted(store, actor.person) if one.id != row.id]
    limit = quota(idp, snapshot, actor.person)
    if limit is not None and len(held) >= limit:
        names = ", ".join(one.name for one in held)
        raise NotAllowed(
            f"{len(held)} of {limit} in use: stop one of {names} first.", "/idp workspaces lists them."
        )
    if row.target and row.request:
        policy = idp.policies.get(POLICY)
        duration = row.seconds if policy and policy.config.durations else 0
        decision = judge(
            idp,
            snapshot,
            policy=POLICY,
            requester=actor.person,
            target=row.target,
            template=row.template,
            duration=duration,
        )
        if decision.effect == "refuse":
            raise NotAllowed(decision.reason)


def _load(idp: Idp, id: int) -> Workspace:
    with idp.database.reading() as store:
        row = workspaces.load(store, id)
    if row is None:
        raise NotFound(f"There is no workspace {id}.")
    return row


def _own(idp: Idp, id: int, actor: Actor) -> Workspace:
    row = _load(idp, id)
    if row.owner != actor.person or not known_person(current(idp), actor.person):
        _refuse(idp, row, actor, "Only its owner may do this.")
    return row


def _responsible(idp: Idp, id: int, actor: Actor) -> Workspace:
    row = _load(idp, id)
    if actor.person not in responsible(idp, current(idp), row):
        _refuse(idp, row, actor, "Only its owner, the team of its service and the platform team may do this.")
    return row


def responsible(idp: Idp, snapshot: Snapshot, row: Workspace) -> frozenset[str]:
    """Who may stop and delete a workspace."""
    platform = group_ref(snapshot, idp.platform_owner) if idp.platform_owner else ""
    people = {row.owner} | (people_of(snapshot, row.team) if row.team else set())
    people |= members(snapshot, platform) if platform else set()
    return frozenset(one for one in people if known_person(snapshot, one))


def _refuse(idp: Idp, row: Workspace, actor: Actor, why: str) -> None:
    with idp.database.store() as store:
        detail = {"workspace": row.id, "refused": why, "code": "not_mine"}
        audit.append(store, entry("workspace.refused", actor, row.target, row.request or 0, detail), idp.now())
    raise NotAllowed(why)

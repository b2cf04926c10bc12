"""What people do with workspaces that are there: start, stop, extend, delete, try again.

Each is one transaction: what is wanted, the audit row, and the work that does it. Pressing twice wants the same.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from data.catalog.snapshot import Snapshot
from data.errors import Conflict, NotAllowed, NotFound
from data.idp import Idp
from data.store import audit, workspaces
from data.store.database import Store
from data.store.workspaces import Wanted, Workspace
from workflows.authority import current, group_ref, judge, known_person, members, people_of
from workflows.journal import Actor, entry, show
from workflows.workspaces.limits import EXTENSION, POLICY, extended, quota
from workflows.workspaces.seeing import hurry, tell, want
from workflows.workspaces.systems import system_of

TRIES: Final = 10  # looks at a row that the house changes at the same moment


def start(idp: Idp, id: int, actor: Actor) -> Workspace:
    """Start one's own workspace, as far as the quota and the policy allow it now."""

    def attempt() -> Workspace | None:
        row = _own(idp, id, actor)
        if row.state in {"queued", "pending", "starting", "running"}:
            raise Conflict(f"{row.name} is {row.state} already.")
        _allowed(idp, row, actor)
        return _wanted(idp, row, actor, "running")

    after = _firmly(attempt)
    with idp.database.store() as store:
        key = f"workspace:{id}:started:{after.revision}"
        show(idp, store, key=key, kind="workspace", subject=id, place=after.owner)
    return after


def again(idp: Idp, id: int, actor: Actor) -> Workspace:
    """Try a build again that failed; one that hangs is broken off first."""

    def attempt() -> Workspace | None:
        row = _own(idp, id, actor)
        stuck = row.state in {"pending", "starting"} and row.alarms
        if row.state != "failed" and not stuck:
            raise Conflict(f"{row.name} is {row.state}; there is nothing to try again.")
        _allowed(idp, row, actor)
        if stuck:
            system_of(idp, row.system).cancel(row.remote)
        return _wanted(idp, row, actor, "running")

    return _firmly(attempt)


def stop(idp: Idp, id: int, actor: Actor) -> Workspace:
    """Stop one: its owner, the team that owns the service, the platform team."""

    def attempt() -> Workspace | None:
        row = _responsible(idp, id, actor)
        if row.state in {"stopped", "deleting", "deleted"}:
            raise Conflict(f"{row.name} is {row.state} already.")
        return _wanted(idp, row, actor, "stopped")

    return _firmly(attempt)


def delete(idp: Idp, id: int, actor: Actor) -> Workspace:
    """Delete one with everything in it: its owner, the team that owns the service, the platform team."""

    def attempt() -> Workspace | None:
        row = _responsible(idp, id, actor)
        if row.wanted == "deleted" or row.state in {"deleting", "deleted"}:
            raise Conflict(f"{row.name} is being deleted already.")
        return _wanted(idp, row, actor, "deleted")

    return _firmly(attempt)


def extend(idp: Idp, id: int, actor: Actor, *, due_was: int = 0, seconds: int = 0) -> Workspace:
    """Have one's own workspace stop later.

    `due_was` is the end that the button showed (seconds since the epoch): a second press does not extend twice.
    """

    def attempt() -> Workspace | None:
        row = _own(idp, id, actor)
        if row.state != "running" or row.due_at is None:
            raise Conflict(f"{row.name} is {row.state}; there is no end to extend.")
        if due_was and int(row.due_at.timestamp()) != due_was:
            raise Conflict(f"{row.name} has been extended already.")
        until = extended(idp, row, seconds or EXTENSION)
        if until is None:
            raise NotAllowed(f"The policy does not let {row.name} run longer.", "Stop it, and start it again.")
        return _extended(idp, row, actor, until)

    return _firmly(attempt)


def _firmly(attempt: Callable[[], Workspace | None]) -> Workspace:
    """The house itself writes into the row while it looks at it: then the deed looks again."""
    for _ in range(TRIES):
        after = attempt()
        if after is not None:
            return after
    raise Conflict("Much changes about this workspace at this moment.", "Look again, then press again.")


def _extended(idp: Idp, row: Workspace, actor: Actor, until: datetime) -> Workspace | None:
    with idp.database.store() as store:
        values = {"due_at": until, "extend_to": until, "next_at": idp.now(), "wanted": "", "error": ""}
        after = workspaces.move(store, row, **values)
        if after is not None:
            hurry(idp, store, after)
            tell(idp, store, after)
            _write_down(idp, store, after, actor, "extended", until=until, before=row.due_at)
        return after


def _wanted(idp: Idp, row: Workspace, actor: Actor, wanted: Wanted) -> Workspace | None:
    with idp.database.store() as store:
        after = want(idp, store, row, wanted, actor)
        if after is not None:
            _write_down(idp, store, after, actor, wanted, before=row.state)
        return after


def _write_down(idp: Idp, store: Store, row: Workspace, actor: Actor, what: str, **more: Any) -> None:
    token = system_of(idp, row.system).acts_as
    detail = {"workspace": row.id, "name": row.name, "owner": row.owner, "token": token, **more}
    audit.append(store, entry(f"workspace.{what}.asked", actor, row.target, row.request or 0, detail), idp.now())


def _allowed(idp: Idp, row: Workspace, actor: Actor) -> None:
    """The quota, and the policy as if it were launched now; what needs approval was approved at the launch."""
    snapshot = current(idp)
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

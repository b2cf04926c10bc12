"""The steps that make a workspace: the row first, then the call; each looks before it creates."""

from datetime import timedelta
from typing import Any, Final

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.errors import Conflict, Invalid
from data.idp import Idp
from data.ports.workspaces import NewWorkspace, RemoteWorkspace, Workspaces
from data.store import audit, workspaces
from data.store.database import Store
from data.store.requests import Request
from data.store.workspaces import Workspace
from workflows.action import Retry, Step, Work
from workflows.authority import current, owner_ref
from workflows.journal import HOUSE, entry
from workflows.workspaces.limits import quota
from workflows.workspaces.parameters import preset_of, values_of
from workflows.workspaces.seeing import tell, want
from workflows.workspaces.systems import launching, system_of

SKEW: Final = timedelta(minutes=2)  # by which the system's clock may differ from ours
RECOVER: Final = timedelta(seconds=60)  # after which one that was to be made is looked for
OTHER: Final = "Launch it again with another name."


def _reserve(work: Work) -> None:
    """The row, before anything is made: the name is taken, and the quota holds whoever asks at the same moment."""
    idp, request, now = work.idp, work.request, work.idp.now()
    snapshot = current(idp)
    limit = quota(idp, snapshot, request.beneficiary)
    with idp.database.store() as store:
        if workspaces.of_request(store, request.id):
            return
        workspaces.one_at_a_time(store, request.beneficiary)
        held = workspaces.counted(store, request.beneficiary)
        if limit is not None and len(held) >= limit:
            names = ", ".join(one.name for one in held)
            raise Conflict(f"{len(held)} of {limit} in use: stop one of {names}, then try again.")
        row = workspaces.add(store, _row(idp, request, snapshot.get(request.target), snapshot))
        if row is None:
            raise Conflict(f"You have a workspace {request.parameters['name']} already.", "Take another name.")
        detail = {"workspace": row.id, "name": row.name, "template": row.template, "owner": row.owner}
        audit.append(store, entry("workspace.recorded", HOUSE, row.target, request.id, detail), now)


def _row(idp: Idp, request: Request, entity: Entity | None, snapshot: Snapshot) -> Workspace:
    now = idp.now()
    return Workspace(
        id=0,
        system=launching(idp).key,
        remote="",
        request=request.id,
        name=str(request.parameters["name"]),
        template=str(request.parameters["template"]),
        owner=request.beneficiary,
        email=request.email,
        target=request.target,
        team=owner_ref(snapshot, entity) if entity else "",
        seconds=request.duration,
        state="queued",
        recorded_at=now,
        building_since=now,
        next_at=now + RECOVER,
    )


def _create(work: Work) -> dict[str, Any]:
    """Make it, or find that it has been made."""
    row = _wanted(work)
    if row.remote:
        return {"workspace": row.remote}
    system = system_of(work.idp, row.system)
    made = system.find(row.email, row.name)
    if made is None:
        made = _made(work, system, row)
    elif not made_by_us(made, row):
        raise Conflict(f"{system.name} has a workspace {made.name} of yours that was not launched here.", OTHER)
    keep_made(work.idp, row, made, system.acts_as)
    return {"workspace": made.id}


def _made(work: Work, system: Workspaces, row: Workspace) -> RemoteWorkspace:
    values, template = values_of(work.request.parameters), system.template(row.template)
    preset = preset_of(template, values, str(work.request.parameters.get("preset") or ""))
    try:
        return system.create(NewWorkspace(row.email, row.name, row.template, values, preset, row.seconds))
    except Conflict:  # made a moment ago: by an earlier try of ours whose answer was lost, or by somebody
        made = system.find(row.email, row.name)
        if made is None or not made_by_us(made, row):
            raise
        return made


def made_by_us(made: RemoteWorkspace, row: Workspace) -> bool:
    """Whether a workspace is the one that a row stands for: our account made it after the row was written."""
    return made.ours and made.template == row.template and made.created_at >= row.recorded_at - SKEW


def _wanted(work: Work) -> Workspace:
    """The row, unless it was taken back meanwhile; a person who tries again brings it back."""
    with work.idp.database.store() as store:
        row = workspaces.of_request(store, work.request.id)
        if row and row.state in {"failed", "deleted"} and not row.remote:
            row = workspaces.revive(store, row, work.idp.now() + RECOVER)
    if row is None or row.wanted == "deleted" or row.state in {"deleting", "deleted"}:
        raise Invalid("This workspace was taken back before it was made.")
    return row


def keep_made(idp: Idp, row: Workspace, made: RemoteWorkspace, acts_as: str) -> None:
    """Write down that it is there; harmless when somebody else has done so."""
    now = idp.now()
    values: dict[str, Any] = {"remote": made.id, "state": "pending", "created_at": made.created_at, "error": ""}
    values |= {"web_url": made.web_url, "building_since": now, "starts": 1, "next_at": now, "seen_at": now}
    with idp.database.store() as store:
        fresh = workspaces.load(store, row.id)
        after = workspaces.move(store, fresh, **values) if fresh and not fresh.remote else None
        if after is None:
            return
        tell(idp, store, after)
        detail = {"workspace": row.id, "name": row.name, "remote": made.id, "token": acts_as, "creator": row.owner}
        audit.append(store, entry("workspace.created", HOUSE, row.target, row.request or 0, detail), now)


def _take_back(work: Work) -> None:
    """Undo: have it deleted."""
    with work.idp.database.store() as store:
        row = workspaces.of_request(store, work.request.id)
        if row and row.state != "deleted":
            want(work.idp, store, row, "deleted", HOUSE)


def _given_up(idp: Idp, store: Store, request: Request) -> None:
    """It may have been made all the same: it is looked for, for a while."""
    row = workspaces.of_request(store, request.id)
    if row and not row.remote:
        after = workspaces.move(store, row, state="failed", next_at=idp.now() + RECOVER, wanted="")
        if after:
            tell(idp, store, after)


STEPS = (
    Step("reserve", "Check the quota, take the name", _reserve),
    Step("create", "Have it made", _create, undo=_take_back, given_up=_given_up, retry=Retry(8, 2.0, 30.0)),
)

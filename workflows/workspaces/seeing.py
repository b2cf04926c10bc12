"""What a system says of a workspace, written into its row, and shown to people when it changes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from data.idp import Idp
from data.ports.workspaces import RemoteWorkspace
from data.store import audit, workspaces
from data.store.database import Store
from data.store.workspaces import BUILDING, Wanted, Workspace
from workflows.authority import current
from workflows.journal import HOUSE, Actor, entry, redraw, show
from workflows.telling.homes import concern
from workflows.telling.places import platform_channel

STUCK: Final = timedelta(minutes=20)  # a build that takes longer needs a person
TOLD: Final = {"running": "ready", "failed": "failed", "stopped": "stopped", "deleted": "deleted"}
SATISFIED: Final[Mapping[Wanted, str]] = {"running": "running", "stopped": "stopped", "deleted": "deleted"}


def changes(row: Workspace, remote: RemoteWorkspace, now: datetime, longest: int | None) -> dict[str, Any]:
    """The columns that differ from what the system says; empty when it says nothing new."""
    said: dict[str, Any] = {
        "remote": remote.id,
        "name": remote.name,
        "state": remote.state,
        "created_at": remote.created_at,
        "cost": remote.cost,
        "web_url": remote.web_url,
        "editor_url": remote.editor_url,
        **_times(row, remote, now, longest),
    }
    if remote.state != row.state:
        said |= {"error": remote.error} | ({"log": ""} if remote.state != "failed" else {})
        said |= {"alarms": 0} if remote.state not in BUILDING else {}
    if row.wanted and SATISFIED[row.wanted] == remote.state:
        said |= {"wanted": "", "tries": 0, "alarms": 0, "error": ""}
    return {name: value for name, value in said.items() if getattr(row, name) != value}


def _times(row: Workspace, remote: RemoteWorkspace, now: datetime, longest: int | None) -> dict[str, Any]:
    running = remote.state == "running"
    since = (row.running_since or now) if running else None
    ends = [remote.deadline] if remote.deadline else []
    ends += [since + timedelta(seconds=longest)] if since and longest else []
    due = min(ends) if running and ends else None
    building = (row.building_since if row.state in BUILDING else now) if remote.state in BUILDING else None
    due = row.due_at if row.extend_to and running else due
    return {"running_since": since, "due_at": due, "building_since": building}


def write(idp: Idp, row: Workspace, values: Mapping[str, Any], acts_as: str) -> Workspace | None:
    """Change a row and show it; None when somebody else was faster, or nothing changes."""
    if not values:
        return None
    with idp.database.store() as store:
        after = workspaces.move(store, row, **values)
        if after is None:
            return None
        tell(idp, store, after)
        if after.state != row.state and after.state in TOLD and after.request:
            _write_down(idp, store, after, acts_as)
        return after


def _write_down(idp: Idp, store: Store, row: Workspace, acts_as: str) -> None:
    detail = {"workspace": row.id, "name": row.name, "owner": row.owner, "error": row.error, "token": acts_as}
    audit.append(
        store, entry(f"workspace.{TOLD[row.state]}", HOUSE, row.target, row.request or 0, detail), idp.now()
    )


def tell(idp: Idp, store: Store, row: Workspace) -> None:
    """Everything that shows this workspace is drawn anew."""
    redraw(idp, store, "workspace", row.id)
    redraw(idp, store, "workspace-ending", row.id)
    if row.request:
        redraw(idp, store, "request", row.request)
    if row.owner:
        concern(idp, store, {row.owner})


def want(idp: Idp, store: Store, row: Workspace, wanted: Wanted, actor: Actor, **values: Any) -> Workspace | None:
    """Ask for a state; it is done at once, and again until it is seen. None when somebody else was faster."""
    now = idp.now()
    asked = {"wanted": wanted, "wanted_by": actor.person, "wanted_at": now, "tries": 0, "alarms": 0, "error": ""}
    after = workspaces.move(store, row, **asked | {"next_at": now} | values)
    if after is not None:
        hurry(idp, store, after)
        tell(idp, store, after)
    return after


def hurry(idp: Idp, store: Store, row: Workspace) -> None:
    """Look at it now."""
    idp.engine.enqueue(store, "watch-workspaces", f"workspaces:{row.id}:{row.revision}", "")


def alarm(idp: Idp, store: Store, row: Workspace, key: str, text: str) -> None:
    """Tell the platform team, once for this key."""
    place = platform_channel(idp, current(idp))
    show(idp, store, key=f"workspace:{row.id}:{key}", kind="alarm", subject=row.id, place=place, text=text)

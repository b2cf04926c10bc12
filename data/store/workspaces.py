"""Development workspaces: what we know of each, and what is wanted of it. The system in which it lives is right.

Every change is one conditional UPDATE by `revision`, so that of two looks at one moment one wins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import text
from sqlmodel import col, select, update

from data.store.database import Store
from data.store.tables.workspaces import WorkspaceRow

WorkspaceState = Literal[
    "queued",  # written down, not made yet
    "pending",
    "starting",
    "running",
    "stopping",
    "stopped",
    "failed",
    "deleting",
    "deleted",
]
Wanted = Literal["", "running", "stopped", "deleted"]
COUNTED: frozenset[str] = frozenset({"queued", "pending", "starting", "running"})  # what a quota counts
BUILDING: frozenset[str] = frozenset({"queued", "pending", "starting", "stopping", "deleting"})


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace.

    `owner` is the reference of a person ("" when the catalog knows nobody), `target` that of its service, `team`
    the service's owner when it was launched ("" each when not known). `wanted` is what somebody asked for and what
    has not been seen yet. `due_at` is when it stops by itself. `seconds` is the life that was asked for, 0 for
    none. `cost` in credits a day. `starts` counts builds that we asked for.
    """

    id: int
    system: str
    remote: str  # its id there, "" until it is made
    name: str
    template: str
    owner: str
    email: str
    target: str
    team: str
    state: WorkspaceState
    recorded_at: datetime
    request: int | None = None
    seconds: int = 0
    wanted: Wanted = ""
    wanted_by: str = ""
    wanted_at: datetime | None = None
    extend_to: datetime | None = None
    revision: int = 1
    created_at: datetime | None = None
    building_since: datetime | None = None
    running_since: datetime | None = None
    due_at: datetime | None = None
    warned_for: datetime | None = None  # the end about which the owner was told
    seen_at: datetime | None = None  # when its system last spoke of it
    cost: int | None = None
    web_url: str = ""
    editor_url: str = ""
    error: str = ""
    log: str = ""
    tries: int = 0  # of what is wanted
    alarms: int = 0
    starts: int = 0
    next_at: datetime | None = None  # when it is looked at next, besides the inventory


def add(store: Store, workspace: Workspace) -> Workspace | None:
    """Keep a new one (its id is ignored and given back); None when its owner has one of this name."""
    row = {field.name: getattr(workspace, field.name) for field in fields(workspace) if field.name != "id"}
    row["live_key"] = _live_key(workspace)
    statement = store.insert(WorkspaceRow).values(**row).on_conflict_do_nothing().returning(*_ALL)
    made = store.connection.execute(statement).first()
    return Workspace(*made) if made else None


def _live_key(workspace: Workspace) -> str | None:
    return f"{workspace.system}:{workspace.email}:{workspace.name.lower()}"


def load(store: Store, id: int) -> Workspace | None:
    """One workspace."""
    return _first(store, col(WorkspaceRow.id) == id)


def of_request(store: Store, request: int) -> Workspace | None:
    """What a request has made."""
    return _first(store, col(WorkspaceRow.request) == request)


def named(store: Store, system: str, email: str, name: str) -> Workspace | None:
    """The living workspace of a person with this name, in whatever case."""
    return _first(store, col(WorkspaceRow.live_key) == f"{system}:{email}:{name.lower()}")


def move(store: Store, workspace: Workspace, **values: Any) -> Workspace | None:
    """Change one if it is still as it was read; gives it as it is now, None when somebody else was faster."""
    if values.get("state") == "deleted":
        values |= {"live_key": None, "wanted": "", "extend_to": None, "next_at": None, "due_at": None}
    these = (col(WorkspaceRow.id) == workspace.id, col(WorkspaceRow.revision) == workspace.revision)
    statement = update(WorkspaceRow).where(*these).values(revision=workspace.revision + 1, **values)
    row = store.connection.execute(statement.returning(*_ALL)).first()
    return Workspace(*row) if row else None


def revive(store: Store, workspace: Workspace, next_at: datetime) -> Workspace | None:
    """Take its name again for another try; None when the owner has another one of this name now."""
    other = named(store, workspace.system, workspace.email, workspace.name)
    if other is not None and other.id != workspace.id:
        return None
    again = {"live_key": _live_key(workspace), "state": "queued", "error": "", "wanted": "", "next_at": next_at}
    return move(store, workspace, **again)


def claim(store: Store, now: datetime, until: datetime, limit: int = 500) -> list[Workspace]:
    """Those whose next look has come, for the caller alone until then."""
    due = select(_ID).where(col(WorkspaceRow.next_at) <= now).order_by(col(WorkspaceRow.next_at)).limit(limit)
    due = due.with_for_update(skip_locked=True)  # SQLite leaves it out, and has one writer
    statement = update(WorkspaceRow).where(_ID.in_(due)).values(next_at=until).returning(*_ALL)
    return [Workspace(*row) for row in store.connection.execute(statement).all()]


def later(store: Store, ids: Mapping[datetime, Sequence[int]]) -> None:
    """Look at these again at these times; nothing else has changed, so the revision stays."""
    for at, some in ids.items():
        store.connection.execute(update(WorkspaceRow).where(_ID.in_(some)).values(next_at=at))


def seen(store: Store, system: str, now: datetime) -> None:
    """A system has spoken of all that live in it."""
    living = (col(WorkspaceRow.live_key).is_not(None), col(WorkspaceRow.remote) != "")
    statement = update(WorkspaceRow).where(col(WorkspaceRow.system) == system, *living)
    store.connection.execute(statement.values(seen_at=now))


def owners(store: Store) -> list[str]:
    """The people who have living workspaces."""
    return _distinct(store, WorkspaceRow.owner)


def teams(store: Store) -> list[str]:
    """The teams for whose services there are living workspaces."""
    return _distinct(store, WorkspaceRow.team)


def _distinct(store: Store, column: str) -> list[str]:
    query = select(col(column)).where(col(WorkspaceRow.live_key).is_not(None)).distinct()
    return [row[0] for row in store.connection.execute(query).all() if row[0]]


def find(  # the filters of `/idp workspaces`
    store: Store, *, owner: str = "", target: str = "", team: str = "", system: str = "", limit: int = 5000
) -> list[Workspace]:
    """Living workspaces, newest first."""
    query = select(*_ALL).where(col(WorkspaceRow.live_key).is_not(None))
    wanted = ((WorkspaceRow.owner, owner), (WorkspaceRow.target, target), (WorkspaceRow.team, team))
    for column, value in (*wanted, (WorkspaceRow.system, system)):
        query = query.where(col(column) == value) if value else query
    rows = store.connection.execute(query.order_by(_ID.desc()).limit(limit)).all()
    return [Workspace(*row) for row in rows]


def counted(store: Store, owner: str) -> list[Workspace]:
    """Those of a person that a quota counts, oldest first."""
    where = (col(WorkspaceRow.owner) == owner, col(WorkspaceRow.state).in_(sorted(COUNTED)))
    staying = col(WorkspaceRow.wanted).not_in(["stopped", "deleted"])
    rows = store.connection.execute(select(*_ALL).where(*where, staying).order_by(_ID)).all()
    return [Workspace(*row) for row in rows]


def costs(store: Store, system: str, template: str) -> list[int]:
    """Credits a day of those of a template that run, as far as their system tells them."""
    these = (col(WorkspaceRow.system) == system, col(WorkspaceRow.template) == template)
    query = select(col(WorkspaceRow.cost)).where(*these, col(WorkspaceRow.state) == "running")
    return [cost for (cost,) in store.connection.execute(query).all() if cost is not None]


def any_due(store: Store, now: datetime) -> bool:
    """Whether a look has come."""
    query = select(_ID).where(col(WorkspaceRow.next_at) <= now).limit(1)
    return store.connection.execute(query).first() is not None


def ending(store: Store, before: datetime, limit: int = 200) -> list[Workspace]:
    """Running ones that stop by themselves before, and about whose end nobody was told."""
    where = (col(WorkspaceRow.state) == "running", col(WorkspaceRow.due_at) <= before)
    untold = col(WorkspaceRow.warned_for).is_(None) | (col(WorkspaceRow.warned_for) != col(WorkspaceRow.due_at))
    rows = store.connection.execute(select(*_ALL).where(*where, untold).limit(limit)).all()
    return [Workspace(*row) for row in rows]


def one_at_a_time(store: Store, owner: str) -> None:
    """Until the end of this transaction nobody else counts this person's workspaces (SQLite has one writer)."""
    if store.kind == "postgresql":
        store.connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"quota:{owner}"})


def _first(store: Store, condition: Any) -> Workspace | None:
    row = store.connection.execute(select(*_ALL).where(condition)).first()
    return Workspace(*row) if row else None


_ALL = [getattr(WorkspaceRow, field.name) for field in fields(Workspace)]
_ID = col(getattr(WorkspaceRow, "id"))  # noqa: B009  # untyped on purpose: SQLModel types it as a value that may be None

"""Looking at workspaces: builds that go on, and what people want of them. One look for all that are due.

Waiting is a time in the row: however many builds go on, nobody waits for them in a thread. A look asks the system
once, writes down what it says, and turns what is settled into what is wanted.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from data.errors import UserError
from data.idp import Idp
from data.ports.workspaces import SETTLED, RemoteWorkspace, Workspaces
from data.store import requests, workspaces
from data.store.workspaces import BUILDING, Workspace
from workflows.journal import HOUSE, show
from workflows.workspaces.limits import longest
from workflows.workspaces.making import made_by_us
from workflows.workspaces.seeing import STUCK, alarm, changes, tell, want, write
from workflows.workspaces.systems import called, system_of
from workflows.workspaces.turning import LOST, away, turn

log = logging.getLogger(__name__)

CLAIM: Final = timedelta(seconds=30)  # longer than a look may take
ONE_BY_ONE: Final = 10  # more are asked for in one call
LINES: Final = 12  # of a failed build
NOTICE: Final = timedelta(minutes=30)  # before it stops by itself
SLOT: Final = 2  # seconds; what is due is enqueued once in each

Seen = Mapping[int, RemoteWorkspace | None]  # by row; a row that is missing could not be asked for


def tick(idp: Idp) -> None:
    """Every few seconds in every process that works: is a look due, does one end soon?"""
    if not idp.workspaces:
        return
    now = idp.now()
    with idp.database.reading() as store:
        due, ending = workspaces.any_due(store, now), workspaces.ending(store, now + NOTICE)
    near = [row for row in ending if row.due_at and row.due_at - now <= _notice(row)]
    if due or near:
        with idp.database.store() as store:
            for row in near:
                _warn(idp, store, row)
            if due:
                name = f"workspaces:{int(now.timestamp()) // SLOT}"
                idp.engine.enqueue(store, "watch-workspaces", name, "")


def _notice(row: Workspace) -> timedelta:
    """Half an hour, or a third of a life that is short."""
    start = row.running_since or row.recorded_at
    return min(NOTICE, ((row.due_at or start) - start) / 3)


def _warn(idp: Idp, store: Any, row: Workspace) -> None:
    """Once for each end: an extension makes another one."""
    after = workspaces.move(store, row, warned_for=row.due_at)
    if after and row.due_at and row.owner:
        key = f"workspace:{row.id}:ending:{int(row.due_at.timestamp())}"
        show(idp, store, key=key, kind="workspace-ending", subject=row.id, place=row.owner)


def watch(idp: Idp, slot: str = "") -> None:  # noqa: ARG001  # the slot only names the work
    """The work "watch-workspaces": look at everything that is due."""
    now = idp.now()
    with idp.database.store() as store:
        due = workspaces.claim(store, now, now + CLAIM)
    for key in sorted({row.system for row in due}):
        _look(idp, key, [row for row in due if row.system == key])


def _look(idp: Idp, key: str, rows: list[Workspace]) -> None:
    later: dict[datetime, list[int]] = {}
    try:
        system = system_of(idp, key)
        seen = _seen(system, rows)
    except UserError as error:
        log.warning("workspaces: %s", error.message)
        away(idp, rows, error)
        return
    for row in rows:
        if row.id in seen:
            at = look_at(idp, system, row, seen[row.id])
            if at is not None:
                later.setdefault(at, []).append(row.id)
    with idp.database.store() as store:
        workspaces.later(store, later)


def _seen(system: Workspaces, rows: Sequence[Workspace]) -> Seen:
    """What the system says of these rows: asked one by one when they are few."""
    known, lost = [row for row in rows if row.remote], [row for row in rows if not row.remote]
    if len(rows) <= ONE_BY_ONE:
        seen: dict[int, RemoteWorkspace | None] = {row.id: system.get(row.remote) for row in known}
        return seen | {row.id: system.find(row.email, row.name) for row in lost}
    there = system.list()
    by_id = {one.id: one for one in there}
    by_name = {(one.owner, one.name.lower()): one for one in there}
    found = {row.id: by_id.get(row.remote) for row in known}
    return found | {row.id: by_name.get((row.email, row.name.lower())) for row in lost}


def look_at(idp: Idp, system: Workspaces, row: Workspace, remote: RemoteWorkspace | None) -> datetime | None:
    """Write down what the system says of a workspace, and do what is wanted of it; when to look again.

    None: nothing is to be looked at, or the row says when.
    """
    now = idp.now()
    if remote is None:
        return _missing(idp, system, row, now)
    if not row.remote and not made_by_us(remote, row):
        return _missing(idp, system, row, now)
    values = changes(row, remote, now, longest(idp))
    if values.get("state") == "failed":
        values |= {"log": _log(system, remote.id)}
    after = write(idp, row, values | {"next_at": None, "seen_at": now}, system.acts_as) if values else row
    if after is None:
        return now  # somebody was faster: look again
    if after.state in SETTLED and (after.wanted or after.extend_to):
        return turn(idp, system, after, now)
    return _watched(idp, after, now)


def _log(system: Workspaces, id: str) -> str:
    try:
        return "\n".join(line[:300] for line in system.log(id, LINES))
    except UserError:
        return ""  # it is only what people read about a failure that they are told anyway


def _missing(idp: Idp, system: Workspaces, row: Workspace, now: datetime) -> datetime | None:
    """It is gone; or it was never made, which is believed after a while, when nobody works on it."""
    if row.remote or row.wanted == "deleted":
        write(idp, row, {"state": "deleted"}, system.acts_as)
        return None
    with idp.database.reading() as store:
        request = requests.load(store, row.request or 0)
    at_work = request is not None and request.state in {"approved", "running"}
    if at_work or now - row.recorded_at < LOST:
        return now + timedelta(seconds=60)
    write(idp, row, {"state": "deleted", "error": row.error or "It was never made."}, system.acts_as)
    return None


def _watched(idp: Idp, row: Workspace, now: datetime) -> datetime | None:
    """When a build is looked at again: soon at first."""
    if row.state not in BUILDING:
        _overstayed(idp, row, now)
        return None
    age = now - (row.building_since or now)
    if age >= STUCK and row.alarms == 0:
        row = _stuck(idp, row) or row
    return now + timedelta(seconds=_pace(age.total_seconds()))


def _pace(age: float) -> float:
    """Seconds until the next look at a build of this age: what is quick is seen quickly."""
    if age >= STUCK.total_seconds():
        return 30
    return 5 if age > 120 else min(3.0, max(0.5, age))


def _stuck(idp: Idp, row: Workspace) -> Workspace | None:
    minutes = int(STUCK.total_seconds() // 60)
    where = called(idp, row.system)
    text = f"The workspace {row.name} of {row.email} is {row.state} for {minutes} minutes in {where}."
    with idp.database.store() as store:
        after = workspaces.move(store, row, alarms=1)
        if after:
            tell(idp, store, after)
            alarm(idp, store, row, f"stuck:{row.starts}:{row.state}", f"{text} Look at its build.")
        return after


def _overstayed(idp: Idp, row: Workspace, now: datetime) -> None:
    """Running beyond its end, because its system does not stop it: the house does."""
    if row.state == "running" and row.due_at and row.due_at <= now and not row.wanted:
        with idp.database.store() as store:
            want(idp, store, row, "stopped", HOUSE)

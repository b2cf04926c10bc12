"""Turning a settled workspace into what is wanted of it, with bounds on how often and how long."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from data.errors import Conflict, NotFound, Unavailable, UserError
from data.idp import Idp
from data.ports.workspaces import Workspaces
from data.store import workspaces
from data.store.workspaces import Workspace
from workflows.journal import SYSTEM
from workflows.workspaces.seeing import alarm, write
from workflows.workspaces.systems import called

LOST: Final = timedelta(minutes=15)  # after so long without success people are told
AGAIN: Final = timedelta(seconds=15)  # after the system did not answer
TRIES: Final = 5  # of what a person wants, before they are told that it does not work


def turn(idp: Idp, system: Workspaces, row: Workspace, now: datetime) -> datetime | None:
    """Turn a settled workspace into what is wanted."""
    if _hopeless(row):
        _give_up(idp, system, row)
        return None
    try:
        for act in _acts(row):
            _act(system, row, act)
    except Conflict:
        return now + timedelta(seconds=5)  # a build began meanwhile: true, and over soon
    except Unavailable as error:
        away(idp, [row], error)
        return None
    except NotFound:
        return now
    except UserError as error:
        write(idp, row, {"wanted": "", "extend_to": None, "error": f"{error.message} {error.hint}".strip()}, "")
        return None
    _done(idp, system, row, now)
    return None


def _acts(row: Workspace) -> Iterator[str]:
    if row.extend_to and row.state == "running":
        yield "extend"
    if row.wanted == "running" and row.state != "running":
        yield "start"
    if row.wanted == "stopped" and row.state != "stopped":
        yield "stop"
    if row.wanted == "deleted":
        yield "delete"


def _act(system: Workspaces, row: Workspace, act: str) -> None:
    if act == "extend" and row.extend_to:
        system.extend(row.remote, row.extend_to)
    elif act in ("start", "stop", "delete"):
        system.turn(row.remote, act)  # type: ignore[arg-type]  # narrowed by the line above


def _done(idp: Idp, system: Workspaces, row: Workspace, now: datetime) -> None:
    """It was asked of the system; whether it happened is seen at the next look."""
    values: dict[str, Any] = {"extend_to": None, "tries": row.tries + 1, "next_at": now + _wait(row)}
    if row.extend_to:
        values |= {"due_at": row.extend_to, "tries": row.tries}
    if row.wanted == "running":
        values |= {"starts": row.starts + 1}
    after = write(idp, row, values, system.acts_as)
    if after and after.wanted == "deleted":
        _late(idp, after, now)


def _wait(row: Workspace) -> timedelta:
    return timedelta(seconds=min(300, 2 * 2 ** min(row.tries, 8)))


def _hopeless(row: Workspace) -> bool:
    """A start that failed is not tried again by itself; what people want otherwise has its tries.

    The house goes on, and so does deleting: what nobody deletes costs money.
    """
    if row.wanted == "running":
        return row.tries > 0 and row.state == "failed"
    return row.wanted == "stopped" and row.wanted_by != SYSTEM and row.tries >= TRIES


def _give_up(idp: Idp, system: Workspaces, row: Workspace) -> None:
    said = row.error or (
        "The build failed." if row.wanted == "running" else "It does not stop; ask the platform team."
    )
    write(idp, row, {"wanted": "", "tries": 0, "error": said}, system.acts_as)


def _late(idp: Idp, row: Workspace, now: datetime) -> None:
    """A workspace that cannot be deleted is told to the platform team, once."""
    if row.wanted_at and now - row.wanted_at >= LOST and row.alarms < 2:
        text = (
            f"The workspace {row.name} of {row.email} could not be deleted for 15 minutes: "
            f"{row.error or 'its build fails'}. It is tried on; look at it in {called(idp, row.system)}."
        )
        with idp.database.store() as store:
            if workspaces.move(store, row, alarms=2):
                alarm(idp, store, row, "undeletable", text)


def away(idp: Idp, rows: list[Workspace], error: UserError) -> None:
    """Nothing is known now: what is shown stays as it was.

    People who want something hear why they wait, and after a quarter of an hour that they wait no more.
    """
    now = idp.now()
    with idp.database.store() as store:
        workspaces.later(store, {now + AGAIN: [row.id for row in rows]})
    for row in rows:
        over = bool(row.wanted_at and now - row.wanted_at >= LOST)
        if over and row.wanted in ("running", "stopped") and row.wanted_by != SYSTEM:
            write(
                idp,
                row,
                {"wanted": "", "tries": 0, "error": f"{error.message} Nothing was done.", "next_at": None},
                "",
            )
        elif row.wanted and row.error != error.message:
            write(idp, row, {"error": error.message, "next_at": now + AGAIN}, "")

"""All workspaces of all systems, every minute: those launched elsewhere too, and those of people who left."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from data.catalog.snapshot import Snapshot
from data.errors import UserError
from data.idp import Idp
from data.ports.workspaces import RemoteWorkspace, Workspaces
from data.store import audit, workspaces
from data.store.workspaces import Workspace
from workflows.authority import current, known_person, owner_ref
from workflows.journal import HOUSE, entry, show
from workflows.telling.places import channel_of, platform_channel
from workflows.workspaces.limits import longest
from workflows.workspaces.making import made_by_us
from workflows.workspaces.seeing import changes, want
from workflows.workspaces.services import annotated
from workflows.workspaces.watching import look_at

log = logging.getLogger(__name__)

ADOPTED: Final = 50  # rows in one transaction: others want to write, too


def take_stock(idp: Idp, slot: str = "") -> None:  # noqa: ARG001  # the slot only names the work
    """The work "take-stock"."""
    for system in idp.workspaces:
        try:
            _compare(idp, system)
        except UserError as error:  # the others are looked at all the same
            log.warning("%s: %s", system.name, error.message)
            _refused(idp, system, error)
    if idp.workspaces:
        _leavers(idp)


def _compare(idp: Idp, system: Workspaces) -> None:
    began = idp.now()
    with idp.database.reading() as store:
        rows = workspaces.find(store, system=system.key, limit=100_000)
    there = system.list()
    known = _matched(rows, there)
    stranger = [one for one in there if one.id not in known]
    apply(idp, system, rows, {row.id: one for one in there if (row := known.get(one.id))}, began)
    _adopt(idp, system, stranger)


def _matched(rows: Iterable[Workspace], there: Sequence[RemoteWorkspace]) -> Mapping[str, Workspace]:
    """The row of each workspace, by its id; one that is to be made is known by its name."""
    by_id = {row.remote: row for row in rows if row.remote}
    lost = {(row.email, row.name.lower()): row for row in rows if not row.remote}
    found = {}
    for one in there:
        row = by_id.get(one.id) or lost.get((one.owner, one.name.lower()))
        if row and (row.remote or made_by_us(one, row)):
            found[one.id] = row
    return found


def apply(
    idp: Idp, system: Workspaces, rows: Sequence[Workspace], there: Mapping[int, RemoteWorkspace], began: datetime
) -> None:
    """Write down what has changed; what was there before the list was asked for, and is not in it, is gone."""
    now, most = idp.now(), longest(idp)
    for row in rows:
        one = there.get(row.id)
        gone = one is None and row.remote and (row.seen_at is None or row.seen_at < began)
        if gone or (one is not None and (changes(row, one, now, most) or _overdue(row, now))):
            look_at(idp, system, row, one)
    with idp.database.store() as store:
        workspaces.seen(store, system.key, now)


def _overdue(row: Workspace, now: datetime) -> bool:
    return row.state == "running" and row.due_at is not None and row.due_at <= now


def _adopt(idp: Idp, system: Workspaces, strangers: Sequence[RemoteWorkspace]) -> None:
    """Those that nobody launched here get a row as well: they are shown, and they count."""
    if not strangers:
        return
    snapshot, now = idp.catalog.snapshot, idp.now()
    people, most = _people(snapshot, strangers), longest(idp)
    for start in range(0, len(strangers), ADOPTED):
        with idp.database.store() as store:
            for one in strangers[start : start + ADOPTED]:
                row = _row(system, one, people, snapshot, now)
                workspaces.add(store, replace(row, **changes(row, one, now, most)))


def _row(
    system: Workspaces, one: RemoteWorkspace, people: Mapping[str, str], snapshot: Snapshot, now: datetime
) -> Workspace:
    match = snapshot.resolve(one.repository) if one.repository else None
    entity = match.entity if match and match.how == "repository" else None
    return Workspace(
        id=0,
        system=system.key,
        remote=one.id,
        name=one.name,
        template=one.template,
        owner=people.get(one.owner, ""),
        email=one.owner,
        target=entity.ref if entity else "",
        team=owner_ref(snapshot, entity) if entity else "",
        state="pending",
        recorded_at=now,
        seen_at=now,
    )


def _people(snapshot: Snapshot, there: Sequence[RemoteWorkspace]) -> Mapping[str, str]:
    """The person behind each owner, by e-mail address or, where a system tells none, by the login on GitHub."""
    owners = {one.owner for one in there}
    found = {}
    for address in (owner for owner in owners if "@" in owner):
        match = snapshot.resolve(address, ("User",))
        if match.how == "email" and match.entity is not None:
            found[address] = match.entity.ref
    if len(found) < len(owners):
        for user in (one for one in snapshot if one.kind.lower() == "user"):
            login = annotated(user, "github.com/user-login")
            if login in owners:
                found[login] = user.ref
    return found


def _leavers(idp: Idp) -> None:
    """The workspaces of people whom the catalog no longer has are stopped, and listed for the service's team."""
    snapshot = current(idp)
    left: dict[tuple[str, str], list[Workspace]] = {}
    with idp.database.reading() as store:
        for owner in workspaces.owners(store) if len(snapshot) else ():  # an empty catalog knows nobody
            if not known_person(snapshot, owner):
                for row in workspaces.find(store, owner=owner):
                    left.setdefault((owner, row.team), []).append(row)
        teams = workspaces.teams(store) if len(snapshot) else []
    for (person, team), theirs in left.items():
        _stop(idp, snapshot, person, team, theirs)
    for team in (one for one in teams if snapshot.get(one) is None):
        _without_team(idp, snapshot, team)


def _without_team(idp: Idp, snapshot: Snapshot, team: str) -> None:
    """The platform team hears once that a team is gone whose workspaces are not."""
    text = f"{team} is not in the catalog any more. /idp workspaces --team {team} lists the workspaces it leaves."
    with idp.database.store() as store:
        key, place = f"workspaces:team:{team}", platform_channel(idp, snapshot)
        show(idp, store, key=key, kind="text", subject=0, place=place, text=text)


def _stop(idp: Idp, snapshot: Snapshot, person: str, team: str, rows: list[Workspace]) -> None:
    with idp.database.store() as store:
        for row in rows:
            if row.state in workspaces.COUNTED and not row.wanted:
                want(idp, store, row, "stopped", HOUSE)
                detail = {"workspace": row.id, "name": row.name, "why": "the owner is not in the catalog any more"}
                audit.append(
                    store, entry("workspace.stopping", HOUSE, row.target, row.request or 0, detail), idp.now()
                )
        place = channel_of(snapshot.get(team)) or platform_channel(idp, snapshot)
        names = ", ".join(row.name for row in rows)
        who, words = person.rpartition("/")[2], f"--team {team}" if team else "all"
        text = (
            f"{who} is not in the directory any more. Stopped, and kept until somebody deletes them: {names}. "
            f"/idp workspaces {words} shows them."
        )
        key = f"workspaces:left:{person}:{team}"
        show(idp, store, key=key, kind="text", subject=rows[0].id, place=place, text=text)


def _refused(idp: Idp, system: Workspaces, error: UserError) -> None:
    """A token that is refused needs a person: told once a day."""
    if "token" in error.message:
        day, place = f"{idp.now():%Y-%m-%d}", platform_channel(idp, idp.catalog.snapshot)
        text = f"{system.name}: {error.message} {error.hint}".strip()
        with idp.database.store() as store:
            key = f"workspaces:{system.key}:token:{day}"
            show(idp, store, key=key, kind="alarm", subject=0, place=place, text=text)

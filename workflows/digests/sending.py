"""Digests that somebody orders, under the same key as those of the clock: nothing is told twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.errors import Conflict, Invalid, NotFound
from data.idp import Idp
from data.store import digests, messages
from data.store.digests import Digest, Setting
from workflows.digests.calendar import Rhythm, moment, monday_of, week_of, week_there
from workflows.digests.planning import keep, requeue
from workflows.digests.teams import rhythm_of, teams_of, wants_none

What = Literal["planned", "again", "known", "muted"]


@dataclass(frozen=True, slots=True)
class Ordered:
    """What became of an order for one team: planned now, tried again, known already (its state), or muted."""

    team: str
    week: str
    what: What
    state: str = ""
    error: str = ""


def send(idp: Idp, week: str = "", team: str = "", *, again: bool = False) -> list[Ordered]:
    """Have the digest of a week (default: the present one) made and posted, for one team or for all.

    What was posted, or had nothing to say, stays as it is. With `again` one that could not be posted is tried
    once more. Muted teams are left out unless they are named. Raises Invalid, NotFound or Conflict.
    """
    if not idp.digests.on:
        raise Conflict("Digests are switched off.", "Add `digests: {}` to idp.yaml.")
    now, snapshot = idp.now(), idp.catalog.snapshot
    if week and monday_of(week) is None:
        raise Invalid(f"{week} is no ISO week.", "Such as: 2026-W47")
    wanted = list(_wanted(snapshot, team))
    with idp.database.reading() as store:
        settings = digests.settings(store)
    return [
        _order(idp, each, settings.get(each.ref, Setting(each.ref)), _Order(week, bool(team), again, now))
        for each in wanted
    ]


@dataclass(frozen=True, slots=True)
class _Order:
    week: str
    named: bool
    again: bool
    now: datetime


def _wanted(snapshot: Snapshot, team: str) -> Iterator[Entity]:
    if not team:
        yield from teams_of(snapshot)
        return
    match = snapshot.resolve(team, ("Group",))
    if match.entity is None or match.entity.kind != "Group":
        raise NotFound(f"There is no team {team}.")
    yield match.entity


def _order(idp: Idp, team: Entity, setting: Setting, order: _Order) -> Ordered:
    rhythm = rhythm_of(idp.digests, team, setting)
    week = _week(rhythm, order)
    muted = (rhythm.muted_until and order.now < rhythm.muted_until) or wants_none(team, setting)
    if muted and not order.named:
        return Ordered(team.ref, week, "muted")
    if keep(idp, [(team.ref, week, min(moment(rhythm, week), order.now))], order.now):
        return Ordered(team.ref, week, "planned")
    with idp.database.reading() as store:
        known = digests.of(store, team.ref, week)
    if known and order.again and known.state in {"failed", "unreachable"}:
        _again(idp, known)
        return Ordered(team.ref, week, "again", known.state, known.error)
    return Ordered(team.ref, week, "known", known.state if known else "", known.error if known else "")


def _week(rhythm: Rhythm, order: _Order) -> str:
    """The week that was said, which must not lie ahead; else the one that the team's calendar shows."""
    here = week_there(rhythm, order.now)
    first = monday_of(order.week) if order.week else None
    if first is None:
        return here
    if week_of(first) > here:
        raise Invalid(f"{week_of(first)} has not begun.")
    return week_of(first)


def _again(idp: Idp, known: Digest) -> None:
    now = idp.now()
    with idp.database.store() as store:
        if digests.move(store, known.id, {"failed", "unreachable"}, now, state="due", error="", reported=False):
            messages.forget_unposted(store, "digest", known.id)
            requeue(idp, store, known.id, now)

"""Looking at the calendars: whose digest is due, which were left behind, which could not be told."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.store import digests
from data.store.database import Store
from data.store.digests import Digest, Setting
from workflows.digests.calendar import moment, month_there, note_moment, week_due
from workflows.digests.teams import rhythm_of, teams_of, usual_rhythm, wants_none
from workflows.journal import name_of, show
from workflows.telling.places import platform_channel

SPACING: Final = 2.1  # seconds between two digests, of two messages each: Slack takes about one a second
LEADERSHIP: Final = "leadership"  # the audience of the monthly note
STUCK: Final = timedelta(minutes=30)  # after which a digest that nobody makes is given to the engine again
AT_ONCE: Final = 200  # digests in one transaction
NOTE_LATE: Final = timedelta(days=5)
NAMED: Final = 40  # teams in one report

Planned = tuple[str, str, datetime]  # audience, period, when it was due


def plan(idp: Idp, slot: str) -> None:  # noqa: ARG001  # the slot only names the work
    """The work "digests", every minute. Doing it twice, or in two replicas, plans nothing twice."""
    if not idp.digests.on:
        return
    now, snapshot = idp.now(), idp.catalog.snapshot
    with idp.database.reading() as store:
        settings = digests.settings(store)
    if idp.digests.automatic:
        keep(idp, [*_due_teams(idp, snapshot, settings, now), *_due_note(idp, now)], now)
    _take_up(idp, now)
    _report(idp, snapshot, now)


def _due_teams(idp: Idp, snapshot: Snapshot, settings: Mapping[str, Setting], now: datetime) -> Iterator[Planned]:
    for team in teams_of(snapshot):
        setting = settings.get(team.ref, Setting(team.ref))
        rhythm = rhythm_of(idp.digests, team, setting)
        week = week_due(rhythm, now)
        if week and not wants_none(team, setting):
            yield team.ref, week, moment(rhythm, week)


def _due_note(idp: Idp, now: datetime) -> Iterator[Planned]:
    if not idp.digests.leadership:
        return
    rhythm = usual_rhythm(idp.digests)
    month = month_there(rhythm.zone, now)
    at = note_moment(rhythm, month)
    if at <= now < at + NOTE_LATE:
        yield LEADERSHIP, month, at


def keep(idp: Idp, wanted: Sequence[Planned], now: datetime) -> list[int]:
    """Rows and work for those that nobody has planned yet, spread over time; gives the ids of the new ones."""
    with idp.database.reading() as store:
        known = digests.planned(store, {period for _, period, _ in wanted}) if wanted else set()
        waiting = digests.count_open(store) if wanted else 0
    fresh = [one for one in wanted if one[:2] not in known]
    made: list[int] = []
    for start in range(0, len(fresh), AT_ONCE):
        with idp.database.store() as store:
            for audience, period, at in fresh[start : start + AT_ONCE]:
                id = digests.plan(store, audience, period, at, now)
                if id is not None:
                    _enqueue(idp, store, id, "", (waiting + len(made)) * SPACING)
                    made.append(id)
    return made


def _enqueue(idp: Idp, store: Store, id: int, turn: str, delay: float = 0) -> None:
    idp.engine.enqueue(store, "digest", f"digest:{id}{turn}", id, delay=delay)


def _take_up(idp: Idp, now: datetime) -> None:
    """Digests whose work was lost: rows are right, and what has no work gets it."""
    with idp.database.reading() as store:
        stuck = digests.find(store, {"due"}, before=now - STUCK, limit=AT_ONCE)
    states = idp.engine.states([f"digest:{one.id}" for one in stuck])
    lost = [one for one in stuck if states.get(f"digest:{one.id}") not in {"waiting", "running"}]
    if lost:
        with idp.database.store() as store:
            for one in lost:
                requeue(idp, store, one.id, now)


def requeue(idp: Idp, store: Store, id: int, now: datetime) -> None:
    """Have a digest made by new work: that under its first name has ended or is lost."""
    _enqueue(idp, store, id, f":again:{int(now.timestamp())}")


def _report(idp: Idp, snapshot: Snapshot, now: datetime) -> None:
    """One message for the platform team about everything that could not be told; at most one in an hour."""
    with idp.database.reading() as store:
        troubled = digests.unreported(store)
    place = platform_channel(idp, snapshot)
    if not troubled or not place:
        return
    hour = f"{now:%Y-%m-%dT%H}"
    with idp.database.store() as store:
        again = digests.unreported(store)
        key = f"digests:trouble:{hour}"
        if again and show(idp, store, key=key, kind="text", subject=0, place=place, text=_trouble(idp, again)):
            digests.report(store, [one.id for one in again])


def _trouble(idp: Idp, troubled: Sequence[Digest]) -> str:
    """Which teams did not get their digest, and why; a list for those who can help, nobody's ranking."""
    nowhere = [name_of(idp, one.audience) for one in troubled if one.state == "unreachable"]
    said = []
    if nowhere:
        said.append(
            f"No channel and no lead is known for {_some(nowhere)}, so their weekly digest was not posted. "
            "The annotation slack.com/channel or idp/lead of the group, or digests.channels in idp.yaml, helps."
        )
    failed = [one for one in troubled if one.state == "failed"]
    if failed:
        reasons = [f"{name_of(idp, one.audience)} in {one.place or 'no place'} ({one.error})" for one in failed]
        said.append(f"Not posted: {_some(reasons)}. Nothing else was held up by it.")
    return " ".join(said)


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")

"""What is said of owners, said before anybody asks: in the background, for as long as it is true."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

from commands.parts.ask import Ask, Asker
from commands.parts.board import Board, Told
from commands.parts.board_now import board_of
from commands.parts.owners.owned import said_of_owner
from commands.parts.typed.moments import zone_of
from data.catalog.lazily import Rest, giving_way
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.ports.oncall import FOREVER, Rotas
from data.walltime import DAY, moment_of, wall_of

MOST: Final = 10_000  # owners; so many sentences are some megabytes
STEP: Final = 5  # owners between two moments for a rest, or a hundred times as many shifts
AWAKE: Final = timedelta(minutes=1)  # when nobody has asked for so long, nothing is said and no pager is bothered


def say_ahead(idp: Idp, rest: Rest | None = None) -> None:
    """Say of all owners what the next questions need, when the catalog, a schedule or a shift has changed.

    What is said depends on the entities, on the schedules and, of the time, only on what `steady_until` looks at.
    """
    snapshot = idp.catalog.snapshot
    if not _due(snapshot, idp.now()):
        return
    rest = rest or giving_way()
    ask = _asked_by_nobody(idp, snapshot)
    board = board_of(ask)
    told, steady = _told(ask, rest), steady_until(board.rotas, board.since, rest)
    newest = board_of(_asked_by_nobody(idp, snapshot))
    if newest.rotas is board.rotas and board.since <= newest.since < steady:  # nothing has changed meanwhile
        newest.told, newest.steady = told, steady


def _due(snapshot: Snapshot, now: datetime) -> bool:
    """Nothing was said of these entities yet, or what was is over and somebody asks."""
    last = snapshot.recall(Board)
    if not isinstance(last, Board):
        return len(snapshot) > 0
    return (last.steady is None or now >= last.steady) and now - last.since < AWAKE


def _asked_by_nobody(idp: Idp, snapshot: Snapshot) -> Ask:
    return Ask("who-owns", (), {}, Asker(""), idp, snapshot, idp.now())


def _told(ask: Ask, rest: Rest) -> dict[str, Told]:
    told: dict[str, Told] = {}
    for number, ref in enumerate(ask.snapshot.owners(rest)[:MOST]):
        told[ref] = said_of_owner(ask, ref)
        if not number % STEP:
            rest()
    return told


def steady_until(rotas: Rotas, now: datetime, rest: Rest) -> datetime:
    """The next moment at which something else is to be said of these schedules.

    A shift begins or ends, or a day, since "18:00" is said of today and "Mon 09:00" of other days.
    """
    zones = {zone_of(schedule.timezone) for schedule in rotas.schedules}
    days = [moment_of(datetime.combine(wall_of(now, zone).date() + DAY, time()), zone) for zone in zones]
    return min([*days, *_turns(rotas, now, rest)], default=FOREVER)


def _turns(rotas: Rotas, now: datetime, rest: Rest) -> Iterator[datetime]:
    """Beginnings and ends of shifts that are to come."""
    for number, shift in enumerate(rotas.shifts):
        if shift.end > now:
            yield shift.start if shift.start > now else shift.end
        if not number % (100 * STEP):
            rest()

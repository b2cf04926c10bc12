"""Looking at the clock: revocations whose timer was lost, ends that are near, clocks that were set back.

The delayed work of the engine is the first belt; this look at the rows, every few seconds, is the second.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from data.idp import Idp
from data.store import grants
from data.store.database import Store
from data.store.grants import Grant
from workflows.access.extending import end_now
from workflows.journal import show

WARNING = timedelta(minutes=10)  # before the end
GRACE = timedelta(seconds=20)  # for the engine's own timers
SLEWED = timedelta(seconds=5)  # by which a clock is corrected without having been wrong
SLOT = 30  # seconds; what is found again and again is enqueued once in each


@dataclass
class Deadlines:
    """The end of each grant by this process's monotonic clock, so that a clock set back lengthens nothing.

    `written` is the newest time that the database knew when this process began: the clock was there already, so
    what it has been set back since is not given to anybody a second time.
    """

    written: datetime | None = None
    _ends: dict[int, tuple[datetime, float]] = field(default_factory=dict)

    def passed(self, live: list[Grant], now: datetime) -> list[Grant]:
        """Grants whose time is over although the wall clock says otherwise."""
        here, reached = time.monotonic(), self._reached(now)
        known = {grant.id: self._ends.get(grant.id) for grant in live}
        self._ends = {
            grant.id: end
            if (end := known[grant.id]) and end[0] == grant.due_at
            else _end_of(grant, now, reached, here)
            for grant in live
        }
        return [grant for grant in live if self._ends[grant.id][1] <= here and now < grant.due_at]

    def _reached(self, now: datetime) -> datetime:
        """How far time is for grants that were there before this process; later ones are of its own clock."""
        written, self.written = self.written, None
        return written if written and now + SLEWED < written else now


def _end_of(grant: Grant, now: datetime, reached: datetime, here: float) -> tuple[datetime, float]:
    """A grant that will only be given, as it seems: the clock was set back while nobody watched.

    Nobody knows how long the access has been there, so it ends now.
    """
    set_back = grant.given_at is not None and now + SLEWED < grant.given_at
    return grant.due_at, here if set_back else here + (grant.due_at - reached).total_seconds()


def due(idp: Idp, deadlines: Deadlines) -> None:
    """Every few seconds in every process that works."""
    now = idp.now()
    with idp.database.reading() as store:
        overdue = [g for g in grants.due(store, now) if now - g.due_at > GRACE]
        live = grants.live(store)
        near = [g for g in live if not g.warned_at and g.given_at and now < g.due_at <= now + _notice(g)]
    late = deadlines.passed(live, now)
    if overdue or late or near:
        with idp.database.store() as store:
            for grant in overdue:
                slot = int(now.timestamp()) // SLOT
                idp.engine.enqueue(store, "revoke", f"revoke:{grant.id}:again:{slot}", grant.id)
            for grant in near:
                _warn(idp, store, grant, now)
            for grant in late:
                end_now(idp, store, grant, "expired")


def _notice(grant: Grant) -> timedelta:
    return min(WARNING, timedelta(seconds=grant.seconds / 3))


def _warn(idp: Idp, store: Store, grant: Grant, now: datetime) -> None:
    if grants.move(store, grant.id, states={"active"}, due_was=grant.due_at, warned_at=now):
        key = f"grant:{grant.id}:ending:{grant.extensions}"
        show(idp, store, key=key, kind="grant", subject=grant.id, place=grant.subject)

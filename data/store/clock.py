"""The time that all replicas share: the database's, counted on in between by a clock that nobody can set."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import func
from sqlmodel import select

from data.store.database import Database

log = logging.getLogger("idp")

TOLERATED: Final = timedelta(seconds=5)  # between this machine's clock and the database's, before it is told


def of_this_machine() -> datetime:
    """What this machine takes for the time, in UTC."""
    return datetime.now(UTC)


class DatabaseClock:
    """Calling it gives aware UTC. Until the first `adjust` it is this machine's time. Safe for many threads."""

    def __init__(self, database: Database, local: Callable[[], datetime] = of_this_machine) -> None:
        self._database = database
        self._local = local
        self._anchor: tuple[datetime, float] | None = None
        self._off = False

    def __call__(self) -> datetime:
        anchor = self._anchor
        if anchor is None:
            return self._local()
        return anchor[0] + timedelta(seconds=_ticking() - anchor[1])

    def adjust(self) -> timedelta:
        """Ask the database; gives how far this machine's clock is ahead of it. Raises Unavailable.

        Every few seconds is enough: in between only the machine's quartz counts, not its calendar.
        """
        with self._database.reading() as store:
            before = _ticking()
            there: datetime = store.connection.execute(select(func.clock_timestamp())).scalar_one()
            after = _ticking()
        ahead = self._local() - there
        self._anchor = (there.astimezone(UTC), (before + after) / 2)
        self._tell(ahead)
        return ahead

    def _tell(self, ahead: timedelta) -> None:
        """Once when it begins, once when it is over."""
        off = abs(ahead) > TOLERATED
        if off != self._off:
            how = (
                f"is {ahead.total_seconds():+.0f} s off the database's"
                if off
                else "agrees with the database's again"
            )
            log.log(logging.WARNING if off else logging.INFO, "the clock of this machine %s", how)
        self._off = off


def _ticking() -> float:
    """Seconds that pass also while the machine sleeps, whoever sets its clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()

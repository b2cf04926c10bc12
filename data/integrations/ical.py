"""On-call from an iCalendar feed, over https or as a file."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import icalendar

from data.catalog.entity import parse_ref
from data.errors import Unavailable, UserError
from data.http.fetching import Fetched, check_url, fetch, host_of
from data.integrations.answers import Answers
from data.integrations.calendar import read_calendar, shifts_in, zone_of
from data.ports.oncall import Rotas, Schedule, Shift

FRESH = 300.0  # seconds for which a feed is believed
PATIENCE = 0.8  # seconds that the first question waits for the feed


class Feed:
    """The port OnCall over one calendar. It is read in the background; while it cannot be, its last good state
    answers, and `failures` says since when. `url` is https://… or the path of a file."""

    def __init__(
        self,
        url: str,
        name: str,
        covers: Sequence[str],
        now: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """`covers` are references, of groups when they name no kind. Raises Invalid if one or the URL is wrong."""
        self._url = check_url(url) if "://" in url else url
        self._source = host_of(url) if "://" in url else Path(url).name
        self._name = name or self._source
        self._covers = tuple(str(parse_ref(ref, "group")) for ref in covers)
        self._now, self._ticks = now, ticks
        self._lock = threading.Lock()
        self._read = threading.Event()
        self._looked = float("-inf")
        self._etag = ""
        self._calendar: icalendar.Calendar | None = None
        self._as_of: datetime | None = None
        self._failure = ""
        self._answers = Answers()

    def rotas(self, start: datetime, end: datetime) -> Rotas:
        """All shifts that overlap [start, end)."""
        if self._ticks() - self._looked > FRESH:
            self._look_soon()
        return self._answers.of(start, end, self._computed)

    def refresh(self) -> None:
        """Read the feed now. What goes wrong is remembered and said with the answers."""
        with self._lock:
            try:
                self._take(self._fetched())
                self._failure = ""
            except UserError as error:
                self._failure = error.message
            self._looked = self._ticks()
            self._answers.forget()
        self._read.set()

    def _look_soon(self) -> None:
        """Read in the background; only the first question of all waits a little."""
        self._looked = self._ticks()
        threading.Thread(target=self.refresh, name=f"on-call {self._source}", daemon=True).start()
        self._read.wait(PATIENCE)

    def _fetched(self) -> Fetched:
        if "://" in self._url:
            return fetch(self._url, self._etag)
        try:
            return Fetched(Path(self._url).read_bytes(), "")
        except OSError as error:
            raise Unavailable(f"{self._source} cannot be read: {error.strerror}.") from None

    def _take(self, fetched: Fetched) -> None:
        """The new state; its etag counts only when it could be read."""
        if fetched.content is not None:
            self._calendar = read_calendar(fetched.content)
            self._etag = fetched.etag
        self._as_of = self._now()

    def _computed(self, start: datetime, end: datetime) -> Rotas:
        failures = (self._failure,) if self._failure else ()
        if self._calendar is None or self._as_of is None:
            return Rotas((), (), self._now(), failures or (f"{self._source} was not read yet.",))
        schedule = Schedule(self._name, self._source, self._covers, zone_of(self._calendar).key)
        shifts: list[Shift] = []
        try:
            shifts = shifts_in(self._calendar, self._name, self._source, start, end)
        except UserError as error:
            failures = (*failures, error.message)
        return Rotas([schedule], shifts, self._as_of, failures)

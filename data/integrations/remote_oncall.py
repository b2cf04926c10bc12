"""On-call of a system behind the network: windows of days, kept in memory and read in the background."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from data.integrations.kept import Kept
from data.ports.oncall import Rotas, Schedule, Shift

AHEAD: Final = timedelta(days=16)  # what is read at once: the days that commands look ahead, and one
KEPT_WINDOWS: Final = 4
KEPT_SPANS: Final = 32  # answers remembered

Told = tuple[Sequence[Schedule], Sequence[Shift]]
Read = Callable[[datetime, datetime], Told]
Span = tuple[datetime, datetime]


class RemoteOnCall:
    """The port OnCall over `read(first, last)`, which raises UserError.

    While it fails, the last good state answers with its age, and `failures` says why.
    """

    def __init__(
        self, source: str, read: Read, now: Callable[[], datetime], ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._source = source
        self._read, self._now, self._ticks = read, now, ticks
        self._lock = threading.Lock()
        self._windows: dict[Span, Kept[Told]] = {}
        self._answers: dict[Span, tuple[object, str, Rotas]] = {}

    def rotas(self, start: datetime, end: datetime) -> Rotas:
        """All shifts that overlap [start, end); waits for less than a second, and that rarely."""
        span = _span(start, end)
        window = self._window(span)
        window.look()
        return self._answer(window, self._known(span, window), start, end)

    def refresh(self, start: datetime, end: datetime) -> Rotas:
        """Read now and answer, for those who can wait."""
        span = _span(start, end)
        window = self._window(span)
        window.refresh()
        return self._answer(window, self._known(span, window), start, end)

    def _window(self, span: Span) -> Kept[Told]:
        with self._lock:
            window = self._windows.pop(span, None)
            if window is None:
                window = Kept(self._source, lambda: self._read(*span), self._now, self._ticks)
            kept = list(self._windows.items())[-KEPT_WINDOWS + 1 :]
            self._windows = {**dict(kept), span: window}
            return window

    def _known(self, span: Span, window: Kept[Told]) -> tuple[Told, datetime] | None:
        """What was said of this window, else of the one that holds its beginning and was read last."""
        if window.told is not None:
            return window.told
        windows = self._windows.items()  # replaced as a whole, never changed
        others = [one.told for (first, last), one in windows if one.told and first <= span[0] < last]
        return max(others, key=lambda told: told[1], default=None)

    def _answer(
        self, window: Kept[Told], told: tuple[Told, datetime] | None, start: datetime, end: datetime
    ) -> Rotas:
        failure = window.failure
        known = self._answers.get((start, end))
        if known is not None and known[0] is told and known[1] == failure and told is not None:
            return known[2]
        answer = self._made(told, failure, start, end)
        kept = list(self._answers.items())[-KEPT_SPANS + 1 :]
        self._answers = {**dict(kept), (start, end): (told, failure, answer)}
        return answer

    def _made(self, told: tuple[Told, datetime] | None, failure: str, start: datetime, end: datetime) -> Rotas:
        failures = (failure,) if failure else ()
        if told is None:
            return Rotas((), (), self._now(), failures)
        (schedules, shifts), as_of = told
        return Rotas(schedules, [one for one in shifts if one.start < end and one.end > start], as_of, failures)


def _span(start: datetime, end: datetime) -> Span:
    """The window of whole days that holds what is asked for; the same all day long."""
    first = start.replace(hour=0, minute=0, second=0, microsecond=0)
    return first, max(first + AHEAD, end)

"""On-call of a system that is asked over the network: windows of days, kept in memory and read in the background."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from data.errors import UserError
from data.ports import Rotas, Schedule, Shift

FRESH = 60.0  # seconds for which what was read is believed
AGAIN = 15.0  # seconds between two tries when the other side fails
IDLE = 300.0  # seconds after which an answer rather waits a moment for fresh facts
PATIENCE = 0.8  # seconds that a question waits for them
AHEAD = timedelta(days=16)  # what is read at once: the days that commands look ahead, and one
KEPT_WINDOWS = 4
KEPT_SPANS = 8  # answers remembered for each window

Read = Callable[[datetime, datetime], tuple[Sequence[Schedule], Sequence[Shift]]]
Span = tuple[datetime, datetime]


class Told(NamedTuple):
    """What the other side said of one window, and when."""

    schedules: Sequence[Schedule]
    shifts: Sequence[Shift]
    as_of: datetime


@dataclass(slots=True)
class Window:
    """[first, last) and what is known of it. `looked` is the tick of the last try."""

    looked: float = float("-inf")
    told_at: float = float("-inf")
    told: Told | None = None
    failure: str = ""
    busy: threading.Event | None = None
    answers: dict[tuple[datetime, datetime, str], Rotas] = field(default_factory=dict)


class RemoteOnCall:
    """The port OnCall over `read(first, last)`, which raises UserError. While it fails, the last good state answers
    with its age, and `failures` says why. `ticks` are seconds of a clock that never jumps."""

    def __init__(
        self, source: str, read: Read, now: Callable[[], datetime], ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self.source = source
        self._read, self._now, self._ticks = read, now, ticks
        self._lock = threading.Lock()
        self._windows: dict[Span, Window] = {}

    def rotas(self, start: datetime, end: datetime) -> Rotas:
        """All shifts that overlap [start, end); waits at most PATIENCE, and that rarely."""
        first = start.replace(hour=0, minute=0, second=0, microsecond=0)
        span = (first, max(first + AHEAD, end))
        window = self._window(span)
        reading = self._look_soon(span, window)
        if reading is not None and self._ticks() - window.told_at > IDLE:
            reading.wait(PATIENCE)
        return self._answer(window, self._known(span, window), start, end)

    def refresh(self, start: datetime, end: datetime) -> Rotas:
        """Read now and answer, for those who can wait."""
        first = start.replace(hour=0, minute=0, second=0, microsecond=0)
        span = (first, max(first + AHEAD, end))
        window = self._window(span)
        self._look(span, window)
        return self._answer(window, self._known(span, window), start, end)

    def _window(self, span: Span) -> Window:
        with self._lock:
            window = self._windows.pop(span, None) or Window()
            kept = list(self._windows.items())[-KEPT_WINDOWS + 1 :]
            self._windows = {**dict(kept), span: window}
            return window

    def _look_soon(self, span: Span, window: Window) -> threading.Event | None:
        """Read in the background when it is time; gives what to wait for while somebody reads."""
        with self._lock:
            rest = AGAIN if window.failure else FRESH
            if window.busy is not None or self._ticks() - window.looked <= rest:
                return window.busy
            window.busy = reading = threading.Event()
            window.looked = self._ticks()

        def work() -> None:
            try:
                self._look(span, window)
            finally:
                window.busy = None
                reading.set()

        threading.Thread(target=work, name=f"on-call {self.source}", daemon=True).start()
        return reading

    def _look(self, span: Span, window: Window) -> None:
        try:
            schedules, shifts = self._read(*span)
            window.told, window.failure = Told(schedules, shifts, self._now()), ""
            window.told_at = self._ticks()
        except UserError as error:
            window.failure = error.message
        window.looked = self._ticks()
        window.answers = {}

    def _known(self, span: Span, window: Window) -> Told | None:
        """What was said of this window, else of the one that holds its beginning and was read last."""
        if window.told is not None:
            return window.told
        with self._lock:
            others = [one.told for (first, last), one in self._windows.items() if first <= span[0] < last]
        return max(filter(None, others), key=lambda told: told.as_of, default=None)

    def _answer(self, window: Window, told: Told | None, start: datetime, end: datetime) -> Rotas:
        failure = window.failure or self._silence(window)
        if told is None:
            return Rotas((), (), self._now(), (failure,))
        key = (start, end, f"{told.as_of} {failure}")
        answer = window.answers.get(key)
        if answer is None:
            shifts = [shift for shift in told.shifts if shift.start < end and shift.end > start]
            answer = Rotas(told.schedules, shifts, told.as_of, (failure,) if failure else ())
            kept = list(window.answers.items())[-KEPT_SPANS + 1 :]
            window.answers = {**dict(kept), key: answer}
        return answer

    def _silence(self, window: Window) -> str:
        """Facts that are old although nothing failed: the other side has not answered yet."""
        return f"{self.source} has not answered yet." if self._ticks() - window.told_at > IDLE else ""

"""What another system said last, kept in memory and read again in the background."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final, Generic, TypeVar

from data.errors import UserError

T = TypeVar("T")

FRESH: Final = 60.0  # seconds for which what was read is believed
AGAIN: Final = 15.0  # seconds between two tries when the other side fails
OLD: Final = 300.0  # seconds after which an answer rather waits a moment for fresh facts, and says so if none come
PATIENCE: Final = 0.8  # seconds that a question waits for them


class Kept(Generic[T]):
    """One value that `read` gives, which raises UserError. While it fails, the last good value stays.

    Safe for many threads; one of them at a time reads. `ticks` are seconds of a clock that never jumps.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[], T],
        now: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name, self._read, self._now, self._ticks = name, read, now, ticks
        self._lock = threading.Lock()
        self._busy: threading.Event | None = None
        self._looked = self._told_at = float("-inf")
        self._failure = ""
        self.told: tuple[T, datetime] | None = None  # the last good value, and when it was read

    @property
    def failure(self) -> str:
        """Why the value may be out of date, as a sentence; "" when it is not."""
        if self._failure:
            return self._failure
        return f"{self._name} has not answered yet." if self._ticks() - self._told_at > OLD else ""

    def look(self, patience: float = PATIENCE) -> None:
        """Read in the background when it is time. Waits only when the value is old or missing."""
        with self._lock:
            due = self._busy is None and self._ticks() - self._looked > (AGAIN if self._failure else FRESH)
            if due:
                self._busy, self._looked = threading.Event(), self._ticks()
            busy = self._busy
        if due and busy is not None:
            threading.Thread(target=self._work, args=(busy,), name=f"read {self._name}", daemon=True).start()
        if busy is not None and self._ticks() - self._told_at > OLD:
            busy.wait(patience)

    def refresh(self) -> None:
        """Read now. What goes wrong is remembered and said with the value."""
        try:
            self.told, self._failure = (self._read(), self._now()), ""
            self._told_at = self._ticks()
        except UserError as error:
            self._failure = error.message
        self._looked = self._ticks()

    def _work(self, busy: threading.Event) -> None:
        try:
            self.refresh()
        finally:
            self._busy = None
            busy.set()

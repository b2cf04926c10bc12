"""What was turned away at the door, counted: one line a minute, so that a wrong secret or clock is noticed.

A stranger can fill no log with it, and nothing that he sends is in it.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

log = logging.getLogger("idp")

BETWEEN: Final = 60.0  # seconds between two lines about the same


class TurnedAway:
    """Counts refusals by address and reason. Safe for many threads."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()
        self._told: dict[tuple[str, str], float] = {}

    def count(self, path: str, reason: str) -> None:
        """One more; told at once the first time, afterwards at most once a minute with how many there were."""
        now, key = self._ticks(), (path, reason)
        with self._lock:
            self._counts[key] += 1
            if now - self._told.get(key, float("-inf")) < BETWEEN:
                return
            self._told[key], count = now, self._counts.pop(key)
        log.warning("refused %d at %s: %s", count, path, reason)

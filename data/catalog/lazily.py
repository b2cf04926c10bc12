"""A value built once, at first use or ahead of time, whoever comes first; threads share the one build."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Final, Generic, TypeVar

WORKS: Final = 0.0005  # seconds
RESTS: Final = 0.0002

T = TypeVar("T")
Rest = Callable[[], None]


def giving_way(
    clock: Callable[[], float] = time.perf_counter, sleep: Callable[[float], object] = time.sleep
) -> Rest:
    """What a builder calls as often as it likes, so that it never delays an answer noticeably.

    When it has worked for half a millisecond it lets other threads run. How much it does in that time differs by
    ten between its steps, and by the machine: only a clock can tell.
    """
    began = clock()

    def rest() -> None:
        nonlocal began
        if clock() - began > WORKS:
            sleep(RESTS)
            began = clock()

    return rest


def keep_going() -> None:
    """No rest: somebody waits for this very index."""


class Lazily(Generic[T]):
    """`lazily()` is the value. `build` gets what to call between steps, and is forgotten afterwards."""

    __slots__ = ("_build", "_lock", "_value")

    def __init__(self, build: Callable[[Rest], T]) -> None:
        self._build: Callable[[Rest], T] | None = build
        self._lock = Lock()
        self._value: T | None = None

    def __call__(self, rest: Rest = keep_going) -> T:
        value = self._value
        if value is not None:
            return value
        with self._lock:
            if self._value is None and self._build is not None:
                self._value = self._build(rest)
                self._build = None
        if self._value is None:
            raise TypeError("An index is never None.")
        return self._value

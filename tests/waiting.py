"""Waiting for what happens elsewhere, and judging what takes long, where the machine has other things to do."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeVar

PATIENT = 120.0  # seconds: a limit for what does not happen at all; how fast things are is for the bench to say
Found = TypeVar("Found")


def until(holds: Callable[[], Found | Literal[False]], seconds: float = PATIENT) -> Found:
    """Wait until something holds; gives what it gave."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return found


@contextmanager
def soon(seconds: float = 10.0) -> Iterator[None]:
    """For what takes milliseconds when it is done well, and minutes when it is not.

    Counts the processor time of this thread, which other processes do not lengthen.
    """
    begin = time.thread_time()
    yield
    assert time.thread_time() - begin < seconds


def runs(pid: int) -> bool:
    """Whether a process is there and no zombie (Linux)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:  # it has ended, perhaps at this moment
        return False

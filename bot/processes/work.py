"""Work after the acknowledgement: own threads, a bounded queue, and a number for whatever fails."""

import logging
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from data.errors import UserError

log = logging.getLogger("idp")

R = TypeVar("R")

THREADS = 16
WAITING = 1000  # pieces of work that may wait; more are refused, so that a flood costs bounded memory


def report_bug(doing: str) -> str:
    """Log the exception that is being handled under a number, and return the number for the person."""
    number = secrets.token_hex(4)
    log.exception("bug %s while %s", number, doing)
    return number


class Work:
    """Runs functions on own threads. `submit` never waits; None says that the queue is full."""

    def __init__(self, threads: int = THREADS, waiting: int = WAITING) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="idp-work")
        self._room = threading.BoundedSemaphore(threads + waiting)

    def submit(self, doing: str, run: Callable[[], R]) -> Future[R | None] | None:
        """Start `run` soon. A failure is logged with a number; the Future then gives None."""
        if not self._room.acquire(blocking=False):
            log.warning("too much work is waiting; refused: %s", doing)
            return None
        try:
            return self._pool.submit(self._run, doing, run)
        except RuntimeError:  # the process is stopping
            self._room.release()
            return None

    def _run(self, doing: str, run: Callable[[], R]) -> R | None:
        try:
            return run()
        except UserError as error:
            log.warning("%s: %s", doing, error.message)
            return None
        except Exception:  # noqa: BLE001 - nobody waits for this thread: whatever fails here must reach the log
            report_bug(doing)
            return None
        finally:
            self._room.release()

    def close(self, wait: bool = True) -> None:
        """Take nothing new; with `wait`, finish what runs. What only waits is dropped: the inbox still has it."""
        self._pool.shutdown(wait=wait, cancel_futures=True)

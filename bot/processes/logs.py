"""Logging: plain lines a person can read, and no secret in them."""

import logging
import sys
import threading
from types import TracebackType
from typing import Final

from commands.parts.reply import one_line

BETWEEN: Final = 60.0  # seconds between two lines that say the same
MOST_KNOWN: Final = 1000  # lines that are remembered
OURS = ("idp", "workflows", "data")
NOISY = ("httpx", "httpcore", "apscheduler", "slack_sdk", "slack_bolt", "alembic")


class Lines(logging.Formatter):
    """One line for each record: what others say can neither forge a second one nor act on a terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return one_line(super().formatMessage(record))

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return "\n".join(map(one_line, super().formatException(ei).splitlines()))


class Calm(logging.Filter):
    """The same warning once a minute, with how many there were: an outage must not fill the disk it is told on.

    Bugs are never held back: each has a number of its own, and its traceback.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._told: dict[tuple[str, str], tuple[float, int]] = {}  # when, and how many since

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING or record.exc_info:
            return True
        key = (record.name, record.getMessage())
        with self._lock:
            told, held = self._told.get(key, (float("-inf"), 0))
            if record.created - told < BETWEEN:
                self._told[key] = (told, held + 1)
                return False
            if len(self._told) >= MOST_KNOWN:
                self._told.clear()
            self._told[key] = (record.created, 0)
        if held:
            record.msg, record.args = "%s (and %d times since it was last told)", (key[1], held)
        return True


def set_up_logging(level: str) -> None:
    """Our own records at `level`; libraries only what is wrong, since some log whole addresses and bodies."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Calm())
    handler.setFormatter(Lines("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)

"""Logging: plain lines a person can read, and no secret in them."""

import logging
import sys
from types import TracebackType

from commands.parts.reply import one_line

NOISY = ("httpx", "httpcore", "apscheduler", "slack_sdk", "slack_bolt", "alembic")


class Lines(logging.Formatter):
    """One line for each record: what others say can neither forge a second one nor act on a terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return one_line(super().formatMessage(record))

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return "\n".join(map(one_line, super().formatException(ei).splitlines()))


def set_up_logging(level: str) -> None:
    """Our own records at `level`; libraries only what is wrong, since some log whole addresses and bodies."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("idp").setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)

"""Logging: plain lines a person can read, and no secret in them."""

import logging
import sys

NOISY = ("httpx", "httpcore", "apscheduler", "slack_sdk", "slack_bolt", "alembic")


def set_up_logging(level: str) -> None:
    """Our own records at `level`; libraries only what is wrong, since some log whole addresses and bodies."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("idp").setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)

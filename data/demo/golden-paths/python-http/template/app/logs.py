"""Logs as one JSON object a line on standard output."""

import json
import logging
import os
import sys
from datetime import UTC, datetime

_PLAIN = set(logging.LogRecord("", 0, "", 0, "", None, None).__dict__) | {"message", "asctime", "taskName"}


class Json(logging.Formatter):
    """A record with everything that was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _PLAIN}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def logger() -> logging.Logger:
    """The log of the service; LOG_LEVEL says how much of it is written."""
    log = logging.getLogger("app")
    if not log.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(Json())
        log.addHandler(handler)
        log.propagate = False
        log.setLevel(os.environ.get("LOG_LEVEL", "info").upper())
    return log

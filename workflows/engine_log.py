"""What DBOS logs while the database is away, in one line: each of its threads tells it, with tracebacks."""

import logging
import re
from typing import Final

_LOST: Final = re.compile(
    r"\(psycopg\.(?:OperationalError|InterfaceError|errors\.(?:AdminShutdown|CannotConnectNow|CrashShutdown))\)"
    r" (.*)"
    r"|\(sqlite3\.OperationalError\) "
    r"((?:disk I/O error|database or disk is full|unable to open|attempt to write|database is locked).*)"
    r"|^Notification (?:listener|poller) error: (.*)",
    re.DOTALL,
)
_AFTER: Final = re.compile(r"\s*(?:\(Background on this error|\[SQL:).*", re.DOTALL)


class Briefly(logging.Filter):
    """Every record about a lost connection becomes the same line, with the driver's reason; all others stay whole.

    What the log does with lines that say the same is its own matter. Nothing is left out that tells of a bug.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        found = _LOST.search(f"{record.getMessage()} {error}" if error else record.getMessage())
        if found:
            why = " ".join(_AFTER.sub("", next(filter(None, found.groups()))).split())
            record.msg, record.args = "the engine waits for the database: %s", (why[:300],)
            record.exc_info, record.exc_text = None, None
        return True


BRIEFLY: Final = Briefly()

"""Processes that do not outlive each other, and files that only one process may use."""

import ctypes
import fcntl
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from data.errors import Conflict, Unavailable

PR_SET_PDEATHSIG: Final = 1


def die_with(parent: int) -> None:
    """End this process at once when `parent` is gone, even if it was killed, so that its port is free again."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()
    if os.getppid() != parent:  # it died before we could ask
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


@contextmanager
def alone(database_url: str) -> Iterator[None]:
    """Hold a SQLite file for one server; PostgreSQL is shared by any number. Raises Conflict."""
    if not database_url.startswith("sqlite:///"):
        yield
        return
    path = _held(database_url)
    with _opened(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict(
                f"Another idp serve uses {path.with_suffix('')} already.",
                "Stop it, or use another IDP_DATABASE_URL; several servers share a PostgreSQL.",
            ) from None
        file.seek(0)
        if successor := file.read(200):
            raise Conflict(
                f"What {path.with_suffix('')} holds was carried over to {successor}.",
                f"Set IDP_DATABASE_URL to that. To use the old file again after all, delete {path}.",
            )
        yield


def retire(database_url: str, successor: str) -> None:
    """Nobody is `alone` with this SQLite file any more: two bots would do the same work. Call it while you are."""
    _held(database_url).write_text(successor)


def _opened(path: Path) -> TextIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+")
    except OSError as error:
        why = f"{error.strerror}. A server needs to write beside its SQLite database."
        raise Unavailable(f"The file {path} cannot be written.", why) from error


def _held(database_url: str) -> Path:
    return Path(database_url.removeprefix("sqlite:///") + ".server")

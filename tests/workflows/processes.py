"""Starts and ends worker processes for the tests that kill them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]


def start(url: str, folder: Path, **environment: str) -> "subprocess.Popen[bytes]":
    """A worker; its output goes to a file in `folder`."""
    command = [sys.executable, "-m", "tests.workflows.worker", url, str(folder)]
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log)


def ready(worker: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Wait until it works."""
    until((folder / f"ready.{worker.pid}").exists, 90)


def end(worker: "subprocess.Popen[bytes]") -> float:
    """SIGTERM; gives the seconds until it ended, cleanly."""
    started = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0
    return time.monotonic() - started


def until(holds: Callable[[], bool], seconds: float) -> float:
    """Wait until something holds; gives how long that took."""
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < seconds, "it did not happen in time"
        time.sleep(0.05)
    return time.monotonic() - started

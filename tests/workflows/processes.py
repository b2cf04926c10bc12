"""Starts and ends worker processes for the tests that kill them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.waiting import PATIENT, until

ROOT = Path(__file__).parents[2]


def start(url: str, folder: Path, **environment: str) -> "subprocess.Popen[bytes]":
    """A worker; its output goes to a file in `folder`."""
    command = [sys.executable, "-m", "tests.workflows.worker", url, str(folder)]
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=log, stderr=log)


def ready(worker: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Wait until it works."""
    until((folder / f"ready.{worker.pid}").exists)


def end(worker: "subprocess.Popen[bytes]") -> None:
    """SIGTERM; it ends cleanly."""
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENT) == 0

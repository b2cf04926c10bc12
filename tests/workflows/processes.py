"""Starts and ends worker processes for the tests that kill them.

There are many of them, and importing what they need takes each longer than its work: a process that has imported
everything forks them. They are processes like any other, with a pid, signals and an exit status of their own.
"""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.waiting import PATIENT, until

ROOT = Path(__file__).parents[2]
FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["tests.workflows.worker", "tests.workflows.digests.replica"])

Main = Callable[[str, Path], None]


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that works."""

    process: ForkServerProcess

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def kill(self) -> None:
        """Kill it without a chance to say anything."""
        self.send_signal(signal.SIGKILL)

    def send_signal(self, signum: signal.Signals) -> None:
        os.kill(self.pid, signum)

    def wait(self, seconds: float = PATIENT) -> int:
        """How it ended: the exit status, or minus the signal that killed it."""
        self.process.join(seconds)
        assert self.process.exitcode is not None, "it has not ended in time"
        return self.process.exitcode


def start(url: str, folder: Path, **environment: str) -> Worker:
    """A process of `tests.workflows.worker`; its output goes to worker.log in `folder`."""
    from tests.workflows.worker import main

    return forked(main, url, folder, folder / "worker.log", environment)


def forked(main: Main, url: str, folder: Path, log: Path, environment: Mapping[str, str]) -> Worker:
    """A process that runs `main`, with what it prints at the end of the file `log`."""
    arguments = (main, url, folder, log, {**os.environ, **environment})
    process = FORKING.Process(target=_run, args=arguments, daemon=True)  # it does not outlive the tests
    process.start()
    return Worker(process)


def _run(main: Main, url: str, folder: Path, log: Path, environment: Mapping[str, str]) -> None:
    os.environ.update(environment)
    with log.open("ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
    main(url, folder)


def ready(worker: Worker, folder: Path) -> None:
    """Wait until it works."""
    until((folder / f"ready.{worker.pid}").exists)


def end(worker: Worker) -> None:
    """SIGTERM; it ends cleanly."""
    worker.send_signal(signal.SIGTERM)
    assert worker.wait() == 0

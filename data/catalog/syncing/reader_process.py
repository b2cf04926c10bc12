"""Processes that run `data.catalog.syncing.reader`: started when first asked, and again after they have died."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from data.catalog.descriptors.reading import Reading
from data.catalog.syncing.reader import File, receive, send, unpack
from data.errors import Unavailable

START_SECONDS = 60.0
READ_SECONDS = 60.0  # for one batch; one second is long for one file
_ROOT = str(Path(__file__).parents[3])  # of the packages, which an editable installation does not name


class Died(Exception):
    """The process ended, or was ended because it took too long, before it had read what it was given."""


class Running:
    """A process that reads: both ways to it, and how it is ended. `pid` is 0 until it is ready."""

    def __init__(self, out: IO[bytes], into: IO[bytes], started: "subprocess.Popen[bytes] | None" = None) -> None:
        self.pid = 0
        self._out = out
        self._into = into
        self._started = started  # None: one that was forked from another

    def get_ready(self) -> None:
        """Wait until it is. Raises Unavailable when it does not start."""
        try:
            self.pid = self._await(START_SECONDS)
        except (EOFError, OSError) as error:
            self.end()
            raise Unavailable("The processes that read files do not start.") from error

    def exchange(self, files: Sequence[File], seconds: float) -> list[tuple[Any, ...]]:
        """Its answer. Raises EOFError or OSError when it has died, TimeoutError when it takes too long."""
        send(self._out, files)
        answer: list[tuple[Any, ...]] = self._await(seconds)
        return answer

    def end(self, *, busy: bool = False) -> None:
        """End it. One that was forked ends when it can hear nobody any more; when it is busy it must be killed."""
        if self._started:
            self._started.kill()
            self._started.wait()
        elif busy:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        for end in (self._into, self._out):
            with suppress(BrokenPipeError):  # what it was not told any more
                end.close()

    def _await(self, seconds: float) -> Any:
        ready = select.poll()
        ready.register(self._into, select.POLLIN)
        if not ready.poll(seconds * 1000):
            raise TimeoutError
        return receive(self._into)


class ReaderProcess:
    """Reads files of one source, in what runs already or a process of its own. Not for several threads at once."""

    def __init__(self, source: str, seconds: float = READ_SECONDS, running: Running | None = None) -> None:
        self._source = source
        self._seconds = seconds
        self._running = running

    @property
    def pid(self) -> int:
        """Of the process that reads, 0 when there is none."""
        return self._running.pid if self._running else 0

    def read(self, files: Sequence[File]) -> list[Reading]:
        """What each of the files says. Raises Died, and Unavailable when no process can be started."""
        running = self._running = self._running or start(self._source, 1)[0]
        try:
            if not running.pid:
                running.get_ready()
            answer = running.exchange(files, self._seconds)
        except Unavailable:
            self._running = None
            raise
        except (EOFError, OSError) as error:
            running.end(busy=isinstance(error, TimeoutError))
            self._running = None
            raise Died from error
        return [unpack(packed) for packed in answer]

    def end(self) -> None:
        """End the process, whatever it does."""
        if self._running:
            self._running.end()
            self._running = None


def start(source: str, count: int) -> list[Running]:
    """So many processes for the price of one start: the others are forked from the first when it is ready."""
    pipes = [(*os.pipe(), *os.pipe()) for _ in range(count - 1)]
    theirs = [(listens, says) for listens, _, _, says in pipes]
    forked = [Running(os.fdopen(out, "wb"), os.fdopen(into, "rb")) for _, out, into, _ in pipes]
    try:
        process = subprocess.Popen(  # noqa: S603  # a program of ours
            # without what only tools need
            [
                sys.executable,
                "-S",
                "-P",
                "-m",
                "data.catalog.syncing.reader",
                source,
                *(f"{a},{b}" for a, b in theirs),
            ],
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[end for pair in theirs for end in pair],
        )
    except OSError as error:
        for running in forked:
            running.end()
        raise Unavailable("The processes that read files do not start.") from error
    finally:
        for end in (end for pair in theirs for end in pair):
            os.close(end)
    assert process.stdin  # noqa: S101  # a pipe of ours
    assert process.stdout  # noqa: S101  # as above
    return [Running(process.stdin, process.stdout, process), *forked]


def _environment() -> dict[str, str]:
    """Where Python finds things, and nothing that a hostile file could want."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONHOME", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join([_ROOT, *filter(None, sys.path)])}

"""One process that runs `data.catalog.reader`: started when first asked, and again after it has died."""

import os
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from data.catalog.reader import File, receive, send, unpack
from data.catalog.reading import Reading
from data.errors import Unavailable

START_SECONDS = 60.0
READ_SECONDS = 60.0  # for one batch; one second is long for one file
_ROOT = str(Path(__file__).parents[2])  # of the packages, which an editable installation does not name


class Died(Exception):
    """The process ended, or was ended because it took too long, before it had read what it was given."""


class ReaderProcess:
    """Reads files of one source. Not for several threads at once."""

    def __init__(self, source: str, seconds: float = READ_SECONDS) -> None:
        self._source = source
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, files: Sequence[File]) -> list[Reading]:
        """What each of the files says. Raises Died, and Unavailable when no process can be started."""
        process = self._process = self._process or self._start()
        try:
            answer = _exchange(process, files, self._seconds)
        except (EOFError, OSError) as error:
            self.end()
            raise Died from error
        return [unpack(packed) for packed in answer]

    def end(self) -> None:
        """End the process, whatever it does."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(  # noqa: S603  # a program of ours
            [
                sys.executable,
                "-S",
                "-P",
                "-m",
                "data.catalog.reader",
                self._source,
            ],  # without what only tools need
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            _await(process, START_SECONDS)
        except (EOFError, OSError) as error:
            process.kill()
            process.communicate()
            raise Unavailable("The processes that read files do not start.") from error
        return process


def _exchange(
    process: "subprocess.Popen[bytes]", files: Sequence[File], seconds: float
) -> list[tuple[object, ...]]:
    assert process.stdin is not None  # noqa: S101  # a pipe of ours
    send(process.stdin, files)
    answer: list[tuple[object, ...]] = _await(process, seconds)
    return answer


def _await(process: "subprocess.Popen[bytes]", seconds: float) -> "list[tuple[object, ...]]":
    """The next message. Raises EOFError when it does not come in time, or at all."""
    assert process.stdout is not None  # noqa: S101  # a pipe of ours
    ready = select.poll()
    ready.register(process.stdout, select.POLLIN)
    if not ready.poll(seconds * 1000):
        raise EOFError
    message: list[tuple[object, ...]] = receive(process.stdout)
    return message


def _environment() -> dict[str, str]:
    """Where Python finds things, and nothing that a hostile file could want."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONHOME", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join([_ROOT, *filter(None, sys.path)])}

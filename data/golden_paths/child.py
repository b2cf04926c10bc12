"""The one process in which templates are rendered: started when first asked, and again after it has ended."""

import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from data.errors import Unavailable

SECONDS: Final = 90.0  # for one job and the start of the process, more than the job's own limit
_ROOT: Final = str(Path(__file__).parents[2])  # of the packages, which an editable installation does not name


@dataclass(slots=True)
class Nursery:
    """Sends jobs to `data.golden_paths.nursery`, one after the other; safe for many threads."""

    _process: "subprocess.Popen[bytes] | None" = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """What came of a job. Raises Unavailable when the process has ended."""
        with self._lock:
            process = self._ready()
            try:
                return _told(process, job)
            except (OSError, EOFError, ValueError) as error:
                self._end()
                raise Unavailable("The process that renders templates has ended.", "Try again.") from error

    def _ready(self) -> "subprocess.Popen[bytes]":
        """The process, a new one after it has ended; the pipes of the old one are closed then."""
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = _start()
        return self._process

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _told(process: "subprocess.Popen[bytes]", job: Mapping[str, Any]) -> dict[str, Any]:
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - pipes of ours
    process.stdin.write(json.dumps(job).encode() + b"\n")
    process.stdin.flush()
    if not select.select([process.stdout], [], [], SECONDS)[0]:
        raise EOFError
    told: dict[str, Any] = orjson.loads(process.stdout.readline())
    return told


def _start() -> "subprocess.Popen[bytes]":
    """A process that sees where Python's packages lie, and nothing else of our environment."""
    where = os.pathsep.join([_ROOT, *filter(None, sys.path)])
    try:
        return subprocess.Popen(
            [sys.executable, "-S", "-P", "-W", "ignore", "-m", "data.golden_paths.nursery"],
            env={"PYTHONPATH": where, "LANG": "C.UTF-8", "PATH": ""},
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise Unavailable("The process that renders templates cannot be started.", str(error)) from error

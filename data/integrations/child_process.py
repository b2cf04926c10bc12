"""Runs one executable as a child that cannot outstay its time, flood us, or see our environment."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from data.errors import Unavailable

LARGEST = 8 << 20  # bytes of an answer


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: exit code, what it said, and the end of what it complained."""

    code: int
    output: bytes
    complaint: str


def clean_environment(passed: Sequence[str], environ: Mapping[str, str]) -> dict[str, str]:
    """What a child may see: where programs are, one language, and the variables named in the configuration."""
    kept = {name: environ[name] for name in ("PATH", *passed) if name in environ}
    return {"PATH": os.defpath, "LANG": "C.UTF-8", **kept}


def run(
    command: Sequence[str], given: bytes, folder: Path, environment: Mapping[str, str], seconds: float
) -> Ended:
    """Start, feed, wait. Raises Unavailable when it cannot start, takes too long or says too much.

    The whole process group is ended with it, so that nothing it started stays behind.
    """
    try:
        child = subprocess.Popen(  # noqa: S603 - the operator's configuration names the program; no shell reads it
            list(command),
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise Unavailable(f"{command[0]} cannot be started: {error.strerror}.") from None
    try:
        return _talk(child, command[0], given, seconds)
    finally:
        _end(child)


def _talk(child: "subprocess.Popen[bytes]", name: str, given: bytes, seconds: float) -> Ended:
    output, complaint = _Reader(child.stdout), _Reader(child.stderr)
    feeder = threading.Thread(target=_feed, args=(child.stdin, given), daemon=True)
    feeder.start()
    try:
        code = child.wait(seconds)
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{name} took longer than {seconds:g} seconds.") from None
    _signal_group(child)  # whoever still holds the pipes would keep us waiting
    said, complained = output.read(), complaint.read()
    if len(said) > LARGEST:
        raise Unavailable(f"{name} answered more than {LARGEST >> 20} MiB.")
    return Ended(code, said, complained.decode(errors="replace").strip()[-300:])


class _Reader:
    """Reads a pipe on a thread of its own, so that a child never blocks on a full one; keeps only so much."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        self._pipe, self._kept = pipe, bytearray()
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def _drain(self) -> None:
        while self._pipe and (chunk := os.read(self._pipe.fileno(), 65536)):
            if len(self._kept) <= LARGEST:
                self._kept += chunk

    def read(self) -> bytes:
        self._thread.join(5)
        return bytes(self._kept)


def _feed(pipe: IO[bytes] | None, given: bytes) -> None:
    try:
        if pipe:
            with pipe:
                pipe.write(given)
    except BrokenPipeError:
        return  # it did not want to read; its exit code says whether that matters


def _signal_group(child: "subprocess.Popen[bytes]") -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # nobody is left in it


def _end(child: "subprocess.Popen[bytes]") -> None:
    _signal_group(child)
    child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe:
            pipe.close()

"""Prism, a server that knows nothing but a published description: it refuses calls that break it.

It comes from npm, into var/ and on demand; where npm cannot be reached, its tests are skipped and say so.
"""

import fcntl
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.waiting import PATIENT

ROOT = Path(__file__).parents[2]
HOME = ROOT / "var" / "prism"
PACKAGE = "@stoplight/prism-cli@5.16.0"
MAIN = HOME / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"


def installed() -> tuple[str, Path]:
    """Node's binary and Prism's program, installed now if need be; skips the test when that is not possible."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Prism needs Node.js and npm, which are not here")
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one of the processes of the test run installs, the others wait
        if not MAIN.exists() and not _install(npm):
            pytest.skip("Prism could not be installed from npm")
    return node, MAIN


def _install(npm: str) -> bool:
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", ".", PACKAGE]
    try:
        done = subprocess.run(command, cwd=HOME, capture_output=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0 and MAIN.exists()


@contextmanager
def prism(spec: Path, upstream: str = "") -> Iterator[str]:
    """The address of a Prism that plays this description while the block lasts.

    With `upstream` it hands the calls on to there and judges both: a call or an answer that breaks the
    description becomes an error.
    """
    node, main = installed()
    port = free_port()
    kind = ["proxy", str(spec), upstream] if upstream else ["mock", str(spec)]
    command = [node, str(main), *kind, "--errors", "-h", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("Prism did not start")

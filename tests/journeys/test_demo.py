"""`idp demo` as a process: it answers, gives way on its port, and leaves nothing behind however it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.waiting import PATIENT, until

Start = Callable[..., "Demo"]


class Demo:
    """A running demo."""

    def __init__(self, database: Path, *words: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "IDP_"))}
        environ = kept | {"IDP_DEMO_DATABASE_URL": f"sqlite:///{database}"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", *words],
            env=environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def said(self, pattern: str) -> str:
        """Read on until a line has the pattern; its first group."""
        assert self.process.stdout
        for line in self.process.stdout:
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError(f"it ended: {self.process.communicate()[1]}")

    def family(self) -> list[int]:
        """The demo's process and its descendants."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:  # it ended meanwhile
                continue
            parents[int(stat.parent.name)] = int(fields[1])
        found = [self.process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a demo with words after `idp demo`; it hears Ctrl-C even where this process was started not to."""
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    started: list[Demo] = []

    def run(*words: str, database: str = "demo.db") -> Demo:
        started.append(Demo(tmp_path / database, *words))
        return started[-1]

    yield run
    for demo in started:
        demo.process.kill()
        demo.process.communicate()
    signal.signal(signal.SIGINT, heard)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def gone(pids: list[int], port: int) -> bool:
    """In the end, that is: a sync that has begun may end by itself, which takes long where the machine is busy."""
    return until(lambda: not listens(port) and not any(Path(f"/proc/{pid}/exe").exists() for pid in pids))


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_takes_a_free_port_and_leaves_neither_port_nor_process(start: Start, end: signal.Signals) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        demo = start("--port", str(taken.getsockname()[1]))
        port = int(demo.said(r"http://127\.0\.0\.1:(\d+)"))
        assert port > taken.getsockname()[1]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
            assert page.status == 200
        family = demo.family()
        assert len(family) >= 3
        demo.process.send_signal(end)
        assert gone(family, port)
    assert "Traceback" not in demo.process.communicate()[1]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_ctrl_c_while_it_starts_ends_it(start: Start) -> None:
    demo = start("--port", "8380")
    while len(demo.family()) < 2 and demo.process.poll() is None:  # before, Python itself is still starting
        time.sleep(0.01)
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(PATIENT) != 0
    assert "Traceback" not in demo.process.communicate()[1]


def test_a_second_demo_on_the_same_database_says_why_not(start: Start) -> None:
    start("--port", "8390").said("Ctrl-C (stops)")
    second = start("--port", "8390").process
    out, err = second.communicate(timeout=PATIENT)
    assert second.returncode == 1
    assert "uses" in err
    assert "IDP_DEMO_DATABASE_URL" in err
    assert "Traceback" not in err + out

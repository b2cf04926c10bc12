"""Files are read in processes that hostile ones may end, and every other file is read all the same."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from data.catalog.descriptors.reading import Reading, read_file
from data.catalog.entity import Problem
from data.catalog.syncing.reader_process import Died, ReaderProcess, start
from data.catalog.syncing.readers import Readers
from data.errors import Unavailable
from tests.waiting import runs, until

TEXT = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {{name: {name}, title: é, tags: [Wrong]}}
spec: {{type: service, lifecycle: production, owner: payments, dependsOn: [{name}-db, ":"]}}
---
kind: [
"""


def _files(count: int) -> list[tuple[str, bytes, str]]:
    names = [f"service-{number}" for number in range(count)]
    return [(f"{name}.yaml", TEXT.format(name=name).encode(), f"https://example.com/{name}") for name in names]


@pytest.mark.parametrize("few", [100, 10])
def test_what_is_read_elsewhere_is_what_is_read_here(few: int) -> None:
    files = _files(30)
    with Readers("acme", few) as readers:
        for file in files:
            readers.submit(file)
        results = readers.results()
        assert readers.results() == {}
    assert list(results) == [path for path, _, _ in files]
    assert results == {path: read_file(text, path, "acme", lambda _: b"", url) for path, text, url in files}


class Fragile(ReaderProcess):
    """A process that dies of some files, as one does that needs too much memory."""

    def read(self, files: list[tuple[str, bytes, str]]) -> list[Reading]:  # type: ignore[override]  # a list is what comes
        super().read(files[:1])
        if any(b"hostile" in content for _, content, _ in files):
            os.kill(self.pid, signal.SIGKILL)
        return super().read(files)


def test_a_file_that_ends_its_process_is_a_problem_and_the_others_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("data.catalog.syncing.readers.ReaderProcess", Fragile)
    files = _files(20)
    files[7] = ("hostile.yaml", b"hostile: true\n", "")
    with Readers("acme", few=5) as readers:
        for file in files:
            readers.submit(file)
        results = readers.results()
    assert len(results) == 20
    problem = results.pop("hostile.yaml")
    assert isinstance(problem, Problem)
    assert (problem.path, problem.level) == ("hostile.yaml", "error")
    assert all(isinstance(result, Reading) and result.rows for result in results.values())


@pytest.mark.parametrize("which", ["started", "forked"])
def test_a_file_that_takes_too_long_ends_its_process_and_the_next_one_starts(which: str) -> None:
    started, forked = start("acme", 2)
    slow = [("slow.yaml", b"".join(b"- [1, 2, 3, 4, 5, 6, 7, 8, 9]\n" for _ in range(100_000)), "")]
    chosen, other = (started, forked) if which == "started" else (forked, started)
    process, beside = ReaderProcess("acme", 0.05, chosen), ReaderProcess("acme", running=other)
    try:
        for _ in range(2):
            with pytest.raises(Died):
                process.read(slow)
        assert [reading.documents for reading in beside.read(_files(3))] == [2, 2, 2]
        until(lambda: not runs(chosen.pid))
    finally:
        process.end()
        beside.end()


_ORPHAN = """\
import os, signal
from data.catalog.syncing.reader_process import ReaderProcess, start
processes = [ReaderProcess("acme", running=running) for running in start("acme", 3)]
for process in processes:
    process.read([("a.yaml", b"kind: Component", "")])
print(*(process.pid for process in processes), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_processes_end_with_the_one_that_started_them() -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    output = subprocess.run(
        [sys.executable, "-c", _ORPHAN], env=environment, capture_output=True, check=False
    ).stdout
    pids = {int(pid) for pid in output.split()}
    assert len(pids) == 3
    until(lambda: not any(map(runs, pids)))


def test_processes_that_were_forked_end_with_the_readers() -> None:
    processes = [ReaderProcess("acme", running=running) for running in start("acme", 3)]
    pids = [process.pid for process in processes if process.read(_files(1))]
    for process in reversed(processes):
        process.end()
    until(lambda: not any(map(runs, pids)))


def test_what_cannot_be_started_is_said_and_nobody_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    *files, last = _files(5)
    with Readers("acme", few=5) as readers:
        for file in files:
            readers.submit(file)
        with pytest.raises(Unavailable, match="do not start"):
            readers.submit(last)


def test_the_process_is_given_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    monkeypatch.setenv("IDP_DATABASE_URL", "postgresql://user:secret@host/name")
    process = ReaderProcess("acme")
    try:
        process.read(_files(1))
        assert b"secret" not in (Path("/proc") / str(process.pid) / "environ").read_bytes()
    finally:
        process.end()

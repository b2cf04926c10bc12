"""Processes that end together, files for one process, work after the acknowledgement."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from bot.processes.lifeline import alone
from bot.processes.server import listening_address
from bot.processes.work import Work
from bot.slack.answers import Handover
from data.errors import Conflict
from tests.ports import free_port
from tests.waiting import PATIENT, runs, until

CHILD = """
import os, subprocess, sys, time
code = "import sys, time; from bot.processes.lifeline import die_with; die_with(int(sys.argv[1]));"
code += "print('up', flush=True); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", code, str(os.getpid())], stdout=subprocess.PIPE, text=True)
print(child.pid, child.stdout.readline().strip(), flush=True)
time.sleep(60)
"""


def test_a_child_ends_with_its_parent_even_when_that_is_killed() -> None:
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    parent = subprocess.Popen([sys.executable, "-c", CHILD], env=environ, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid, up = parent.stdout.readline().split()
    assert up == "up"
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    until(lambda: not runs(int(pid)))


def test_one_server_at_a_time_uses_a_sqlite_file_and_any_number_a_postgresql(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/idp.db"
    with alone(url), pytest.raises(Conflict, match="uses"), alone(url):
        pass
    with alone(url):
        pass
    with alone("postgresql://h/d"), alone("postgresql://h/d"):
        pass


def test_an_address_that_is_not_ours_is_told() -> None:
    with pytest.raises(Conflict, match=r"Cannot listen at 192\.0\.2\.1:3000"):
        listening_address("192.0.2.1", 3000)


def test_a_name_is_listened_at_by_its_address() -> None:
    assert listening_address("localhost", free_port()) in {"127.0.0.1", "::1"}
    with pytest.raises(Conflict, match="Cannot listen at no-such-host"):
        listening_address("no-such-host.invalid", 3000)


def test_work_that_fails_is_logged_with_a_number_and_the_next_piece_runs(caplog: pytest.LogCaptureFixture) -> None:
    work = Work(threads=1)
    failed = work.submit("dividing", lambda: 1 / 0)
    fine = work.submit("adding", lambda: 1 + 1)
    assert failed is not None
    assert fine is not None
    assert (failed.result(PATIENT), fine.result(PATIENT)) == (None, 2)
    assert "while dividing" in caplog.text
    work.close()


def test_a_flood_is_refused_and_costs_bounded_memory() -> None:
    work = Work(threads=1, waiting=2)
    go_on = Event()
    slow = [work.submit("waiting", lambda: go_on.wait(PATIENT)) for _ in range(10)]
    assert sum(one is not None for one in slow) == 3
    go_on.set()
    work.close()
    assert work.submit("too late", lambda: None) is None


def test_a_message_in_time_is_taken_and_a_late_one_stays_with_its_maker() -> None:
    in_time, late = Handover(), Handover()
    assert in_time.offer({"text": "now"})
    assert in_time.wait(1) == {"text": "now"}
    assert late.wait(0.01) is None
    assert not late.offer({"text": "later"})

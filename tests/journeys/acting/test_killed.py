"""A press that was acknowledged is never lost and has one effect, whenever the process is killed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.journeys.acting.acme import Acme
from tests.journeys.conftest import Door, Replica
from tests.workflows.processes import ROOT


@contextmanager
def mortal(acme: Acme, url: str, folder: Path, point: str) -> "Iterator[subprocess.Popen[str]]":
    """The process, once it takes requests."""
    command = [sys.executable, "-m", "tests.journeys.acting.mortal", url, str(folder)]
    slack = {"SLACK": acme.slack.api_url, "TOKEN": acme.slack.bot_token, "SECRET": acme.slack.signing_secret}
    with (
        (folder / "mortal.log").open("ab") as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | slack | {"POINT": point},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", (folder / "mortal.log").read_text()
        yield process


def behind(process: "subprocess.Popen[str]") -> Any:
    """The process as one of the replicas behind the door."""

    def post(body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"body": body.decode(), "headers": dict(headers)}) + "\n")
        process.stdin.flush()
        return int(process.stdout.readline()), {}, b""

    return SimpleNamespace(post=post)


def taken_up(acme: Acme, survivor: Replica, number: int) -> bool:
    """Whether the request is done and nothing is left to do, after looking for what somebody left behind."""
    survivor.bot.sweep()
    return acme.state(number) == "done" and not acme.waiting()


def test_a_press_has_its_one_effect_when_the_process_is_killed_after_the_acknowledgement(
    acme: Acme, door: Door, database_url: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    points = ["effect:before" if "postgresql" in database_url else "effect:after"]
    if pytestconfig.getoption("--rounds") == "full":
        points = ["effect:before", "effect:after", *(f"{0.004 * at:.3f}" for at in range(48))]
    [survivor] = door.replicas
    for count, point in enumerate(points, 1):
        number = acme.request("cara", "access cart prod 30m INC-7 please")
        card = acme.card(number)
        with mortal(acme, database_url, tmp_path, point) as process:
            door.replicas[:] = [behind(process)]
            assert acme.slack.press("ben", card, "Approve").status == 200
            assert process.wait(60) == -9
        door.replicas[:] = [survivor]
        acme.until(partial(taken_up, acme, survivor, number), 60)
        assert [len(acme.audited(what)) for what in ("request.approved", "grant.given", "run.done")] == [count] * 3

"""A process that works, and kills itself at a named point: `python -m tests.workflows.worker URL FOLDER`.

POINT (environment) is `step:before` (the row says running, nothing was called), `step:inside` (the effect is
there, nobody wrote it down) or `step:between` (written down, the next step has not begun). Each call of a step is
a line in FOLDER/calls. With HELD each step waits until the process is about to end. It ends cleanly on SIGTERM.
"""

import os
import signal
import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import workflows.requests.run
from data.integrations.access_fake import FakeAccess
from data.integrations.workspaces.fake import Times
from data.ports.access import Entitlement
from tests.workflows.golden_paths.company import company
from tests.workflows.house import House, build, launch
from workflows.action import Action, Step, Work, actions
from workflows.engine import Pace


def main(url: str, folder: Path) -> None:
    point = os.environ.get("POINT", "")
    _instrument(folder, point)
    house = _house(url, folder, point)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    launch(house)
    house.ticker.start()
    (folder / f"ready.{os.getpid()}").touch()
    while not stop.wait(0.5):
        house.ticker.tick()
    house.engine.stop(drain=30)
    os._exit(0)


def _house(url: str, folder: Path, point: str) -> House:
    """HOUSE=golden-paths (environment) is the company that makes new services."""
    if os.environ.get("HOUSE") == "golden-paths":
        return company(url, folder)
    house = build(url, folder, pace=_pace(), access=MortalAccess(folder / "access.json", point=point))
    if "BUILD" in os.environ:  # seconds that building a workspace takes
        house.workspaces.times = Times(queue=0.5, build=float(os.environ["BUILD"]))
    return house


def _pace() -> Pace:
    """LEASE and BEAT (environment): after how many seconds others take over."""
    lease, beat = float(os.environ.get("LEASE", "1.5")), float(os.environ.get("BEAT", "0.3"))
    return Pace(poll=0.1, beat=beat, lease=lease)


@dataclass
class MortalAccess(FakeAccess):
    """The process may end around the call that takes access away: revoke:before, revoke:inside."""

    point: str = ""

    def revoke(self, access: Entitlement) -> None:
        _die(self.point == "revoke:before")
        super().revoke(access)
        _die(self.point == "revoke:inside")


def _instrument(folder: Path, point: str) -> None:
    known = cast("dict[str, Action]", actions())
    for name, action in list(known.items()):
        known[name] = replace(action, steps=tuple(_watched(folder, step, point) for step in action.steps))
    original = workflows.requests.run.mark

    def mark(idp: Any, held: Any, step: Any, unseen: bool = False, **values: Any) -> None:
        original(idp, held, step, unseen, **values)
        if values.get("state") == "done":
            _die(point == f"{step.name}:between")

    workflows.requests.run.mark = mark


def _watched(folder: Path, step: Step, point: str) -> Step:
    def run(work: Work) -> Any:
        _die(point == f"{step.name}:before")
        with (folder / "calls").open("a") as calls:
            calls.write(f"{work.request.id} {step.name}\n")
        while "HELD" in os.environ and not work.idp.engine.stopping:
            time.sleep(0.02)
        result = step.run(work)
        _die(point == f"{step.name}:inside")
        return result

    return replace(step, run=run)


def _die(now: bool) -> None:
    if now:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

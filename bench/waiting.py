"""`python -m bench.waiting URL FOLDER COUNT PAUSE`: what requests that wait cost a working process, as JSON."""

import gc
import json
import os
import sys
import threading
import time
from pathlib import Path

from data.integrations.chat_fake import FakeMessage
from tests.workflows.house import House, build, launch, snapshot
from workflows.engine import Pace


class Forgotten(dict[str, FakeMessage]):
    """What the fake chat has shown: real chat keeps that somewhere else."""

    def __setitem__(self, _ts: str, _message: FakeMessage) -> None:
        """Keeps nothing."""


def main(url: str, folder: Path, count: int, pause: float) -> None:
    house = build(url, folder, pace=Pace())
    house.catalog.snapshot = snapshot(**{f"p{number}": "identity" for number in range(count)})
    house.chat.messages = Forgotten()
    launch(house)
    house.ticker.start()
    for number in range(min(20, count)):  # whatever is made at the first request is there before
        house.submit(by=f"user:default/p{number}")
    _rest(house, pause)
    memory, threads = _memory(), threading.active_count()
    for number in range(count):
        house.submit(by=f"user:default/p{number}")
    _rest(house, pause)
    house.ticker.tick()
    print(json.dumps({"megabytes": _memory() - memory, "threads": threading.active_count() - threads}), flush=True)
    os._exit(0)


def _rest(house: House, pause: float) -> None:
    house.settle(600)
    time.sleep(pause)
    gc.collect()


def _memory() -> float:
    """Resident megabytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))

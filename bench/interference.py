"""How much a sync disturbs those who ask meanwhile, with the shipped server."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.harness import Measure, at_most, figure
from bench.served import Asking, served
from bench.sync import _catalog
from bot.playground import LocalSlack
from data.store.database import Database

EACH = 0.01  # seconds between two questions


def run(quick: bool) -> Iterator[Measure]:
    """The first sync of 10,000 files, with its child process, new snapshot and indexes; then nothing at all."""
    files, longest = (200, 1.0) if quick else (10_000, 30.0)
    with TemporaryDirectory() as name, LocalSlack() as slack:
        folder = Path(name)
        _catalog(folder / "catalog", files)
        with served(folder, slack, "syncing", _empty_database(folder)) as port:
            during = _latencies(port, slack, lambda taken: taken < longest and not _ready(port))
            time.sleep(1 if quick else 5)  # until the indexes are there
            span = max(len(during) * EACH, 0.2 if quick else 5.0)
            idle = _latencies(port, slack, lambda taken: taken < span)
    what = f"acknowledgement p99 while {files:,} files are synced for the first time, to idle"
    yield at_most("interference.p99", what, _p99(during) / _p99(idle), 2)
    yield figure("interference.idle", "acknowledgement p99, idle", _p99(idle) * 1000, "ms")
    yield figure("interference.questions", "questions asked during the sync", len(during), "")


def _empty_database(folder: Path) -> str:
    url = f"sqlite:///{folder}/idp.db"
    database = Database(url)
    database.migrate()
    database.close()
    return url


def _latencies(port: int, slack: LocalSlack, more: Callable[[float], bool]) -> list[float]:
    """Seconds of each answer, asked at a steady pace whether the last one was slow or not."""
    taken: list[float] = []
    with Asking(port, slack, ["help"]) as asking:
        start = due = time.perf_counter()
        while len(taken) % 20 or more(due - start):
            due += EACH
            time.sleep(max(due - time.perf_counter(), 0))
            asking.once()
            taken.append(time.perf_counter() - due)
    return taken


def _p99(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.99) - 1] if taken else float("inf")


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/readyz")
    ready = bool(json.loads(connection.getresponse().read())["ready"])
    connection.close()
    return ready

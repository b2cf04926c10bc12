"""`who-owns` while a live source is synced beside it: the shipped server and sync, a Backstage elsewhere."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import synthetic
from bench.harness import Measure, at_most, figure
from bench.served import Asking, served
from bot.playground import LocalSlack
from data.catalog.syncing.child import ChildLimits
from data.store.database import Database
from tests.fakes.backstage import FakeBackstage

EACH = 0.01  # seconds between two questions


def run(quick: bool, count: int) -> Iterator[Measure]:
    """Everything has changed in Backstage: ask at a steady pace, without a sync and during one, in turns."""
    rounds, idle_for, after = (1, 0.5, 0.5) if quick else (3, 10.0, 3.0)
    with TemporaryDirectory() as name, LocalSlack() as slack, _standing(count) as backstage:
        folder = Path(name)
        url, config = f"sqlite:///{folder}/idp.db", _configured(folder, backstage.url)
        _migrate(url)
        _Sync(config, url, after).wait()
        with served(folder, slack, "bot", url, config) as port:
            asking = _Questions(port, slack, [f"who-owns {name}" for name in synthetic.names(count)[:500]])
            asking.until(_during(after))
            idle, during = asking.until(_during(idle_for)), list[float]()
            for _ in range(rounds):
                backstage.change()
                during += asking.until(_Sync(config, url, after).goes_on)
                idle += asking.until(_during(idle_for))
    what = f"who-owns p99 while {count:,} changed entities come out of a Backstage, to idle"
    yield at_most("live.interference.p99", what, _p99(during) / _p99(idle), 2)
    yield figure("live.interference.idle", "who-owns p99, idle", _p99(idle) * 1000, "ms")
    yield figure("live.interference.during", "who-owns p99, during", _p99(during) * 1000, "ms")
    yield figure("live.interference.questions", "questions asked during the syncs", len(during), "")


class _Backstage:
    """The other side of `bench.standing`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.url = self._line()

    def change(self) -> None:
        """Every entity gets another content."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self._line()

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@contextmanager
def _standing(count: int) -> Iterator[_Backstage]:
    command = [sys.executable, "-m", "bench.standing", str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield _Backstage(process)


def _migrate(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()


def _configured(folder: Path, url: str) -> Path:
    config = folder / "live.yaml"
    source = f"{{name: portal, type: backstage, url: '{url}', token_env: BACKSTAGE_TOKEN}}"
    config.write_text(f"catalog: {{takeovers: take, sources: [{source}]}}\n")
    return config


class _Sync:
    """One sync as the server starts it: a child process under its limits.

    `after` are the seconds afterwards in which the server makes its snapshot and its indexes of what it brought.
    """

    def __init__(self, config: Path, url: str, after: float) -> None:
        self._after = after
        command = ChildLimits().command([sys.executable, "-m", "bot", "sync", "--json"])
        secrets = {"BACKSTAGE_TOKEN": FakeBackstage.token}
        environ = os.environ | secrets | {"IDP_CONFIG": str(config), "IDP_DATABASE_URL": url}
        self._process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
        self._ended = 0.0

    def wait(self) -> None:
        """Until it is done."""
        assert self._process.wait(600) == 0

    def goes_on(self) -> bool:
        """Whether it runs, or has ended so lately that the server is still busy with what it brought."""
        code = self._process.poll()
        if code is None:
            return True
        assert code == 0
        self._ended = self._ended or time.perf_counter()
        return time.perf_counter() - self._ended < self._after


def _during(seconds: float) -> Callable[[], bool]:
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() < end


class _Questions:
    """Asks at a steady pace, whether the last answer was slow or not."""

    def __init__(self, port: int, slack: LocalSlack, texts: list[str]) -> None:
        self._port, self._slack, self._texts = port, slack, texts

    def until(self, more: Callable[[], bool]) -> list[float]:
        """Seconds of each answer, as long as there is more to ask."""
        taken: list[float] = []
        with Asking(self._port, self._slack, self._texts) as asking:
            due = time.perf_counter()
            while more():
                due += EACH
                time.sleep(max(due - time.perf_counter(), 0))
                answer = asking.once()
                taken.append(time.perf_counter() - due)
                assert b"owned by" in answer, answer
        return taken


def _p99(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.99) - 1] if taken else float("inf")

"""Many at once whose work takes seconds: how soon the last of them is acknowledged."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.harness import Measure, at_most
from bench.served import Asking, served
from bench.stored import stored
from bot.playground import LocalSlack

AT_ONCE = 20


def run(quick: bool) -> Iterator[Measure]:
    """Commands of people whom the bot does not know yet, while Slack takes two seconds to say who they are."""
    seconds = 0.5 if quick else 2.0
    with TemporaryDirectory() as name, LocalSlack() as slack:
        folder = Path(name)
        url = stored(folder / "idp.db", 300, 0)
        with served(folder, slack, "bot", url) as port:
            slack.fail("users.info", delay=seconds, times=AT_ONCE)
            with ThreadPoolExecutor(AT_ONCE) as pool:
                taken = list(pool.map(lambda number: _acknowledged(port, slack, number), range(AT_ONCE)))
    what = f"slowest acknowledgement of {AT_ONCE} commands at once whose work takes {seconds:g} s each"
    yield at_most("slow.acknowledged", what, max(taken) * 1000, 100, "ms")


def _acknowledged(port: int, slack: LocalSlack, number: int) -> float:
    with Asking(port, slack, ["who-owns anything"], user=f"U0NOBODY{number:02}") as asking:
        start = time.perf_counter()
        if b"200 OK" not in asking.once()[:20]:
            raise RuntimeError("not acknowledged")
        return time.perf_counter() - start

"""The shipped server over signed HTTP: who-owns, to an empty listener beside it and to Bolt's default mode."""

import random
import select
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.dispatch import ASKED
from bench.harness import Measure, at_least, figure, p50
from bench.served import Asking, served
from bench.stored import stored
from bench.synthetic import names, teams
from bot.playground import LocalSlack

CONNECTIONS = 8


def run(quick: bool) -> Iterator[Measure]:
    """At 100,000 entities; all servers run at the same time and are asked in turn."""
    count, rounds, seconds = (1_000, 2, 0.2) if quick else (100_000, 9, 1.0)
    with TemporaryDirectory() as name, LocalSlack() as slack, ExitStack() as stack:
        folder = Path(name)
        url = stored(folder / "idp.db", count, count * 5)
        asked = random.Random(5).sample(names(count - len(teams(count))), min(ASKED, count // 2))
        questions = [f"who-owns {each}" for each in asked]
        ports = {
            kind: stack.enter_context(served(folder, slack, kind, url)) for kind in ("bot", "empty", "default")
        }
        time.sleep(1 if quick else 15)  # until the indexes are there
        rates: dict[str, list[float]] = {"bot": [], "empty": []}
        for _ in range(rounds):
            for kind, found in rates.items():
                found.append(_rate(ports[kind], slack, questions, seconds))
        share = statistics.median(a / b for a, b in zip(rates["bot"], rates["empty"], strict=True))
        what = f"who-owns of {count:,}: requests per second, to an empty listener on the same server"
        yield at_least("http.throughput", what, share, 0.75)
        yield figure("http.rate", "who-owns: requests per second", statistics.median(rates["bot"]), "/s")
        taken: dict[str, list[float]] = {kind: [] for kind in ports}
        for _ in range(rounds):
            for kind, port in ports.items():
                with Asking(port, slack, questions) as asking:
                    taken[kind].append(p50(asking.once, 5 if kind == "default" else 100))
        faster = statistics.median(a / b for a, b in zip(taken["default"], taken["bot"], strict=True))
        yield at_least(
            "http.default_mode", "Bolt's default mode with an empty listener, p50, to who-owns", faster, 20
        )
        yield figure("http.p50", "who-owns, one after the other", statistics.median(taken["bot"]) * 1e6, "us")


def _rate(port: int, slack: LocalSlack, questions: list[str], seconds: float) -> float:
    """Answers per second over some connections that are each asked again as soon as they have answered."""
    with ExitStack() as stack:
        asking = [stack.enter_context(Asking(port, slack, questions)) for _ in range(CONNECTIONS)]
        by_file = {each.fileno(): each for each in asking}
        poll = select.poll()
        for each in asking:
            poll.register(each, select.POLLIN)
            each.send()
        answers, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            for file, _ in poll.poll(1000):
                by_file[file].answer()
                by_file[file].send()
                answers += 1
        taken = time.perf_counter() - start
        for each in asking:
            each.answer()
    return answers / taken

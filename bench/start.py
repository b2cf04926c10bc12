"""From starting a process to its first answer, and the memory it takes with every index."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.harness import Measure, at_most, figure
from bench.stored import configured, stored
from bench.synthetic import names, teams

FIRST = """
import sys
from bot.__main__ import main
sys.argv = ["idp", "ask", "who-owns " + sys.argv[1]]
main()
"""
MEMORY = """
import sys
from data.store.database import Database
from data.catalog.live import Catalog
import bot.processes.process
catalog = Catalog(Database(sys.argv[1]))
catalog.refresh()
catalog.warm()
print([line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")][0])
"""


IMPORTS: Final = "import slack_bolt, sqlmodel, yaml"


def run(quick: bool) -> Iterator[Measure]:
    """On SQLite at 100,000 entities with 500,000 relations.

    Both sides find their modules compiled, as every start but the very first one does: where Python may not keep
    compiled modules, our sources would else be compared with libraries compiled when they were installed.
    """
    count = 2_000 if quick else 100_000
    with TemporaryDirectory() as folder:
        url = stored(Path(folder) / "idp.db", count, count * 5)
        config = configured(Path(folder))
        environ = os.environ | {"IDP_DATABASE_URL": url, "IDP_CONFIG": str(config)}
        environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": f"{folder}/compiled"}
        name = names(count - len(teams(count)))[0]
        taken: dict[str, list[float]] = {"answer": [], "import": []}
        for _ in range(1 if quick else 8):
            taken["import"].append(_seconds(["-c", IMPORTS], environ))
            taken["answer"].append(_seconds(["-c", FIRST, name], environ))
        answers, imports = taken["answer"][-7:], taken["import"][-7:]  # the first round compiled
        ratio = statistics.median(a / b for a, b in zip(answers, imports, strict=True))
        what = f"process start to first answer at {count:,} entities, to importing slack_bolt, sqlmodel and yaml"
        yield at_most("start.first_answer", what, ratio, 3)
        yield figure("start.seconds", "the same, in seconds", statistics.median(answers), "s")
        kilobytes = int(_output(["-c", MEMORY, url], environ))
        what = f"memory of the bot's process with every index at {count:,} entities"
        yield at_most("start.memory", what, kilobytes / 1000, 250, "MB")


def _seconds(arguments: list[str], environ: dict[str, str]) -> float:
    start = time.perf_counter()
    _output(arguments, environ)
    return time.perf_counter() - start


def _output(arguments: list[str], environ: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, *arguments], env=environ, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(
            f"{arguments[1][-60:]} exited with {done.returncode}: {done.stderr[-500:]} {done.stdout[-300:]}"
        )
    return done.stdout

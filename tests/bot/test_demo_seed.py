"""What the demo's golden paths need is made beside the server, and never in its way."""

import multiprocessing
import threading
from pathlib import Path

from bot.demo import ACME
from bot.demo_place import settle
from bot.demo_seed import seed_soon
from bot.settings.config import load
from tests.waiting import PATIENT


def test_no_thread_is_left_that_the_fork_of_the_server_would_tear_apart(tmp_path: Path) -> None:
    config = settle(ACME, tmp_path / "demo")
    settings = load({"IDP_CONFIG": str(config), "IDP_DATABASE_URL": f"sqlite:///{tmp_path}/idp.db"}, slack=False)
    threads = set(threading.enumerate())
    seeded = multiprocessing.get_context("fork").Event()
    seed_soon(settings, ACME / "golden-paths", seeded)
    assert set(threading.enumerate()) <= threads
    seed = next(child for child in multiprocessing.active_children() if child.name == "seed")
    seed.join(PATIENT)
    assert seed.exitcode == 0
    assert seeded.is_set()  # `idp demo --once` does not end before
    assert (tmp_path / "demo" / "golden-paths" / "python-http.git" / "HEAD").exists()
    seed.close()

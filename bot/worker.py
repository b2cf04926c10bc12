"""`idp worker`: the clock without the web."""

import logging
import signal
import threading

from bot.config import Settings
from bot.process import start_process

log = logging.getLogger("idp")


def work_until_stopped(settings: Settings) -> None:
    """Sync and take up what was left behind until SIGTERM or SIGINT."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    process = start_process(settings, syncing=True, listening=False)
    log.info("working; syncing every %d s", settings.config.catalog.sync_every)
    stop.wait()
    process.close()

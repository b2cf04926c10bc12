"""`idp worker`: the clock without the web."""

import logging
import os
import signal
import threading

from bot.processes.process import start_process
from bot.settings.config import Settings

log = logging.getLogger("idp")


def work_until_stopped(settings: Settings) -> None:
    """Sync and take up what was left behind until SIGTERM or SIGINT."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    process = start_process(settings, working=True, listening=False)
    log.info("working; syncing every %d s", settings.config.catalog.sync_every)
    stop.wait()
    process.close()
    os._exit(0)  # a thread that is still in a call to the outside would keep us; its work goes on elsewhere

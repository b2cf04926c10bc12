"""What happens by itself: syncs, following the catalog's version, taking up what was left behind.

The clock only calls; what must happen once among many replicas is decided by rows in the database.
"""

import logging
from collections.abc import Callable
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # has no types

from bot.processes.pushes import Pushes
from bot.processes.syncs import Syncs
from bot.processes.work import report_bug
from bot.slack.app import Bot
from bot.slack.outgoing.broken import BrokenFiles
from commands.parts.owners.ahead import say_ahead
from data.errors import UserError
from data.idp import Idp
from data.ports.catalog import DIRECTORIES
from data.store.clock import DatabaseClock
from workflows.works import Ticker

log = logging.getLogger("idp")


def start_clock(
    idp: Idp, bot: Bot | None, syncs: Syncs | None, sync_every: int, ticker: Ticker | None = None
) -> BackgroundScheduler:
    """Start the jobs of this process: `bot` answers messages, `syncs` syncs, `ticker` looks after what was agreed.

    Each when given; times in seconds.
    """
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a second late is nothing to tell anybody
    clock = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
    _every(clock, 1, "following the catalog", idp.catalog.refresh)
    _every(clock, 1, "saying ahead who owns things", partial(say_ahead, idp))
    _every(clock, 3, "following the scores", idp.standings.refresh)
    if isinstance(idp.now, DatabaseClock):
        _every(clock, 5, "asking the database for the time", idp.now.adjust)
    if bot is not None:
        _every(clock, 5, "counting dependencies", idp.catalog.count_ahead)
        _every(clock, 10, "looking for messages left behind", bot.sweep)
        _every(clock, 5, "asking Slack who we are", bot.me.identity)
    if syncs is not None:
        _every(clock, sync_every, "syncing", lambda: syncs.run(syncs.names))
        directories = [source.name for source in idp.sources if source.type in DIRECTORIES]
        if directories:
            lane = syncs.beside()
            every = int(idp.groups_age.total_seconds()) // 2
            _every(clock, every, "reading who is in which group", lambda: lane.run(directories))
        _every(clock, 2, "reading what was pushed", Pushes(idp, syncs).take_up)
    if bot is not None and syncs is not None:
        _every(clock, 20, "telling authors of broken files", BrokenFiles(idp, bot.chat).tell)
    if ticker is not None:
        _every(clock, 2, "looking after what was agreed", ticker.tick)
    clock.start()
    return clock


def _every(clock: BackgroundScheduler, seconds: int, doing: str, run: Callable[[], object]) -> None:
    clock.add_job(_steady(doing, run), "interval", seconds=seconds, id=doing, misfire_grace_time=None)


def _steady(doing: str, run: Callable[[], object]) -> Callable[[], None]:
    """Say a trouble once when it begins and once when it is over, not every second."""
    trouble = ""

    def job() -> None:
        nonlocal trouble
        before, trouble = trouble, ""
        try:
            run()
        except UserError as error:
            trouble = error.message
        except Exception as error:  # noqa: BLE001 - a job that fails must run again at its next time
            trouble = f"bug {report_bug(doing)}" if not before else type(error).__name__
        if trouble and not before:
            log.warning("%s: %s", doing, trouble)
        elif before and not trouble:
            log.info("%s works again", doing)

    return job

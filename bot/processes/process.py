"""One process of the bot: what it starts, whether it is ready, and how it stops."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # has no types

from bot.processes.clock import start_clock
from bot.processes.syncs import Syncs
from bot.processes.work import report_bug
from bot.settings.config import Settings
from bot.slack.app import Bot, build_bot
from bot.slack.socket_mode import Socket, app_id_of
from bot.wiring import build
from commands import verbs
from data.errors import UserError
from data.idp import Idp
from data.store.clock import DatabaseClock
from workflows.engine import Engine, Pace
from workflows.works import QUEUES, Ticker, works

log = logging.getLogger("idp")

DRAIN: Final = 5  # seconds that running work has to reach its next boundary; what is left goes on later

PATIENCE = 30.0  # seconds that a restarted bot waits for its first sync before it answers with what it knew


@dataclass(frozen=True, slots=True)
class Process:
    """A running bot."""

    idp: Idp
    bot: Bot
    syncs: Syncs
    engine: Engine
    working: bool
    clock: BackgroundScheduler
    socket: Socket | None
    started: float  # of the monotonic clock
    database: Callable[[], str]  # "" or what is wrong with it

    def readiness(self) -> Mapping[str, str]:
        """For each part "" when it is ready, else a sentence without secrets."""
        return {
            "database": self.database(),
            "catalog": "" if self._has_catalog() else "The first sync is not done yet.",
            "slack": self.bot.me.error or (self.socket.error if self.socket else ""),
        }

    def _has_catalog(self) -> bool:
        """After the first sync; a source that hangs does not keep the catalog of yesterday from answering."""
        if not self.working or self.syncs.first_done:
            return self.idp.catalog.loaded
        return len(self.idp.catalog.snapshot) > 0 and time.monotonic() - self.started > PATIENCE

    def close(self) -> None:
        """Stop taking, finish what runs, within seconds."""
        self.clock.shutdown(wait=False)
        if self.socket is not None:
            self.socket.close()
        if self.working:
            self.engine.stop(DRAIN)
        else:
            self.engine.close()
        self.bot.close()
        for system in self.idp.workspaces:
            system.close()
        self.idp.database.close()


def start_process(
    settings: Settings, *, working: bool, listening: bool, synced: bool = False, pace: Pace | None = None
) -> Process:
    """Load the catalog, start the engine and the clock, sync once in the background, and ask Slack who we are.

    `working` whether this process syncs and runs what was agreed, `listening` whether it takes what Slack says,
    `synced` whether its parent has just synced, so that nobody waits for another time.
    """
    built = build(settings)
    syncs = Syncs(built)
    syncs.first_done = synced
    engine = Engine(built.database, QUEUES, pace)
    engine.open()
    idp = replace(built, request_sync=syncs.request, engine=engine)
    if isinstance(idp.now, DatabaseClock):
        idp.now.adjust()  # before anything is decided here
    idp.catalog.refresh()
    idp.standings.refresh()
    bot = build_bot(idp, settings.bot_token, settings.api_url, app_id_of(settings.app_token))
    idp = bot.idp
    ticker = _at_work(idp, engine) if working else None
    clock = start_clock(idp, bot, syncs if working else None, settings.config.catalog.sync_every, ticker)
    first_steps = partial(_first_steps, idp, bot, syncs if working else None)
    threading.Thread(target=first_steps, name="idp-first-steps", daemon=True).start()
    socket = Socket(bot, settings.app_token) if listening and settings.socket_mode else None
    return Process(idp, bot, syncs, engine, working, clock, socket, time.monotonic(), _lately(idp))


def _at_work(idp: Idp, engine: Engine) -> Ticker:
    """Begin to work: what a crash has left behind goes on."""
    engine.launch(works(idp))
    ticker = Ticker(idp)
    ticker.start()
    return ticker


def _lately(idp: Idp) -> Callable[[], str]:
    """What is wrong with the database, asked at most once a second: strangers may ask for /readyz as well."""
    asked, trouble = float("-inf"), ""

    def database() -> str:
        nonlocal asked, trouble
        if time.monotonic() - asked > 1:
            asked, trouble = time.monotonic(), _trouble(idp.database.check)
        return trouble

    return database


def _first_steps(idp: Idp, bot: Bot, syncs: Syncs | None) -> None:
    """What need not be done before questions are taken, in the order of its worth."""
    try:
        bot.me.identity()
        verbs()  # found now, not at the first question
        if syncs is not None:
            syncs.run(syncs.names)
        idp.catalog.warm()
    except UserError as error:  # the clock tries all of it again
        log.warning("starting: %s", error.message)
    except Exception:  # noqa: BLE001 - nobody waits for this thread: whatever fails here must reach the log
        report_bug("starting")


def _trouble(check: Callable[[], object]) -> str:
    try:
        check()
    except UserError as error:
        return error.message
    return ""

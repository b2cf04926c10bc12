"""One process of the bot: what it starts, whether it is ready, and how it stops."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # has no types

from bot.app import Bot, build_bot
from bot.clock import start_clock
from bot.config import Settings
from bot.socket_mode import app_id_of, connect
from bot.syncs import Syncs
from bot.wiring import build
from data.errors import UserError
from data.idp import Idp


class Closing(Protocol):
    """What the process closes at its end."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Process:
    """A running bot."""

    idp: Idp
    bot: Bot
    syncs: Syncs
    syncing: bool
    clock: BackgroundScheduler
    sockets: tuple[Closing, ...] = ()

    def readiness(self) -> Mapping[str, str]:
        """For each part "" when it is ready, else a sentence without secrets."""
        waits = self.syncing and not self.syncs.first_done
        return {
            "database": _trouble(self.idp.database.check),
            "catalog": "The first sync is not done yet." if waits or not self.idp.catalog.loaded else "",
            "slack": self.bot.me.error,
        }

    def close(self) -> None:
        """Stop taking, finish what runs, within seconds."""
        self.clock.shutdown(wait=False)
        for socket in self.sockets:
            socket.close()
        self.bot.close()
        self.idp.database.close()


def start_process(settings: Settings, *, syncing: bool, listening: bool) -> Process:
    """Load the catalog, start the clock, sync once in the background, and ask Slack who we are.

    `syncing` whether this process syncs, `listening` whether it takes what Slack says.
    """
    built = build(settings)
    syncs = Syncs(built)
    idp = replace(built, request_sync=syncs.request)
    idp.catalog.refresh()
    bot = build_bot(idp, settings.bot_token, settings.api_url, app_id_of(settings.app_token))
    clock = start_clock(idp, bot, syncs if syncing else None, settings.config.catalog.sync_every)
    _in_background("first sync", lambda: _first_steps(idp, bot, syncs if syncing else None))
    connects = listening and settings.socket_mode
    sockets = (connect(bot, settings.app_token),) if connects else ()
    return Process(idp, bot, syncs, syncing, clock, sockets)


def _first_steps(idp: Idp, bot: Bot, syncs: Syncs | None) -> None:
    bot.me.identity()
    if syncs is not None:
        syncs.run(syncs.names)
    idp.catalog.warm()


def _in_background(name: str, run: Callable[[], object]) -> None:
    threading.Thread(target=run, name=name, daemon=True).start()


def _trouble(check: Callable[[], object]) -> str:
    try:
        check()
    except UserError as error:
        return error.message
    return ""

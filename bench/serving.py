"""`python -m bench.serving bot|syncing|empty|default`: a server to measure, configured by environment."""

import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from granian.constants import Interfaces
from granian.server.mp import MPServer
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from bench.bot import empty_app
from bot.processes.server import STOPS_WITHIN, THREADS, load_web, serve
from bot.processes.web import Web
from bot.settings.config import Settings, load


def main(kind: str) -> None:
    """Serve until SIGTERM."""
    settings = load(os.environ, slack=True)
    if kind in ("bot", "syncing"):
        serve(settings, working=kind == "syncing")
        return
    loader: Callable[[], Any] = partial(_empty, settings) if kind == "empty" else partial(_default, settings)
    server = MPServer(
        "bench",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        workers_kill_timeout=STOPS_WITHIN,
        log_enabled=False,
    )
    server.serve(target_loader=loader, wrap_loader=False)


def _empty(settings: Settings) -> Web:
    """The bot with all that runs in it, and an app whose listener only acknowledges."""
    web = load_web(settings, os.getppid(), working=False, synced=False)
    return Web(empty_app(web._me, web._app.client), web._me, settings.signing_secret, dict)


def _default(settings: Settings) -> SlackRequestHandler:
    """Bolt as its documentation shows it."""
    client = WebClient(settings.bot_token, settings.api_url)
    app = App(client=client, signing_secret=settings.signing_secret)

    @app.command("/idp")
    def idp(ack: Callable[[], Any]) -> None:
        ack()

    return SlackRequestHandler(app)


if __name__ == "__main__":
    main(sys.argv[1])

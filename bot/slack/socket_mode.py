"""Socket Mode: the same listeners and the same admission over a WebSocket that we open."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.slack.app import Bot
from bot.slack.who.me import admits
from data.durations import spent
from data.reasons import reason_of

log = logging.getLogger("idp")

AGAIN: Final = 5.0  # seconds between two tries to connect, and between two looks at the connection
PATIENCE: Final = 60.0  # seconds: Slack itself renews a connection every few hours, which takes one or two


class AdmittingHandler(SocketModeHandler):
    """Bolt's handler behind our admission: what is not meant for us is acknowledged and forgotten."""

    def __init__(self, bot: Bot, app_token: str) -> None:
        quiet = logging.getLogger("idp.socket_mode")
        quiet.setLevel(logging.CRITICAL)  # it logs whole envelopes
        super().__init__(bot.app, app_token, logger=quiet)
        self._bot = bot

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # Bolt's own signature
        identity = self._bot.me.identity()
        body = req.payload if isinstance(req.payload, dict) else {}
        if identity is None:
            return  # not acknowledged, so Slack sends it again
        if not admits(identity, body):
            log.warning("ignored an envelope of another app or workspace")
            self._bot.refusals.foreign(body)
            client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
            return
        super().handle(client, req)


class Lost:
    """How long there has been no connection; told once when it lasts, and once when it is over."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: float | None = None
        self._told = False

    def look(self, connected: bool) -> None:
        """What is seen now. The connection is opened anew by the SDK, every few seconds until it stands."""
        if not connected:
            self._since = self._clock() if self._since is None else self._since
            if self.error and not self._told:
                self._told = True
                log.warning("%s Slack is asked for a new one every few seconds.", self.error)
            return
        if self._told:
            log.info("connected by Socket Mode again, after %s", spent(self._clock() - (self._since or 0)))
        self._since, self._told = None, False

    @property
    def error(self) -> str:
        """ "" while there is a connection, and for as long as a change from one to the next may take."""
        lost = 0.0 if self._since is None else self._clock() - self._since
        return f"There has been no Socket Mode connection to Slack for {spent(lost)}." if lost >= PATIENCE else ""


class Socket:
    """The connection of this process. It is opened in the background, tried again until it stands, and watched."""

    def __init__(self, bot: Bot, app_token: str) -> None:
        self._handler = AdmittingHandler(bot, app_token)
        self._stop = threading.Event()
        self._lost = Lost()
        self._unopened = "The connection to Slack is not open yet."
        threading.Thread(target=self._run, name="idp-socket-mode", daemon=True).start()

    @property
    def error(self) -> str:
        """ "" or why nothing comes from Slack, with how long that has been so."""
        return self._unopened or self._lost.error

    def _run(self) -> None:
        while self._unopened and not self._stop.is_set():
            self._open()
            self._stop.wait(AGAIN)
        while not self._stop.wait(AGAIN):
            self._lost.look(self._handler.client.is_connected())

    def _open(self) -> None:
        try:
            self._handler.connect()  # type: ignore[no-untyped-call]  # Bolt's method has no types
            self._unopened = ""
            log.info("connected by Socket Mode")
        except (SlackClientError, OSError) as error:
            self._complain(error)

    def _complain(self, error: Exception) -> None:
        word = error.response.get("error") if isinstance(error, SlackApiError) else reason_of(error)
        said = f"Socket Mode cannot be opened: {word}. Check SLACK_APP_TOKEN."
        if said != self._unopened:
            log.warning("%s", said)
        self._unopened = said

    def close(self) -> None:
        """Take nothing more."""
        self._stop.set()
        self._handler.close()  # type: ignore[no-untyped-call]  # Bolt's method has no types


def app_id_of(app_token: str) -> str:
    """The app that an app-level token belongs to: xapp-1-<app id>-…"""
    parts = app_token.split("-")
    return parts[2] if len(parts) > 3 and parts[2].startswith("A") else ""

"""Socket Mode: the same listeners and the same admission over a WebSocket that we open."""

import logging
import threading

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.slack.app import Bot
from bot.slack.who.me import admits
from data.reasons import reason_of

log = logging.getLogger("idp")

AGAIN = 5.0  # seconds between two tries to connect


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


class Socket:
    """The connection of this process. It is opened in the background and tried again until it stands."""

    def __init__(self, bot: Bot, app_token: str) -> None:
        self._handler = AdmittingHandler(bot, app_token)
        self._stop = threading.Event()
        self.error = "The connection to Slack is not open yet."
        threading.Thread(target=self._open, name="idp-socket-mode", daemon=True).start()

    def _open(self) -> None:
        while not self._stop.is_set():
            try:
                self._handler.connect()  # type: ignore[no-untyped-call]  # Bolt's method has no types
                self.error = ""
                log.info("connected by Socket Mode")
                return
            except (SlackClientError, OSError) as error:
                self._complain(error)
            self._stop.wait(AGAIN)

    def _complain(self, error: Exception) -> None:
        word = error.response.get("error") if isinstance(error, SlackApiError) else reason_of(error)
        said = f"Socket Mode cannot be opened: {word}. Check SLACK_APP_TOKEN."
        if said != self.error:
            log.warning("%s", said)
        self.error = said

    def close(self) -> None:
        """Take nothing more."""
        self._stop.set()
        self._handler.close()  # type: ignore[no-untyped-call]  # Bolt's method has no types


def app_id_of(app_token: str) -> str:
    """The app that an app-level token belongs to: xapp-1-<app id>-…"""
    parts = app_token.split("-")
    return parts[2] if len(parts) > 3 and parts[2].startswith("A") else ""

"""Socket Mode: the same listeners and the same admission over a WebSocket that we open."""

import logging

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.app import Bot
from bot.me import Me, admits

log = logging.getLogger("idp")


class AdmittingHandler(SocketModeHandler):
    """Bolt's handler behind our admission: what is not meant for us is acknowledged and forgotten."""

    def __init__(self, app: App, app_token: str, me: Me) -> None:
        quiet = logging.getLogger("idp.socket_mode")
        quiet.setLevel(logging.CRITICAL)  # it logs whole envelopes
        super().__init__(app, app_token, logger=quiet)
        self._me = me

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # Bolt's own signature
        identity = self._me.identity()
        body = req.payload if isinstance(req.payload, dict) else {}
        if identity is None:
            return  # not acknowledged, so Slack sends it again
        if not admits(identity, body):
            log.warning("ignored an envelope of another app or workspace")
            client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
            return
        super().handle(client, req)


def connect(bot: Bot, app_token: str) -> SocketModeHandler:
    """Connect in the background; the handler reconnects by itself and is closed by the caller."""
    handler = AdmittingHandler(bot.app, app_token, bot.me)
    handler.connect()  # type: ignore[no-untyped-call]  # Bolt's method has no types
    return handler


def app_id_of(app_token: str) -> str:
    """The app that an app-level token belongs to: xapp-1-<app id>-…"""
    parts = app_token.split("-")
    return parts[2] if len(parts) > 3 and parts[2].startswith("A") else ""

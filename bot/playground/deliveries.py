"""What Slack sends to the bot, by signed HTTP or Socket Mode, with the retries that Slack makes."""

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bot.playground.core import Core
from bot.playground.network.sender import Ack, Sender
from bot.playground.network.socket_mode import SocketHub
from bot.playground.network.traffic import Exchange, without_secrets
from bot.playground.people import APP, BOT_USER, TEAM
from bot.playground.state import JSON, Message

RETRY_WAITS = (0.0, 60.0, 300.0)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery after its first attempt.

    `status` is the HTTP status (0: no answer), `seconds` until the acknowledgement, `answer` its body: JSON
    where it is JSON, else text. `error` is what Slack would show: "", "operation_timeout", "dispatch_failed"
    (not reachable) or "http_error". `message` is the message that the acknowledgement itself made; `errors` are
    field errors of a modal by block id.
    """

    kind: str
    payload: JSON
    status: int
    seconds: float
    answer: Any = ""
    error: str = ""
    message: Message | None = None
    errors: Mapping[str, str] | None = None

    @property
    def ok(self) -> bool:
        return not self.error and not self.errors


class Deliveries:
    """Sends commands, interactions and events; each attempt is in the history."""

    def __init__(self, core: Core, hub: SocketHub, retry_waits: Sequence[float] = RETRY_WAITS) -> None:
        self._core, self._hub, self._waits = core, hub, tuple(retry_waits)
        self.sender: Sender | None = None

    def command(self, fields: Mapping[str, str]) -> Delivery:
        body = urlencode(fields).encode()
        return self._once("command", dict(fields), body, "application/x-www-form-urlencoded")

    def interaction(self, payload: JSON) -> Delivery:
        body = urlencode({"payload": json.dumps(payload, ensure_ascii=False)}).encode()
        return self._once(payload["type"], payload, body, "application/x-www-form-urlencoded")

    def event(self, event: JSON, shared: bool = False) -> Delivery:
        """An Events API delivery; a failed one is retried in the background."""
        payload = self.envelope(event, shared)
        return self._attempt(payload, 0, "")

    def envelope(self, event: JSON, shared: bool = False) -> JSON:
        authorization = {
            "enterprise_id": None,
            "team_id": TEAM,
            "user_id": BOT_USER,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        return {
            "token": "unused-verification-token",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": None,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": "Ev0" + secrets.token_hex(5).upper(),
            "event_time": int(self._core.workspace.clock()),
            "authorizations": [authorization],
            "is_ext_shared_channel": shared,
        }

    def _attempt(self, payload: JSON, number: int, reason: str) -> Delivery:
        extra = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason} if number else {}
        body = json.dumps(payload, ensure_ascii=False).encode()
        kind = f"event {payload['event']['type']}"
        delivery, ack = self._send(kind, payload, body, "application/json", extra)
        if ack.error and not ack.no_retry and number < len(self._waits):
            at = self._core.workspace.clock() + self._waits[number]
            self._core.schedule(
                f"{payload['event_id']}:{number}", at, lambda: self._attempt(payload, number + 1, ack.error)
            )
        return delivery

    def _once(self, kind: str, payload: JSON, body: bytes, content_type: str) -> Delivery:
        return self._send(kind, payload, body, content_type, {})[0]

    def _send(
        self, kind: str, payload: JSON, body: bytes, content_type: str, extra: Mapping[str, str]
    ) -> tuple[Delivery, Ack]:
        at, begin = self._core.workspace.clock(), time.perf_counter()
        ack = self._ack(kind, payload, body, content_type, extra)
        seconds = time.perf_counter() - begin
        answer = _decoded(ack.body)
        note = ack.error + (f" (retry {extra['X-Slack-Retry-Num']})" if extra else "")
        self._core.traffic.add(
            Exchange(kind, True, at, seconds, ack.status, without_secrets(payload), answer, note.strip())
        )
        return Delivery(kind, payload, ack.status, seconds, answer, _SHOWN[ack.error]), ack

    def _ack(self, kind: str, payload: JSON, body: bytes, content_type: str, extra: Mapping[str, str]) -> Ack:
        if self._hub.connected:
            number, reason = int(extra.get("X-Slack-Retry-Num", 0)), extra.get("X-Slack-Retry-Reason", "")
            return self._hub.deliver(kind, payload, number, reason)
        if self.sender is None:
            return Ack(0, error="connection_failed")
        return self.sender.send(body, content_type, extra)


# What went wrong -> the word that Slack shows to the person.
_SHOWN = {
    "": "",
    "http_timeout": "operation_timeout",
    "connection_failed": "dispatch_failed",
    "http_error": "http_error",
}


def _decoded(body: bytes) -> Any:
    text = body.decode("utf-8", "replace")
    try:
        return json.loads(text) if text.startswith("{") else text
    except ValueError:
        return text

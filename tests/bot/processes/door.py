"""The web guard with a stand-in behind it, and how Slack signs what it sends."""

import hashlib
import hmac
import time
from io import BytesIO
from typing import Any, cast

from slack_bolt import App, BoltRequest, BoltResponse

from bot.processes.web import Web
from bot.slack.who.me import Identity, Me

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
COMMAND = {"command": "/idp", "text": "help", "api_app_id": "A1", "team_id": "T1", "user_id": "U1"}
FORM = "application/x-www-form-urlencoded"
OURS = Identity("T1", "Acme", "https://acme.example", "UBOT", "BBOT", "A1")


class KnownMe:
    """Knows who the bot is without asking Slack."""

    error = ""

    def __init__(self, identity: Identity | None = OURS) -> None:
        self._identity = identity

    def identity(self) -> Identity | None:
        return self._identity


class Reached:
    """Stands where Bolt stands, and counts what came through."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.foreign: list[object] = []  # what was signed and not for us

    def dispatch(self, request: BoltRequest) -> BoltResponse:
        self.bodies.append(request.body)
        return BoltResponse(status=200, body="reached")


def web(me: KnownMe | None = None) -> tuple[Web, Reached]:
    reached = Reached()
    parts = {"database": "", "slack": "Slack refused the bot token: invalid_auth."}
    made = Web(
        cast("App", reached), cast("Me", me or KnownMe()), SECRET, lambda: parts, foreign=reached.foreign.append
    )
    return made, reached


def sign(body: bytes, timestamp: str) -> str:
    return "v0=" + hmac.new(SECRET.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


def call(made: Web, body: bytes = b"", method: str = "POST", path: str = "/slack/events", **environ: Any) -> int:
    """The status of a request whose environ is given as it would arrive."""
    values = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": BytesIO(body), "CONTENT_TYPE": FORM}
    got: list[str] = []

    def start_response(status: str, _headers: object, *_: object) -> Any:
        got.append(status)

    b"".join(made(values | {"CONTENT_LENGTH": str(len(body))} | environ, start_response))
    return int(got[0][:3])


def signed(made: Web, body: bytes, timestamp: str = "", **environ: Any) -> int:
    timestamp = timestamp or str(int(time.time()))
    headers = {"HTTP_X_SLACK_REQUEST_TIMESTAMP": timestamp, "HTTP_X_SLACK_SIGNATURE": sign(body, timestamp)}
    return call(made, body, **headers | environ)

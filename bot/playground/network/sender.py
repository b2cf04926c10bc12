"""Signed HTTP to the bot, as Slack sends it."""

import hashlib
import hmac
import http.client
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

PATIENCE = 3.0  # seconds that Slack waits for an acknowledgement, and that a trigger lasts


@dataclass(frozen=True, slots=True)
class Ack:
    """The bot's answer. `status` 0: none came, and `error` says why ("http_timeout" or "connection_failed")."""

    status: int
    body: bytes = b""
    error: str = ""
    no_retry: bool = False


# (body, headers) -> (status, headers, body); how an in-process bot is reached without a socket.
Post = Callable[[bytes, Mapping[str, str]], tuple[int, Mapping[str, str], bytes]]


def sign(secret: str, body: bytes, timestamp: str) -> str:
    """The X-Slack-Signature of a request: v0= and HMAC-SHA256 over v0:timestamp:body."""
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return "v0=" + digest.hexdigest()


class HttpSender:
    """Posts to one URL over kept-alive connections; thread-safe."""

    def __init__(self, url: str, patience: float) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._path = parts.path or "/"
        self._patience = patience
        self._idle: deque[http.client.HTTPConnection] = deque()

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        deadline = time.monotonic() + self._patience
        while self._idle:
            try:
                return self._once(self._idle.pop(), body, headers, deadline)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                continue  # the bot closed an idle connection: that is no failure yet
            except IndexError:
                break  # another thread was faster
        return self._once(http.client.HTTPConnection(self._host, self._port), body, headers, deadline)

    def _once(
        self, connection: http.client.HTTPConnection, body: bytes, headers: Mapping[str, str], deadline: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        connection.timeout = max(0.01, deadline - time.monotonic())
        try:
            if connection.sock is not None:
                connection.sock.settimeout(connection.timeout)
            connection.request("POST", self._path, body, dict(headers))
            response = connection.getresponse()
            answer = response.status, dict(response.headers.items()), response.read()
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return answer

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


class Sender:
    """Signs and posts; turns every failure of the transport into an Ack."""

    def __init__(self, secret: str, post: Post, clock: Callable[[], float], patience: float) -> None:
        self._secret, self._post, self._clock, self._patience = secret, post, clock, patience
        self._lock = threading.Lock()

    def send(self, body: bytes, content_type: str, extra: Mapping[str, str]) -> Ack:
        timestamp = str(int(self._clock()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._secret, body, timestamp),
            **extra,
        }
        deadline = time.monotonic() + self._patience
        try:
            status, answer_headers, answer = self._post(body, headers)
            if time.monotonic() > deadline:  # a bot in this process is not cut off, but it is late all the same
                raise TimeoutError
        except TimeoutError:
            return Ack(0, error="http_timeout")
        except (OSError, http.client.HTTPException):
            return Ack(0, error="connection_failed")
        no_retry = {k.lower(): v for k, v in answer_headers.items()}.get("x-slack-no-retry") == "1"
        return Ack(status, answer, "" if 200 <= status < 300 else "http_error", no_retry)

"""Kept-open connections to Slack: one shared TLS context, a few idle connections for each host."""

import ssl
import threading
from collections import defaultdict
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

IDLE: Final = 8  # connections kept open for each host
LARGEST_ANSWER: Final = 32 * 1024 * 1024  # bytes; users.list of a large workspace is a few MiB


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the HTTP status, its reason, headers and the whole body."""

    status: int
    reason: str
    headers: Message
    body: bytes


class Connections:
    """Posts to hosts over connections that are used again. Safe for many threads; errors are OSErrors."""

    def __init__(self, timeout: float = 10.0) -> None:
        """`timeout` in seconds is that of each connect, send and read."""
        self._timeout = timeout
        self._context: ssl.SSLContext | None = None
        self._idle: dict[tuple[str, str], list[HTTPConnection]] = defaultdict(list)
        self._lock = threading.Lock()

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Post once. A connection that Slack closed while it was idle is replaced, before anything was taken."""
        parts = urlsplit(url)
        where = (parts.scheme, parts.netloc)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        kept = self._take(where)
        if kept is not None:
            try:
                kept.request("POST", target, body, headers)
                return self._finish(where, kept)
            except (BrokenPipeError, ConnectionResetError, ConnectionAbortedError):
                # includes RemoteDisconnected: closed while idle, not one byte of an answer
                kept.close()
        fresh = self._open(where)
        fresh.request("POST", target, body, headers)
        return self._finish(where, fresh)

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            idle = [connection for kept in self._idle.values() for connection in kept]
            self._idle.clear()
        for connection in idle:
            connection.close()

    def _take(self, where: tuple[str, str]) -> HTTPConnection | None:
        with self._lock:
            kept = self._idle[where]
            return kept.pop() if kept else None

    def _open(self, where: tuple[str, str]) -> HTTPConnection:
        scheme, host = where
        if scheme == "http":
            return HTTPConnection(host, timeout=self._timeout)
        with self._lock:
            self._context = self._context or ssl.create_default_context()
        return HTTPSConnection(host, timeout=self._timeout, context=self._context)

    def _finish(self, where: tuple[str, str], connection: HTTPConnection) -> Answer:
        try:
            response = connection.getresponse()
            body = response.read(LARGEST_ANSWER + 1)
            if len(body) > LARGEST_ANSWER:
                raise OSError("The answer is larger than any that Slack gives.")
        except HTTPException as error:
            connection.close()
            if isinstance(error, OSError):  # RemoteDisconnected is both
                raise
            raise OSError(f"The answer is not HTTP: {type(error).__name__}") from error
        except OSError:
            connection.close()
            raise
        self._give_back(where, connection, bool(response.will_close))
        return Answer(response.status, response.reason, response.headers, body)

    def _give_back(self, where: tuple[str, str], connection: HTTPConnection, closing: bool) -> None:
        with self._lock:
            if not closing and len(self._idle[where]) < IDLE:
                self._idle[where].append(connection)
                return
        connection.close()

"""Kept-open connections to Slack: one shared TLS context, a few idle connections for each host."""

import select
import ssl
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

IDLE: Final = 8  # connections kept open for each host
LONGEST_IDLE: Final = 30.0  # seconds; sooner than servers and what lies between give up a connection
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
        self._idle: dict[tuple[str, str], list[tuple[HTTPConnection, float]]] = defaultdict(list)
        self._lock = threading.Lock()

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Post exactly once: what may have been taken is never sent again."""
        parts = urlsplit(url)
        where = (parts.scheme, parts.netloc)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection = self._take(where) or self._open(where)
        try:
            connection.request("POST", target, body, headers)
            return self._finish(where, connection)
        except OSError:
            connection.close()
            raise
        except HTTPException as error:
            connection.close()
            raise OSError(f"The answer is not HTTP: {type(error).__name__}") from error

    def close(self) -> None:
        """Close the idle connections."""
        with self._lock:
            idle = [connection for kept in self._idle.values() for connection, _ in kept]
            self._idle.clear()
        for connection in idle:
            connection.close()

    def _take(self, where: tuple[str, str]) -> HTTPConnection | None:
        """A kept connection that the other side has not closed meanwhile."""
        while True:
            with self._lock:
                kept = self._idle[where]
                if not kept:
                    return None
                connection, since = kept.pop()
            if time.monotonic() - since < LONGEST_IDLE and not _was_closed(connection):
                return connection
            connection.close()

    def _open(self, where: tuple[str, str]) -> HTTPConnection:
        scheme, host = where
        if scheme == "http":
            return HTTPConnection(host, timeout=self._timeout)
        with self._lock:
            self._context = self._context or ssl.create_default_context()
        return HTTPSConnection(host, timeout=self._timeout, context=self._context)

    def _finish(self, where: tuple[str, str], connection: HTTPConnection) -> Answer:
        response = connection.getresponse()
        body = response.read(LARGEST_ANSWER + 1)
        if len(body) > LARGEST_ANSWER:
            raise OSError("The answer is larger than any that Slack gives.")
        self._give_back(where, connection, bool(response.will_close))
        return Answer(response.status, response.reason, response.headers, body)

    def _give_back(self, where: tuple[str, str], connection: HTTPConnection, closing: bool) -> None:
        with self._lock:
            if not closing and len(self._idle[where]) < IDLE:
                self._idle[where].append((connection, time.monotonic()))
                return
        connection.close()


def _was_closed(connection: HTTPConnection) -> bool:
    """An idle connection has nothing to say, unless that it ended."""
    waiting = select.poll()
    waiting.register(connection.sock, select.POLLIN)
    return bool(waiting.poll(0))

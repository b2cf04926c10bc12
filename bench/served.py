"""Servers to measure, each in a process of its own: the bot as shipped, an empty listener, Bolt as it comes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.bot import form
from bench.stored import configured
from bot.playground import LocalSlack
from bot.playground.network.sender import sign
from tests.ports import free_port

READY_WITHIN = 60  # seconds


@contextmanager
def served(
    folder: Path, slack: LocalSlack, kind: str, database_url: str, config: Path | None = None
) -> Iterator[int]:
    """Start a server ("bot", "syncing", "empty" or "default"); gives its port once it answers."""
    port = free_port()
    environ = (
        os.environ
        | slack.environment()
        | {
            "PORT": str(port),
            "IDP_DATABASE_URL": database_url,
            "IDP_CONFIG": str(config or configured(folder)),
        }
    )
    with (folder / f"{kind}.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "bench.serving", kind], env=environ, stdout=log, stderr=log
        )
    try:
        _wait(port, slack, server, folder / f"{kind}.log")
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def _wait(port: int, slack: LocalSlack, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            with Asking(port, slack, ["help"]) as asking:
                if b"200 OK" in asking.once()[:20]:
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"no answer: {log.read_text()[-500:]}")


class Asking:
    """One kept-open connection that asks again and again; the requests are made beforehand."""

    def __init__(self, port: int, slack: LocalSlack, texts: list[str], user: str = "U0ENGINEER") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 10)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = [_request(text, slack, user) for text in texts]
        self._turn = 0

    def once(self) -> bytes:
        """Ask and wait for the whole answer."""
        self.send()
        return self.answer()

    def send(self) -> None:
        self._turn += 1
        self._socket.sendall(self._requests[self._turn % len(self._requests)])

    def answer(self) -> bytes:
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        at = got.lower().find(b"content-length:")
        length = int(got[at + 15 : got.find(b"\r", at)])
        while len(got) < end + 4 + length:
            got += self._more()
        return got

    def _more(self) -> bytes:
        chunk = self._socket.recv(65536)
        if not chunk:
            raise ConnectionResetError("the server closed the connection")
        return chunk

    def fileno(self) -> int:
        return self._socket.fileno()

    def __enter__(self) -> "Asking":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()


def _request(text: str, slack: LocalSlack, user: str) -> bytes:
    body = form(text, slack, user)
    timestamp = str(int(time.time()))
    lines = (
        "POST /slack/events HTTP/1.1",
        "host: 127.0.0.1",
        "content-type: application/x-www-form-urlencoded",
        f"content-length: {len(body)}",
        f"x-slack-request-timestamp: {timestamp}",
        f"x-slack-signature: {sign(slack.signing_secret, body, timestamp)}",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

"""Deliveries over real connections."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.playground import LocalSlack
from bot.playground.network.sender import Sender


class Bot(BaseHTTPRequestHandler):
    """Counts connections; hangs up after an answer when it is told to."""

    protocol_version = "HTTP/1.1"
    connections: set[int]
    hang_up = False
    url = ""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.connections.add(self.client_address[1])
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.close_connection = self.hang_up

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def bot() -> Iterator[type[Bot]]:
    handler: type[Bot] = type("OneBot", (Bot,), {"connections": set()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        handler.url = f"http://127.0.0.1:{server.server_port}/slack/events"
        yield handler
        server.shutdown()


def test_connections_are_kept(slack: LocalSlack, bot: type[Bot]) -> None:
    slack.events_url = bot.url
    assert all(slack.command("engineer", "general", "/idp x").ok for _ in range(3))
    assert len(bot.connections) == 1


def test_a_connection_that_the_bot_closed_is_no_failure(slack: LocalSlack, bot: type[Bot]) -> None:
    slack.events_url = bot.url
    bot.hang_up = True
    assert all(slack.command("engineer", "general", "/idp x").ok for _ in range(3))
    assert len(bot.connections) == 3


def test_an_answer_of_a_bot_in_this_process_that_comes_too_late_is_none() -> None:
    sender = Sender("secret", lambda _body, _headers: (200, {}, b""), lambda: 0.0, patience=-1.0)
    assert sender.send(b"{}", "application/json", {}).error == "http_timeout"

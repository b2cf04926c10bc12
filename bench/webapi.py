"""What one follow-up call of Slack's Web API costs, to a bare kept-alive HTTP client."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

import httpx
from slack_sdk import WebClient

from bench.harness import Measure, at_most, figure, ratios
from bot.slack.outgoing.connections import Connections
from bot.slack.outgoing.slack_api import slack_client

TEXT = {"channel": "C1", "text": "checkout is owned by team-payments"}


def run(quick: bool) -> Iterator[Measure]:
    """chat.postMessage over plain HTTP on loopback: TLS and the network would only add to both sides."""
    rounds, times = (3, 10) if quick else (15, 100)
    with slack() as url, httpx.Client() as kept:
        connections = Connections()
        ours, usual = (
            slack_client("xoxb-bench", f"{url}/api/", connections),
            WebClient("xoxb-bench", f"{url}/api/"),
        )
        headers = {"Authorization": "Bearer xoxb-bench"}
        ours_ratio, usual_ratio = ratios(
            [partial(client.api_call, "chat.postMessage", data=TEXT) for client in (ours, usual)],
            lambda: kept.post(f"{url}/api/chat.postMessage", data=TEXT, headers=headers).json(),
            rounds=rounds,
            times=times,
        )
        connections.close()
    yield at_most("webapi.follow_up", "one follow-up call, to a kept-alive httpx client", ours_ratio, 1.2)
    yield figure("webapi.usual", "the same with a WebClient as it comes, without TLS", usual_ratio, "x")


@contextmanager
def slack() -> Iterator[str]:
    """A Web API in a process of its own that agrees to everything."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    server.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        server.terminate()
        server.join()


class _Agrees(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        answer = b'{"ok":true,"channel":"C1","ts":"1.2"}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a line for each call would be measured too."""


def _serve(there: Connection) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Agrees)
    there.send(server.server_address[1])
    server.serve_forever()

"""Slack's Web API over kept connections: waiting as told, and never twice what may have been done."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.playground import LocalSlack
from bot.slack.outgoing.chat import Chat, Place
from bot.slack.outgoing.connections import Connections
from bot.slack.outgoing.slack_api import slack_client
from bot.slack.who.me import Identity, Me, learn
from commands.parts.reply import Picture
from data.errors import Conflict, Invalid, Unavailable
from tests.waiting import until


@pytest.fixture
def chat(slack: LocalSlack, connections: Connections) -> Chat:
    return Chat(slack_client(slack.bot_token, slack.api_url, connections, retries=1), connections)


def test_the_identity_is_learned_with_app_and_scopes(local: Identity, slack: LocalSlack) -> None:
    assert (local.team_id, local.user_id, local.app_id) == (slack.team_id, slack.bot_user_id, slack.app_id)
    assert "commands" in local.scopes


def test_a_wrong_token_is_a_sentence_without_the_token(slack: LocalSlack, connections: Connections) -> None:
    with pytest.raises(Unavailable, match="invalid_auth") as caught:
        learn(slack_client("xoxb-wrong", slack.api_url, connections, retries=0))
    assert "xoxb" not in caught.value.message


def test_an_app_that_slack_does_not_name_for_a_moment_is_asked_for_again(
    slack: LocalSlack, connections: Connections
) -> None:
    me = Me(slack_client(slack.bot_token, slack.api_url, connections, retries=0))
    slack.fail("bots.info", error="internal_error")
    assert me.identity() is None  # rather than taking the requests of every app
    assert "internal_error" in me.error


def test_nobody_listening_is_a_sentence() -> None:
    me = Me(slack_client("xoxb-1", "http://127.0.0.1:9/", Connections(), retries=0))
    assert me.identity() is None
    assert "cannot be reached" in me.error


def test_slacks_wish_to_wait_is_granted(slack: LocalSlack, chat: Chat) -> None:
    slack.fail("chat.postMessage", error="ratelimited", retry_after=0)
    chat.post(Place("C0GENERAL0"), {"text": "hello"})
    assert [message.text for message in slack.messages("general", seen_by="lead")] == ["hello"]


def test_a_broken_answer_of_slack_is_tried_again(slack: LocalSlack, chat: Chat) -> None:
    slack.fail("chat.postMessage", status=503)
    chat.post(Place("C0GENERAL0"), {"text": "hello"})
    assert len(slack.messages("general", seen_by="lead")) == 1


@pytest.mark.parametrize(
    ("word", "kind"), [("channel_not_found", Conflict), ("is_archived", Conflict), ("internal_error", Unavailable)]
)
def test_what_slack_refuses_is_told_apart_from_what_may_pass(
    slack: LocalSlack, chat: Chat, word: str, kind: type[Exception]
) -> None:
    slack.fail("chat.postMessage", error=word)
    with pytest.raises(kind, match=word):
        chat.post(Place("C0GENERAL0"), {"text": "hello"})


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/services/1", "http://hooks.slack.com/1", "file:///etc/passwd", "", "ftp://127.0.0.1/"],
)
def test_an_answer_goes_to_slack_only(chat: Chat, url: str) -> None:
    with pytest.raises(Invalid, match="not Slack"):
        chat.respond(url, {"text": "internal"})


def test_a_picture_that_the_channel_refuses_goes_to_the_person(slack: LocalSlack, chat: Chat) -> None:
    picture = Picture("Dependencies", "checkout needs payments", lambda: b"\x89PNG\r\n\x1a\n")
    chat.picture(Place("C0PAYMENTS"), "U0ENGINEER", picture)
    assert [m for m in slack.messages("dm", seen_by="engineer") if m.from_bot]


class Server(ThreadingHTTPServer):
    """Counts connections; closes each after `uses` requests, as servers do with idle ones."""

    request_queue_size = 128
    uses = 10**6
    connections = 0
    closed = 0

    def has_closed(self, count: int) -> bool:
        return self.closed == count

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.closed += 1


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1
        self.served = 0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.served += 1
        self.close_connection = self.served >= self.server.uses

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def test_connections_are_used_again(server: Server, connections: Connections) -> None:
    url = f"http://127.0.0.1:{server.server_port}/"
    for n in range(20):
        assert connections.post(url, str(n).encode(), {}).body == str(n).encode()
    assert server.connections == 1


def test_a_connection_that_the_other_side_closed_meanwhile_is_replaced(
    server: Server, connections: Connections
) -> None:
    server.uses = 1
    url = f"http://127.0.0.1:{server.server_port}/"
    for count in range(1, 4):
        assert connections.post(url, b"x", {}).status == 200
        until(partial(server.has_closed, count))  # while it is idle here
    assert server.connections == 3


def test_many_threads_share_them(server: Server, connections: Connections) -> None:
    url = f"http://127.0.0.1:{server.server_port}/"
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: connections.post(url, str(n).encode(), {}).body, range(200)))
    assert answers == [str(n).encode() for n in range(200)]


def test_a_call_whose_connection_broke_is_not_made_twice(slack: LocalSlack, chat: Chat) -> None:
    chat.post(Place("C0GENERAL0"), {"text": "the connection is kept"})
    slack.fail("chat.postMessage", cut="after")
    with pytest.raises(Unavailable):
        chat.post(Place("C0GENERAL0"), {"text": "once"})
    assert [message.text for message in slack.messages("general", seen_by="lead")].count("once") == 1

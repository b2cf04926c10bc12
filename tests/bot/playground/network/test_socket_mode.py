"""Socket Mode with the official client."""

import http.client
import json
import queue
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.playground import LocalSlack
from bot.playground.network.socket_mode import SocketHub

if TYPE_CHECKING:
    from tests.bot.playground.conftest import Bolt


@pytest.fixture
def connected(slack: LocalSlack, bolt: "Bolt") -> Iterator[Any]:
    """A handler that is connected; nothing goes over HTTP."""
    slack.answer_with(None)
    handler: Any = SocketModeHandler(bolt.app, slack.app_token)
    handler.client.web_client.base_url = slack.api_url
    handler.connect()
    slack.wait(lambda: slack.hub.connected)
    yield handler
    handler.client.auto_reconnect_enabled = False
    slack.hub.close()  # else the client waits for its own three seconds
    slack.wait(lambda: not handler.client.is_connected())  # it cannot stand being closed from both ends at once
    handler.close()


def test_commands_interactions_and_events(slack: LocalSlack, bolt: "Bolt", connected: Any) -> None:
    heard = threading.Event()

    @bolt.on("command", "/idp")
    def command(ack: Any, command: Any) -> None:
        ack(text=f"heard {command['text']}")

    @bolt.on("event", "app_mention")
    def mention() -> None:
        heard.set()

    sent = slack.command("engineer", "general", "/idp " + "long " * 200)
    assert sent.ok
    assert sent.message
    assert sent.message.text.startswith("heard long long")
    slack.say("engineer", "general", "@idp hello")
    assert heard.wait(30)
    assert slack.sent("event app_mention")[0].status == 200


def test_a_lost_connection_is_made_again(slack: LocalSlack, bolt: "Bolt", connected: Any) -> None:
    @bolt.on("command", "/idp")
    def command(ack: Any) -> None:
        ack(text="still here")

    slack.hub.disconnect()
    slack.wait(lambda: slack.hub.connected)
    sent = slack.command("engineer", "general", "/idp x")
    assert sent.message
    assert sent.message.text == "still here"


def test_a_ticket_lets_in_once(slack: LocalSlack) -> None:
    connection = http.client.HTTPConnection(slack.url.removeprefix("http://"))
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "x"}
    connection.request("GET", "/socket?ticket=forged", headers=headers)
    assert connection.getresponse().status == 403
    connection.close()


class Line:
    """One connection that acknowledges whatever it gets."""

    def __init__(self, hub: SocketHub) -> None:
        self.got: list[str] = []
        self.waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=hub.serve, args=(self,), daemon=True).start()

    def send(self, text: str) -> None:
        envelope = json.loads(text)
        self.got.append(envelope["type"])
        if "envelope_id" in envelope:
            self.waiting.put(json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": "ok"}}))

    def receive(self) -> str | None:
        return self.waiting.get()

    def close(self) -> None:
        self.waiting.put(None)


def test_each_envelope_goes_to_one_connection_in_turn(slack: LocalSlack) -> None:
    lines = [Line(slack.hub), Line(slack.hub)]
    slack.wait(lambda: slack.hub.connected == 2)
    for _ in range(4):
        assert slack.command("engineer", "general", "/idp x").message
    assert [line.got.count("slash_commands") for line in lines] == [2, 2]
    eleven = [Line(slack.hub) for _ in range(9)]
    slack.wait(lambda: [line.got for line in eleven].count(["disconnect"]) == 1)
    assert slack.hub.connected == 10
    slack.hub.close()

"""Events: what causes them, how they are signed, and how Slack repeats them."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground import LocalSlack

if TYPE_CHECKING:
    from tests.bot.playground.conftest import Bolt


class Ear:
    """A bot that only listens; `answers` are the statuses that it gives, the last one for ever.

    0 is an answer that never comes, -1 a refused connection.
    """

    def __init__(self, *answers: int, headers: Mapping[str, str] | None = None) -> None:
        self.answers, self.headers = list(answers or (200,)), headers or {}
        self.heard: list[tuple[bytes, dict[str, str]]] = []

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        self.heard.append((body, dict(headers)))
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if not status:
            raise TimeoutError
        if status < 0:
            raise ConnectionRefusedError
        return status, self.headers, b""

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body, _ in self.heard]


def listening(slack: LocalSlack, *answers: int, **more: Any) -> Ear:
    ear = Ear(*answers, **more)
    slack.answer_with(ear)
    return ear


def test_every_delivery_is_signed_over_its_bytes(slack: LocalSlack) -> None:
    ear = listening(slack)
    slack.say("engineer", "general", "@idp häh?")
    ((body, headers),) = ear.heard
    base = b"v0:" + headers["X-Slack-Request-Timestamp"].encode() + b":" + body
    mac = hmac.new(slack.signing_secret.encode(), base, hashlib.sha256).hexdigest()
    assert headers["X-Slack-Signature"] == f"v0={mac}"


def test_a_mention_where_the_app_is(slack: LocalSlack) -> None:
    ear = listening(slack)
    said = slack.say("engineer", "general", "@idp who owns <checkout> & #shared, @nobody?")
    (envelope,) = ear.events()
    event = envelope["event"]
    assert event["type"] == "app_mention"
    assert event["text"] == (
        f"<@{slack.bot_user_id}> who owns &lt;checkout&gt; &amp; <#C0SHARED00|shared>, @nobody?"
    )
    assert (event["ts"], event["user"], event["channel"]) == (said.ts, "U0ENGINEER", "C0GENERAL0")
    assert (envelope["api_app_id"], envelope["team_id"]) == (slack.app_id, slack.team_id)


@pytest.mark.parametrize(
    ("channel", "text", "types"),
    [
        ("general", "just talking", []),
        ("payments", "@idp hello", []),  # the app is not there
        ("dm", "hello", ["message"]),
        ("dm", "@idp hello", ["message"]),
        ("shared", "@idp hello", ["app_mention"]),
        ("general", "see https://portal.acme.example/x and https://other.example/", ["link_shared"]),
    ],
)
def test_what_causes_an_event(slack: LocalSlack, channel: str, text: str, types: list[str]) -> None:
    ear = listening(slack)
    slack.say("engineer", channel, text)
    assert [e["event"]["type"] for e in ear.events()] == types


def test_edits_and_deletions_are_told_apart(slack: LocalSlack) -> None:
    ear = listening(slack)
    said = slack.say("engineer", "dm", "one")
    slack.edit(said, "two")
    slack.delete(said)
    events = [e["event"] for e in ear.events()]
    assert [e.get("subtype") for e in events] == [None, "message_changed", "message_deleted"]
    assert (events[1]["previous_message"]["text"], events[1]["message"]["text"]) == ("one", "two")
    assert slack.messages("dm", "engineer") == []


@pytest.mark.parametrize(
    ("status", "reason"), [(500, "http_error"), (0, "http_timeout"), (-1, "connection_failed")]
)
def test_a_failed_event_comes_again_under_its_id(slack: LocalSlack, status: int, reason: str) -> None:
    ear = listening(slack, status, 200)
    slack.say("engineer", "dm", "hello")
    slack.wait(lambda: len(slack.sent("event message")) == 2)
    assert len({e["event_id"] for e in ear.events()}) == 1
    headers = ear.heard[1][1]
    assert (headers["X-Slack-Retry-Num"], headers["X-Slack-Retry-Reason"]) == ("1", reason)


def test_after_three_repetitions_slack_gives_up(slack: LocalSlack) -> None:
    listening(slack, 500)
    slack.say("engineer", "dm", "hello")
    slack.wait(lambda: len(slack.sent("event message")) == 4)
    with pytest.raises(TimeoutError):
        slack.wait(lambda: len(slack.sent("event message")) > 4, seconds=0.1)


def test_the_bot_may_decline_repetitions(slack: LocalSlack) -> None:
    listening(slack, 500, headers={"X-Slack-No-Retry": "1"})
    slack.say("engineer", "dm", "hello")
    with pytest.raises(TimeoutError):
        slack.wait(lambda: len(slack.sent("event message")) > 1, seconds=0.1)


def test_shortcuts(slack: LocalSlack, bolt: "Bolt") -> None:
    @bolt.on("shortcut", "register")
    def on_shortcut(ack: Any, payload: Any) -> None:
        bolt.seen.append(payload)
        ack()

    said = slack.say("engineer", "general", "this repository")
    assert slack.shortcut("engineer", "register").ok
    assert slack.shortcut("engineer", "register", said).ok
    assert [p["type"] for p in bolt.seen] == ["shortcut", "message_action"]
    assert bolt.seen[1]["message"]["text"] == "this repository"


def test_an_unfurl_is_attached(slack: LocalSlack, bolt: "Bolt") -> None:
    @bolt.on("event", "link_shared")
    def unfurl(event: Any, client: Any) -> None:
        section = {"type": "section", "text": {"type": "mrkdwn", "text": "*checkout*"}}
        urls = {link["url"]: {"blocks": [section]} for link in event["links"]}
        client.chat_unfurl(channel=event["channel"], ts=event["message_ts"], unfurls=urls)

    said = slack.say("engineer", "general", "https://portal.acme.example/checkout")
    (attachment,) = slack.wait(lambda: said.body.get("attachments"))
    assert attachment["blocks"][0]["text"]["text"] == "*checkout*"

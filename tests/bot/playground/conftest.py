"""A small app of Bolt's own kind, so that the local Slack is held to the official SDK and not to our bot."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.playground import LocalSlack
from bot.playground.web_api.methods import METHODS

HISTORIES = {f"{kind}:history" for kind in ("channels", "groups", "im")}
ALL = {scope for _, scope in METHODS.values()} | {"chat:write.public"} | HISTORIES


@dataclass
class Hand:
    """A clock that a test moves."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def slack(hand: Hand) -> Iterator[LocalSlack]:
    """Started; no bot yet, and retries follow at once."""
    with LocalSlack(clock=hand, retry_waits=(0.0, 0.0, 0.0), scopes=ALL, unfurls={"portal.acme.example"}) as local:
        yield local


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url)


Listener = TypeVar("Listener", bound=Callable[..., None])


@dataclass
class Bolt:
    """A Bolt app that the local Slack reaches in this process; `seen` are the payloads that listeners got."""

    app: Any  # Bolt's own App, whose decorators have no types
    slack: LocalSlack
    seen: list[Mapping[str, Any]] = field(default_factory=list)
    status: int = 0  # answer with this instead of asking the app

    def on(self, kind: str, name: str) -> Callable[[Listener], Listener]:
        """Decorates a listener of Bolt's: on("action", "approve")."""

        def register(listener: Listener) -> Listener:
            getattr(self.app, kind)(name)(listener)
            return listener

        return register

    def post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        if self.status:
            return self.status, {}, b""
        answer = self.app.dispatch(BoltRequest(body=body.decode(), headers=dict(headers)))
        return answer.status, {k: v[0] for k, v in answer.headers.items()}, answer.body.encode()


@pytest.fixture
def bolt(slack: LocalSlack, client: WebClient) -> Bolt:
    app = App(client=client, signing_secret=slack.signing_secret, process_before_response=True)
    bolt = Bolt(app, slack)
    slack.answer_with(bolt.post)
    return bolt


@pytest.fixture
def on_command(bolt: Bolt) -> Callable[[Callable[..., None]], None]:
    """Register the listener of /idp."""

    def register(listener: Callable[..., None]) -> None:
        bolt.app.command("/idp")(listener)

    return register

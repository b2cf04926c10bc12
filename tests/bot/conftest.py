"""A local Slack for tests of single parts."""

from collections.abc import Iterator

import pytest

from bot.playground import LocalSlack
from bot.slack.outgoing.connections import Connections
from bot.slack.outgoing.slack_api import slack_client
from bot.slack.who.me import Identity, learn


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    """A local Slack that listens; no bot is connected."""
    with LocalSlack() as slack:
        yield slack


@pytest.fixture
def connections() -> Iterator[Connections]:
    """Connections that are closed at the end."""
    made = Connections()
    yield made
    made.close()


@pytest.fixture
def local(slack: LocalSlack, connections: Connections) -> Identity:
    """Who the bot is in the local Slack."""
    return learn(slack_client(slack.bot_token, slack.api_url, connections))

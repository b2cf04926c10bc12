"""Socket Mode: the same listeners, the same admission, without any address of ours."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from bot.playground import LocalSlack
from bot.slack.socket_mode import Socket, app_id_of
from tests.waiting import until

if TYPE_CHECKING:
    from tests.journeys.conftest import Door, Replica


@pytest.fixture
def connected(slack: LocalSlack, new_replica: Callable[[], "Replica"], door: "Door") -> Iterator["Replica"]:
    """A replica that Slack reaches by its WebSocket only."""
    replica = new_replica()
    door.replicas.clear()
    socket = Socket(replica.bot, slack.app_token)
    until(lambda: socket.error == "")
    yield replica
    socket.close()


@pytest.mark.usefixtures("connected")
def test_a_command_a_mention_and_a_press_are_answered_and_a_guest_is_refused(slack: LocalSlack) -> None:
    slack.command("engineer", "general", "/idp who-owns zzzz")
    slack.wait(lambda: slack.messages("general", seen_by="engineer"))
    card = slack.messages("general", seen_by="engineer")[-1]
    slack.press("engineer", card, "Help")
    slack.wait(lambda: slack.calls("response_url"))
    said = slack.say("engineer", "general", "@idp who-owns checkout")
    slack.wait(lambda: slack.thread("general", said.ts)[1:])
    assert "Payments" in slack.thread("general", said.ts)[1].text
    slack.command("guest", "general", "/idp who-owns checkout")
    slack.wait(lambda: "get no answers" in str(slack.messages("general", seen_by="guest")[-1].body))


def test_an_app_level_token_names_its_app() -> None:
    assert app_id_of("xapp-1-A012345-6789-abcdef") == "A012345"
    assert app_id_of("xapp-1-local-0123") == ""
    assert app_id_of("") == ""

"""Who gets an answer: full members of our workspace. Everybody else gets a sentence, and nothing from inside."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground import LocalSlack, Message

Ask = Callable[[str, str, str], Message]

if TYPE_CHECKING:
    from tests.journeys.conftest import Replica

pytestmark = pytest.mark.usefixtures("replica")

INSIDE = ("Payments", "team-payments", "catalog-info")


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ("guest", "Guests of the workspace get no answers"),
        ("stranger", "People of other workspaces get no answers"),
        ("departed", "This account is deactivated"),
        ("other-bot", "Bots get no answers"),
    ],
)
def test_others_get_a_sentence_and_nothing_from_inside(ask: Ask, person: str, sentence: str) -> None:
    channel = "shared" if person == "stranger" else "general"
    shown = str(ask(person, channel, "/idp who-owns checkout").body)
    assert sentence in shown
    assert not [word for word in INSIDE if word in shown]


@pytest.mark.parametrize(("person", "channel"), [("guest", "general"), ("stranger", "shared")])
def test_a_mention_by_an_outsider_is_refused_to_them_alone(slack: LocalSlack, person: str, channel: str) -> None:
    slack.say(person, channel, "@idp who-owns checkout")
    slack.wait(lambda: slack.calls("chat.postEphemeral"))
    (refusal,) = [m for m in slack.messages(channel, seen_by=person) if m.from_bot]
    assert "get no answers" in refusal.text
    assert [m for m in slack.messages(channel, seen_by="lead") if m.from_bot] == []


def test_a_press_by_an_outsider_is_refused(slack: LocalSlack, ask: Ask) -> None:
    card = ask("engineer", "shared", "/idp who-owns zzzzzz")
    slack.press("stranger", card, "Help")
    (refusal,) = slack.wait(
        lambda: [c.request for c in slack.calls("response_url") if "get no answers" in str(c.request)]
    )
    assert (refusal["response_type"], refusal["replace_original"]) == ("ephemeral", False)


def test_when_slack_cannot_say_who_asks_there_is_no_answer(slack: LocalSlack, ask: Ask) -> None:
    slack.fail("users.info", error="internal_error", times=9)
    shown = str(ask("engineer", "general", "/idp who-owns checkout").body)
    assert "Payments" not in shown
    assert "Try again" in shown


def test_a_person_known_a_moment_ago_may_ask_while_slack_is_down(slack: LocalSlack, ask: Ask) -> None:
    ask("engineer", "general", "/idp who-owns checkout")
    slack.fail("users.info", error="internal_error", times=9)
    assert "Payments" in ask("engineer", "general", "/idp who-owns checkout").text


def test_our_own_and_other_bots_messages_edits_and_deletions_are_no_questions(
    slack: LocalSlack, replica: "Replica"
) -> None:
    def event(**fields: Any) -> None:
        base = {"type": "app_mention", "channel": "C0GENERAL0", "ts": "1.1", "text": "<@U0PLAYGRND> help"}
        assert slack.event(base | fields).status == 200

    event(user=slack.bot_user_id)
    event(user="U0OTHERBOT", bot_id="B0OTHERBOT")
    event(user="U0ENGINEER", edited={"user": "U0ENGINEER", "ts": "2.0"})
    event(type="message", channel_type="im", subtype="message_changed", message={"user": "U0ENGINEER"})
    event(type="message", channel_type="im", subtype="message_deleted")
    event(type="message", channel_type="channel", user="U0ENGINEER")
    said = slack.say("engineer", "general", "@idp who-owns checkout")
    slack.wait(lambda: slack.calls("chat.postMessage"))
    slack.edit(said, "@idp who-owns checkout please")
    slack.delete(said)
    replica.bot.work.close()
    assert len(slack.calls("chat.postMessage")) == 1


def test_the_home_of_a_guest_says_why_it_is_empty(slack: LocalSlack) -> None:
    slack.open_home("guest")
    slack.wait(lambda: slack.home("guest"))
    shown = str(slack.home("guest"))
    assert "get no answers" in shown
    assert not [word for word in INSIDE if word in shown]

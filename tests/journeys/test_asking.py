"""Asking in every way that Slack offers, and what is seen."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground import LocalSlack, Message

Ask = Callable[[str, str, str], Message]

if TYPE_CHECKING:
    from tests.journeys.conftest import Replica

pytestmark = pytest.mark.usefixtures("replica")


def formatted(value: Any) -> Iterator[str]:
    """Every text of a message in which Slack looks for mentions, links and marks."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from formatted(item)


def answered(slack: LocalSlack, channel: str, count: int = 1, seen_by: str = "engineer") -> list[Message]:
    """What the bot said in a channel, once it has said so much."""

    def said() -> list[Message]:
        return [message for message in slack.messages(channel, seen_by=seen_by) if message.from_bot]

    slack.wait(lambda: len(said()) >= count)
    return said()


def test_the_slash_command_is_answered_to_the_person_alone(slack: LocalSlack, ask: Ask) -> None:
    assert "Payments" in ask("engineer", "general", "/idp who-owns checkout").text
    assert slack.messages("general", seen_by="lead") == []


def test_a_typo_is_answered_with_what_was_assumed(ask: Ask) -> None:
    answer = ask("engineer", "general", "/idp who-owns chekout")
    assert "checkout" in answer.text
    assert "Payments" in answer.text


def test_a_question_about_a_payload_is_not_lost(ask: Ask) -> None:
    assert "payload-service" in ask("engineer", "general", "/idp who-owns payload-service").text


def test_sharing_shows_the_answer_to_the_channel(slack: LocalSlack) -> None:
    slack.command("engineer", "general", "/idp who-owns checkout --share")
    (answer,) = answered(slack, "general", seen_by="lead")
    assert "Payments" in answer.text


@pytest.mark.parametrize("channel", ["shared", "payments"])
def test_an_answer_is_not_shared_where_outsiders_read_it_or_the_bot_cannot_tell(
    slack: LocalSlack, channel: str
) -> None:
    slack.command("engineer", channel, "/idp who-owns checkout --share")
    (answer,) = answered(slack, channel)
    assert "Only you see this" in str(answer.blocks)
    assert [m for m in slack.messages(channel, seen_by="lead") if m.from_bot] == []


def test_a_mention_is_answered_in_its_thread_for_everybody(slack: LocalSlack) -> None:
    said = slack.say("engineer", "general", "@idp who-owns checkout")
    (answer,) = answered(slack, "general", seen_by="lead")
    assert "Payments" in answer.text
    assert answer.thread == said.ts


def test_a_mention_inside_a_thread_is_answered_there(slack: LocalSlack) -> None:
    said = slack.say("lead", "general", "the shop is slow")
    slack.say("engineer", "general", "@idp who-owns checkout", thread=said.ts)
    (answer,) = answered(slack, "general")
    assert answer.thread == said.ts


def test_a_mention_where_outsiders_read_is_answered_to_the_person_alone(slack: LocalSlack) -> None:
    slack.say("engineer", "shared", "@idp who-owns checkout")
    (answer,) = answered(slack, "shared")
    assert "Payments" in answer.text
    assert [m for m in slack.messages("shared", seen_by="stranger") if m.from_bot] == []


def test_a_direct_message_is_answered_there(slack: LocalSlack) -> None:
    slack.say("engineer", "dm", "who owns checkout?")
    (answer,) = answered(slack, "dm")
    assert "Payments" in answer.text


@pytest.mark.parametrize("text", ["<@U0SECONDEN>", "<@U0SECONDEN|second-engineer>"])
def test_somebody_who_is_mentioned_is_found_in_the_catalog_by_the_address(
    slack: LocalSlack, ask: Ask, text: str
) -> None:
    assert "Sam Second" in ask("engineer", "general", f"/idp whois {text}").text
    slack.say("engineer", "dm", f"who is {text}?")
    (answer,) = answered(slack, "dm")
    assert "Sam Second" in answer.text


def test_an_api_without_channels_to_look_at_has_none_that_outsiders_read(slack: LocalSlack) -> None:
    slack.fail("conversations.info", error="unknown_method")
    slack.command("engineer", "general", "/idp who-owns checkout --share")
    (answer,) = answered(slack, "general", seen_by="lead")
    assert "Payments" in answer.text


def test_a_button_asks_the_next_question(slack: LocalSlack, ask: Ask) -> None:
    pressed = slack.press("engineer", ask("engineer", "general", "/idp who-owns zzzzzz"), "Help")
    assert pressed.status == 200
    answers = answered(slack, "general", 2)
    assert "who-owns" in str(answers[1].blocks)
    assert slack.messages("general", seen_by="lead") == []


def test_the_home_is_the_persons_own_desk(slack: LocalSlack) -> None:
    slack.open_home("engineer")
    slack.wait(lambda: slack.home("engineer"))
    assert "Hello engineer" in str(slack.home("engineer"))


def test_a_picture_follows_the_text_in_the_direct_messages(slack: LocalSlack, ask: Ask) -> None:
    ask("engineer", "general", "/idp deps checkout --graph")
    slack.wait(lambda: slack.calls("files.completeUploadExternal"))
    assert slack.calls("files.completeUploadExternal")[0].answer["ok"]


def test_every_payload_was_within_slacks_limits(slack: LocalSlack, replica: "Replica") -> None:
    for words in (
        "",
        "help",
        "help who-owns",
        "who-owns checkout",
        "find service",
        "freshness",
        "about",
        "x" * 9000,
    ):
        assert slack.command("engineer", "general", f"/idp {words}").error == ""
    assert not replica.bot.me.error


def test_what_a_catalog_author_writes_calls_nobody_and_forges_no_link(slack: LocalSlack, ask: Ask) -> None:
    for words in ("show forged", "who-owns forged", "find forged", "team team-payments", "deps forged"):
        answer = ask("engineer", "general", f"/idp {words}")
        shown = [answer.text, *formatted(answer.blocks)]
        assert any("channel" in text for text in shown) or words != "show forged"
        assert not [text for text in shown if "<!channel>" in text or "<@U0" in text or "<https://evil" in text]


def test_a_large_answer_is_taken_by_slack_and_says_how_much_is_missing(slack: LocalSlack, ask: Ask) -> None:
    for words in ("find type:copy", "find copy"):
        answer = ask("engineer", "general", f"/idp {words}")
        assert "more" in str(answer.blocks)
        assert len(answer.blocks) <= 50

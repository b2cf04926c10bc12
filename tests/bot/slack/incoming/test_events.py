"""Which words of a message are the question."""

import pytest

from bot.slack.incoming.events import words_for


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("<@U0BOT> who owns checkout", "who owns checkout"),
        ("hey <@U0BOT> who is on call for checkout?", "who is on call for checkout?"),
        ("The shop is slow again. <@U0BOT|idp>: oncall checkout", "oncall checkout"),
        ("who owns checkout, <@U0BOT>?", "who owns checkout"),
        ("who owns checkout <@U0BOT> Please!", "who owns checkout"),
        ("<@U0BOT> <@U0BOT> whois <@U0ANN>", "whois <@U0ANN>"),
        ("<@U0ANN> says: <@U0BOT> mine", "mine"),
        ("<@U0BOT>", ""),
        ("who owns checkout", "who owns checkout"),
    ],
)
def test_the_question_follows_the_mention(text: str, asked: str) -> None:
    assert words_for("U0BOT", text) == asked

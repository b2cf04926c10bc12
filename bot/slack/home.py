"""The app's Home: the person's own desk."""

from typing import Any

from bot.slack.answers import ask
from bot.slack.people import Person
from bot.slack.views import blocks, sentence
from commands.parts.reply import Note, Part, Section, md
from data.errors import UserError
from data.idp import Idp

HOME_BLOCKS = 100  # Slack's limit for a Home


def _desk(idp: Idp, person: Person) -> list[Part]:
    """What waits for me, and what I have for a while; nothing where there is nothing."""
    made: list[Part] = []
    for title, words, key in (
        ("Waits for your approval", "approvals", "requests"),
        ("Your access", "access mine", "grants"),
    ):
        reply = ask(idp, words, person, "", "dm")
        if reply.data.get(key):
            made += [Section(md("*{}*", title)), *reply.parts]
    return made


def home_view(idp: Idp, person: Person) -> dict[str, Any]:
    """What is mine, and what can be asked."""
    parts: list[Part] = [Section(md("*Hello {}*", person.name))]
    if idp.policies:
        parts += _desk(idp, person)
    parts += ask(idp, "mine", person, "", "dm").parts
    parts.append(
        Note(md("Type `/idp` and a name anywhere in Slack, mention me in a thread, or write to me here."))
    )
    return {"type": "home", "blocks": blocks(parts, HOME_BLOCKS)}


def closed_home(error: UserError) -> dict[str, Any]:
    """For those who get nothing from inside: the reason."""
    return {"type": "home", "blocks": blocks(sentence(error.message, error.hint).parts)}

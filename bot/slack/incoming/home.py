"""The app's Home: the person's own desk, as `/idp desk` tells it."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import orjson

from bot.slack.answers import ask
from bot.slack.drawing.views import blocks, sentence
from bot.slack.outgoing.chat import Chat
from bot.slack.who.people import Person
from commands.parts.reply import Note, Part, Section, md
from commands.parts.texts.labels import display_name
from data.errors import Unavailable, UserError
from data.idp import Idp

HOME_BLOCKS: Final = 100  # Slack's limit for a Home
# What other rooms add when they are there: title, the question, and under which name its facts hold anything.
MORE: Final = (("Your workspaces", "workspaces mine", "workspaces"),)
TIP: Final = "Type `/idp` and a name anywhere in Slack, mention me in a thread, or write to me here."


def home_view(idp: Idp, person: Person) -> dict[str, Any]:
    """What is mine, and what can be asked."""
    reply = ask(idp, "desk", person, "", "dm")
    desk, me = list(reply.parts), idp.catalog.snapshot.get(str(reply.data.get("person", "")))
    hello = Section(md("*Hello {}*", display_name(me) if me else person.name))
    parts: list[Part] = [hello, *desk[:-1], *_more(idp, person), *desk[-1:]]
    return {"type": "home", "blocks": blocks([*parts, Note(md(TIP))], HOME_BLOCKS)}


def _more(idp: Idp, person: Person) -> list[Part]:
    made: list[Part] = []
    for title, words, key in MORE:
        reply = ask(idp, words, person, "", "dm")
        if reply.ok and reply.data.get(key):
            made += [Section(md("*{}*", title)), *reply.parts]
    return made


def closed_home(error: UserError) -> dict[str, Any]:
    """For those who get nothing from inside: the reason."""
    return {"type": "home", "blocks": blocks(sentence(error.message, error.hint).parts)}


@dataclass(frozen=True, slots=True)
class SlackDesk:
    """Implements `data.ports.chat.Desk`. Every method may wait for the network."""

    idp: Idp
    person: Callable[[str], Person]  # of an account; raises Unavailable, or NotAllowed for who gets no answers
    chat: Chat

    def fingerprint(self, account: str) -> str:
        """See the port."""
        return _short(self._view(account))

    def publish(self, account: str) -> str:
        """See the port."""
        view = self._view(account)
        self.chat.home(account, view)
        return _short(view)

    def _view(self, account: str) -> dict[str, Any]:
        try:
            return home_view(self.idp, self.person(account))
        except Unavailable:
            raise
        except UserError as error:
            return closed_home(error)

    def person_of(self, account: str) -> str:
        """The reference of the User with the account's address, "" for none: for showing, not for rights."""
        try:
            email = self.person(account).email
        except UserError:
            return ""
        match = self.idp.catalog.snapshot.resolve(email, ("User",)) if email else None
        return match.entity.ref if match and match.entity and match.how == "email" else ""


def _short(view: dict[str, Any]) -> str:
    return blake2b(orjson.dumps(view), digest_size=16).hexdigest()

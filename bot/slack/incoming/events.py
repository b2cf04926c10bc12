"""Mentions and direct messages: a row first, then the acknowledgement, then the answer, exactly once."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import orjson

from bot.processes.work import Work
from bot.slack.answers import ask, carried
from bot.slack.drawing.views import render, sentence
from bot.slack.incoming.inbox import Inbox
from bot.slack.outgoing.chat import Chat, Place
from bot.slack.who.me import Identity, Me
from bot.slack.who.mentions import with_people
from bot.slack.who.people import People, Person
from commands.parts.acts import Act
from commands.parts.ask import Surface
from commands.parts.reply import Reply
from data.errors import NotAllowed, Unavailable
from data.idp import Idp
from data.store.inbox import Event

log = logging.getLogger("idp")

LEASE: Final = timedelta(minutes=2)  # after so long the answer of a process that died is taken up by another
KIND: Final = "question"  # of the rows in the inbox
LONGEST: Final = 4000  # characters of a question that are kept
_COURTESY: Final = re.compile(r"\W*(please|pls|thanks|thank you|thx)?\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked in a message. `shared` says that people of other organisations read the channel."""

    user: str
    text: str
    place: Place
    direct: bool
    shared: bool


def question_in(body: Mapping[str, Any], me: Identity) -> Question | None:
    """The question in an event, or None: bots (ourselves above all), edits and deletions ask nothing."""
    event = body.get("event") or {}
    direct = event.get("type") == "message"
    kind = event.get("channel_type") or ("im" if str(event.get("channel")).startswith("D") else "")
    if direct and kind != "im":
        return None
    if event.get("bot_id") or event.get("subtype") or event.get("edited") or event.get("hidden"):
        return None
    user, channel, ts = event.get("user"), event.get("channel"), event.get("ts")
    if not (user and channel and ts) or user == me.user_id:
        return None
    thread = event.get("thread_ts") or ("" if direct else ts)
    text = words_for(me.user_id, str(event.get("text") or ""))[:LONGEST]
    shared = bool(body.get("is_ext_shared_channel"))
    return Question(str(user), text, Place(str(channel), str(thread)), direct, shared)


def words_for(user_id: str, text: str) -> str:
    """What follows the first mention of us; what stands before it when nothing but a courtesy follows."""
    before, *after = re.split(rf"<@{re.escape(user_id)}(?:\|[^>]*)?>", text)
    asked = " ".join(after).strip().lstrip(" ,:")
    return before.strip(" ,") if _COURTESY.fullmatch(asked) else asked


def _key(body: Mapping[str, Any], question: Question) -> str:
    """What the same event has each time it is sent."""
    event = body.get("event") or {}
    return str(body.get("event_id") or f"{question.place.channel}:{event.get('ts')}")


class Events:
    """Takes events durably and answers them. Safe for many threads and many replicas."""

    def __init__(
        self, idp: Idp, me: Me, people: People, chat: Chat, work: Work, *, carry: Callable[[str, Act], Reply]
    ) -> None:
        """`carry` does what an answer wants done, in the name of an account."""
        self._idp = idp
        self._me = me
        self._people = people
        self._chat = chat
        self._carry = carry
        self.inbox = Inbox(idp, work, KIND, LEASE, self._finish)

    def take(self, body: Mapping[str, Any]) -> None:
        """Keep the event, then start the answer; raises when it cannot be kept, so that Slack sends it again."""
        me = self._me.identity()
        question = question_in(body, me) if me else None
        if question is not None:
            self.inbox.take(_key(body, question), orjson.dumps(question).decode())

    def _finish(self, event: Event) -> None:
        row = orjson.loads(event.body)
        question = Question(**row | {"place": Place(**row["place"])})
        me = self._me.identity()
        if me is None:
            raise Unavailable("Slack cannot be reached.")
        self._answer(question, me)

    def _answer(self, question: Question, me: Identity) -> None:
        try:
            person = self._people.person(question.user, me)
        except NotAllowed as refusal:
            message = render(sentence(refusal.message, refusal.hint))
            self._chat.whisper(question.place, question.user, message)
            return
        surface: Surface = "dm" if question.direct else "mention"
        words = with_people(question.text, self._idp.catalog.snapshot, lambda id: self._people.email(id, me))
        asked = ask(self._idp, words, person, question.place.channel, surface)
        reply = carried(asked, person.id, self._carry)
        try:
            self._say(question, person, reply)
        except Unavailable as error:
            if asked.act is None:
                raise  # tried again later; what has been done is not done again to be told
            log.warning("cannot tell what came of a message: %s", error.message)

    def _say(self, question: Question, person: Person, reply: Reply) -> None:
        """The words; then what belongs to them, which alone is no reason to say them again."""
        if question.shared:  # the answer would be read by people of other organisations
            self._chat.whisper(question.place, person.id, render(reply))
        else:
            self._chat.post(question.place, render(reply))
        try:
            self._attach(question, person, reply)
        except Unavailable as error:
            log.warning("an answer goes without its picture or file: %s", error.message)

    def _attach(self, question: Question, person: Person, reply: Reply) -> None:
        if reply.picture is not None:
            place = self._chat.direct(person.id) if question.shared else question.place
            self._chat.picture(place, person.id, reply.picture)
        for file in reply.files:
            self._chat.file(person.id, file)

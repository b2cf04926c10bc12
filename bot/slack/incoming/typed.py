"""`/idp words`: answered from memory where possible; words that act are kept before they are acknowledged."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from hashlib import blake2b
from threading import BoundedSemaphore
from typing import Any, Final

import orjson
from slack_bolt import BoltResponse

from bot.processes.work import Work
from bot.slack.answers import Answered, Handover, apology, ask, carried, for_one, guarded, refused
from bot.slack.drawing.drawn import json_for_you, only_you
from bot.slack.drawing.views import Message, render, sentence
from bot.slack.incoming.attaching import attach
from bot.slack.incoming.inbox import Inbox
from bot.slack.incoming.kept_presses import LASTS
from bot.slack.incoming.presses import Presses
from bot.slack.outgoing.chat import Chat, Place
from bot.slack.who.mentions import MENTION, with_people
from bot.slack.who.people import People, Person
from commands import acts
from commands.parts.reply import Note, Reply, md
from data.errors import Conflict, Unavailable, UserError
from data.idp import Idp
from data.store.inbox import Event

log = logging.getLogger("idp")

Body = dict[str, Any]

AT_ONCE: Final = 0.05  # seconds that an acknowledgement waits for an answer that needs Slack; later ones follow
PATIENT: Final = 4  # acknowledgements that wait at the same time; of a crowd the others go out at once
KIND: Final = "command"  # of the rows in the inbox
LEASE: Final = timedelta(seconds=30)
NEEDED: Final = ("user_id", "text", "channel_id", "response_url", "trigger_id")  # of a command that is kept
NOT_SHARED: Final = (
    "Only you see this: people outside the company may read this channel, or I am not in it to check."
)


class Typed:
    """Takes commands and answers them. Safe for many threads."""

    def __init__(
        self,
        idp: Idp,
        people: People,
        *,
        person: Callable[[str], Person],
        email: Callable[[str], str],
        chat: Chat,
        work: Work,
        presses: Presses,
    ) -> None:
        """`person` and `email` ask Slack about an account when needed."""
        self._idp = idp
        self._people = people
        self._person = person
        self._email = email
        self._chat = chat
        self._work = work
        self._presses = presses
        self._patient = BoundedSemaphore(PATIENT)
        self.inbox = Inbox(idp, work, KIND, LEASE, self._finish)

    def take(self, body: Body) -> BoltResponse:
        """Answer, now or a moment later; words that act are kept first."""
        text = body.get("text", "")
        person = self._people.remembered(body["user_id"])
        if person is not None and MENTION not in text:
            channel = _channel(body)
            reply = ask(self._idp, text, person, channel, "slash")
            if not (reply.public or reply.form or reply.act):
                if reply.picture or reply.files:
                    self._sent_apart(reply, person, channel)
                return Answered(json_for_you(reply))
        if self.kept(body):
            return BoltResponse(status=200)
        return self._soon(partial(self._made, body), body.get("response_url", ""))

    def kept(self, body: Body) -> bool:
        """Keep a command that acts, then start on it. False for others, and when it cannot be kept.

        What cannot be kept is still tried at once: a call for help needs no database, and other deeds say so.
        """
        if not acts(body.get("text", ""), self._idp):
            return False
        kept = orjson.dumps({name: body.get(name) or "" for name in NEEDED})
        try:
            self.inbox.take(f"command:{blake2b(kept, digest_size=16).hexdigest()}", kept.decode())
        except Unavailable:
            return False
        return True

    def _finish(self, event: Event) -> None:
        """Words that act: done, then told."""
        body = orjson.loads(event.body)
        try:
            message = self._in_time(body, event)
        except Unavailable as away:
            self._tell(body, refused(away))  # raises when Slack is away too: then it is taken up again
            return
        except UserError as error:
            message = refused(error)
        except Exception:  # noqa: BLE001 - after the acknowledgement nobody else would tell the person
            message = for_one(render(apology("doing what a command says")))
        self._show(body, message)

    def _show(self, body: Body, message: Message) -> None:
        """It is done: not being able to tell it is no reason to do it again."""
        try:
            if message:
                self._tell(body, message)
        except UserError as error:
            log.warning("cannot tell what came of a command: %s", error.message)

    def _tell(self, body: Body, message: Message) -> None:
        """Where it was typed; in the direct messages when that is not possible any more."""
        try:
            self._chat.respond(body["response_url"], {"replace_original": False, **message})
        except UserError as error:
            log.info("not told where it was typed: %s", error.message)
            said = {"text": message["text"], "blocks": message["blocks"]}
            self._chat.post(self._chat.direct(body["user_id"]), said)

    def _in_time(self, body: Body, event: Event) -> Message:
        if self._idp.now() - event.received_at > LASTS:
            raise Conflict(
                f"This is of {event.received_at:%H:%M} UTC, and it was not done in time.", "Say it again."
            )
        return self._made(body)

    def _soon(self, make: Callable[[], Message], response_url: str) -> BoltResponse:
        """In the acknowledgement when the message is ready at once, else at the response_url."""
        handover = Handover()

        def work() -> None:
            message = guarded("answering a command", make)
            if not handover.offer(message) and message:
                self._chat.respond(response_url, message)

        if self._work.submit("answering a command", work) is None:
            return Answered(json_for_you(sentence("Too many people ask at once.", "Try again in a minute.")))
        message = self._waited(handover)
        return BoltResponse(status=200) if message is None else Answered(orjson.dumps(message))

    def _waited(self, handover: Handover) -> Message | None:
        if not self._patient.acquire(blocking=False):
            return handover.wait(0)
        try:
            return handover.wait(AT_ONCE)
        finally:
            self._patient.release()

    def _made(self, body: Body) -> Message:
        person = self._person(body["user_id"])
        words = with_people(body.get("text", ""), self._idp.catalog.snapshot, self._email)
        reply = ask(self._idp, words, person, _channel(body), "slash")
        reply = carried(reply, person.id, self._presses.act)
        if reply.form:
            opened = self._presses.open_form(body, reply)
            return only_you(opened) if opened else {}
        if not reply.public:
            return self._private(reply, person, _channel(body))
        if self._chat.has_outsiders(_channel(body)):
            kept = reply._replace(parts=[*reply.parts, Note(md(NOT_SHARED))])
            return self._private(kept, person, _channel(body))
        attach(self._chat, self._work, reply, Place(_channel(body)), person)
        return {"response_type": "in_channel", **render(reply)}

    def _private(self, reply: Reply, person: Person, channel: str) -> Message:
        """For one person only."""
        if reply.picture or reply.files:
            self._sent_apart(reply, person, channel)
        return only_you(render(reply))

    def _sent_apart(self, reply: Reply, person: Person, channel: str) -> None:
        """A picture or file cannot be for one person only where others read, so it goes to the direct messages."""
        place = Place(channel if channel.startswith("D") else "")
        attach(self._chat, self._work, reply, place, person)


def _channel(body: Mapping[str, Any]) -> str:
    return str(body.get("channel_id") or "")

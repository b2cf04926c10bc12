"""One function for each thing that Slack may say. Nothing raised here may reach Bolt.

Commands are answered from memory. When the person is not known yet, or Slack must be asked something else first,
the work moves to our own threads, and the answer follows at the address that Slack gave. What has an effect, and
every message, is a row in the inbox before it is acknowledged.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt import BoltResponse

from bot.processes.work import Work, report_bug
<<<<<<< HEAD
from bot.slack.answers import Answered, Handover, apology, ask, carried, guarded
=======
from bot.slack.answers import apology, ask, carried, guarded
from bot.slack.attaching import attach
>>>>>>> main
from bot.slack.chat import Chat, Place
from bot.slack.events import Events
from bot.slack.home import closed_home, home_view
from bot.slack.me import Me
from bot.slack.people import Person
from bot.slack.presses import Presses
from bot.slack.typed import Typed, answered, only_you
from bot.slack.views import Message, render, sentence
from data.errors import Unavailable, UserError
from data.idp import Idp

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listeners:
    """What Slack may say, each with its answer. Safe for many threads."""

    idp: Idp
    me: Me
    person: Callable[[str], Person]  # who an account is; asks Slack when needed
    chat: Chat
    work: Work
    events: Events
    presses: Presses
    typed: Typed

    def on_command(self, body: Body) -> BoltResponse:
        """`/idp words`."""
        try:
<<<<<<< HEAD
            person, words = self.people.remembered(body["user_id"]), body.get("text", "")
            if person is not None and not mentions_somebody(words):
                channel = _channel(body)
                reply = ask(self.idp, words, person, channel, "slash")
                if not (reply.public or reply.form or reply.act):
                    return Answered(self._private(reply, person, channel))
            return self._soon(partial(self._command, body), body.get("response_url", ""))
        except Exception:  # noqa: BLE001 - Bolt loses the acknowledgement when a listener raises
            return Answered(_only_you(render(apology("taking a command"))))
=======
            return self.typed.take(body)
        except UserError as error:
            return answered(only_you(render(sentence(error.message, error.hint))))
        except Exception:  # noqa: BLE001 - Bolt loses the acknowledgement when a listener raises
            return answered(only_you(render(apology("taking a command"))))
>>>>>>> main

    def on_press(self, body: Body) -> BoltResponse:
        """A button that asks the next question; the answer comes below, to the person who pressed it."""
        try:
            if self.work.submit("answering a press", partial(self._press, body)) is None:
                return BoltResponse(status=503)
            return BoltResponse(status=200)
        except Exception:  # noqa: BLE001 - Bolt loses the acknowledgement when a listener raises
            report_bug("taking a press")
            return BoltResponse(status=503)

    def on_open(self) -> BoltResponse:
        """A button that opens a page: Slack tells, the browser does."""
        return BoltResponse(status=200)

    def on_event(self, body: Body) -> BoltResponse:
        """A mention or a direct message. Acknowledged only when it is kept; otherwise Slack sends it again."""
        try:
            self.events.take(body)
            return BoltResponse(status=200)
        except Unavailable:
            return BoltResponse(status=503)
        except Exception:  # noqa: BLE001 - Bolt loses the acknowledgement when a listener raises
            report_bug("taking an event")
            return BoltResponse(status=503)

    def on_home(self, body: Body) -> BoltResponse:
        """Somebody opened the app's Home."""
        event = body.get("event") or {}
        if event.get("tab", "home") == "home" and event.get("user"):
            self.work.submit("showing the Home", partial(self._home, str(event["user"])))
        return BoltResponse(status=200)

<<<<<<< HEAD
    def _soon(self, make: Callable[[], Message], response_url: str) -> BoltResponse:
        """In the acknowledgement when the message is ready at once, else at the response_url."""
        handover = Handover()

        def work() -> None:
            message = guarded("answering a command", make)
            if not handover.offer(message) and message:
                self.chat.respond(response_url, message)

        if self.work.submit("answering a command", work) is None:
            return Answered(_only_you(render(sentence("Too many people ask at once.", "Try again in a minute."))))
        message = self._waited(handover)
        return BoltResponse(status=200) if message is None else Answered(message)

    def _waited(self, handover: Handover) -> Message | None:
        if not self.patient.acquire(blocking=False):
            return handover.wait(0)
        try:
            return handover.wait(AT_ONCE)
        finally:
            self.patient.release()

    def _command(self, body: Body) -> Message:
        person = self._person(body["user_id"])
        words = with_people(body.get("text", ""), self.idp.catalog.snapshot, self._email)
        reply = ask(self.idp, words, person, _channel(body), "slash")
        reply = carried(reply, person.id, self.presses.act)
        if reply.form:
            opened = self.presses.open_form(body, reply)
            return _only_you(opened) if opened else {}
        if not reply.public:
            return self._private(reply, person, _channel(body))
        if self.chat.has_outsiders(_channel(body)):
            kept = reply._replace(parts=[*reply.parts, Note(md(NOT_SHARED))])
            return self._private(kept, person, _channel(body))
        self._draw(reply, Place(_channel(body)), person)
        return {"response_type": "in_channel", **render(reply)}

    def _private(self, reply: Reply, person: Person, channel: str) -> Message:
        """For one person only; a picture or file cannot be, so it goes to the direct messages."""
        if reply.picture is not None or reply.files:
            self._draw(reply, Place(channel if channel.startswith("D") else ""), person)
        return _only_you(render(reply))

    def _draw(self, reply: Reply, place: Place, person: Person) -> None:
        if reply.picture is not None:
            picture = partial(self.chat.picture, place, person.id, reply.picture)
            self.work.submit("drawing a picture", picture)
        for file in reply.files:  # for this person alone, wherever they asked
            self.work.submit("sending a file", partial(self.chat.file, person.id, file))

=======
>>>>>>> main
    def _press(self, body: Body) -> None:
        message = guarded("answering a press", partial(self._pressed, body))
        response_url = body.get("response_url")
        if not message:
            return  # a form was opened instead
        if response_url:
            self.chat.respond(response_url, message)
        else:  # pressed in the Home, where no message can stand
            said = {"text": message["text"], "blocks": message["blocks"]}
            self.chat.post(self.chat.direct(body["user"]["id"]), said)

    def _pressed(self, body: Body) -> Message:
        person = self.person(body["user"]["id"])
        place = _pressed_at(body)
        direct = place.channel.startswith("D")
        words = str((body.get("actions") or [{}])[0].get("value") or "")
        reply = ask(self.idp, words, person, place.channel, "dm" if direct else "slash")
        reply = carried(reply, person.id, self.presses.act)
        if reply.form:
            return self.presses.open_form(body, reply) or {}
        attach(self.chat, self.work, reply, place if direct else Place(""), person)
        where = {"thread_ts": place.thread} if place.thread else {}
        kind = "in_channel" if direct else "ephemeral"
        return {"response_type": kind, "replace_original": False, **where, **render(reply)}

    def _home(self, user_id: str) -> None:
        try:
            view = home_view(self.idp, self.person(user_id))
        except UserError as error:
            view = closed_home(error)
        self.chat.home(user_id, view)

<<<<<<< HEAD
    def _email(self, user_id: str) -> str:
        return self.people.email(user_id, self.me.identity())

    def _person(self, user_id: str) -> Person:
        me = self.me.identity()
        if me is None:
            raise Unavailable("Slack cannot be asked who you are at the moment.", "Try again in a minute.")
        return self.people.person(user_id, me)


def _only_you(message: Message) -> Message:
    return {"response_type": "ephemeral", **message}


def _channel(body: Body) -> str:
    return str(body.get("channel_id") or "")

=======
>>>>>>> main

def _pressed_at(body: Body) -> Place:
    container = body.get("container") or {}
    channel = container.get("channel_id") or (body.get("channel") or {}).get("id") or ""
    return Place(str(channel), str(container.get("thread_ts") or ""))

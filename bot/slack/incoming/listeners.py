"""One function for each thing that Slack may say. Nothing raised here may reach Bolt.

Commands are answered from memory. When the person is not known yet, or Slack must be asked something else first,
the work moves to our own threads, and the answer follows at the address that Slack gave. What has an effect, and
every message, is a row in the inbox before it is acknowledged.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from slack_bolt import BoltResponse

from bot.processes.work import Work, report_bug
from bot.slack.answers import Answered, apology, ask, carried, guarded
from bot.slack.drawing.drawn import json_for_you
from bot.slack.drawing.views import Message, render, sentence
from bot.slack.incoming.attaching import attach
from bot.slack.incoming.events import Events
from bot.slack.incoming.home import SlackDesk
from bot.slack.incoming.presses import Presses
from bot.slack.incoming.typed import Typed
from bot.slack.outgoing.chat import Chat, Place
from bot.slack.who.me import Me
from bot.slack.who.people import Person
from data.errors import Unavailable, UserError
from data.idp import Idp
from data.store.homes import opened
from workflows.telling.homes import publish

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
    desk: SlackDesk

    def on_command(self, body: Body) -> BoltResponse:
        """`/idp words`."""
        try:
            return self.typed.take(body)
        except UserError as error:
            return Answered(json_for_you(sentence(error.message, error.hint)))
        except Exception:  # noqa: BLE001 - Bolt loses the acknowledgement when a listener raises
            return Answered(json_for_you(apology("taking a command")))

    def on_press(self, body: Body) -> BoltResponse:
        """A button that asks the next question; the answer comes below, to the person who pressed it."""
        try:
            if self.typed.kept(_as_command(body)):
                return BoltResponse(status=200)
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
        reply = ask(self.idp, _words(body), person, place.channel, "dm" if direct else "slash")
        reply = carried(reply, person.id, self.presses.act)
        if reply.form:
            return self.presses.open_form(body, reply) or {}
        attach(self.chat, self.work, reply, place if direct else Place(""), person)
        where = {"thread_ts": place.thread} if place.thread else {}
        kind = "in_channel" if direct else "ephemeral"
        return {"response_type": kind, "replace_original": False, **where, **render(reply)}

    def _home(self, user_id: str) -> None:
        """Remember who looks, so that it stays right while they do; show it now."""
        idp = replace(self.idp, desk=self.desk)
        person = self.desk.person_of(user_id)  # may ask Slack, and writes down who is refused: not while we write
        with idp.database.store() as store:
            opened(store, user_id, person, idp.now())
        publish(idp, user_id)


def _words(body: Body) -> str:
    """What a button asks."""
    return str((body.get("actions") or [{}])[0].get("value") or "")


def _as_command(body: Body) -> Body:
    """The words of a button as if they were typed where it stands."""
    where = {"user_id": body["user"]["id"], "channel_id": _pressed_at(body).channel, "text": _words(body)}
    return {**where, "response_url": body.get("response_url"), "trigger_id": body.get("trigger_id")}


def _pressed_at(body: Body) -> Place:
    container = body.get("container") or {}
    channel = container.get("channel_id") or (body.get("channel") or {}).get("id") or ""
    return Place(str(channel), str(container.get("thread_ts") or ""))

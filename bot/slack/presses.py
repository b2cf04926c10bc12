"""Buttons and modals that do something. Nothing raised here may reach Bolt.

A deed is done before Slack gets its acknowledgement, so that no press is lost once it looked taken. Who presses is
proved again: a profile older than a minute is asked for, which may take a moment; later than Slack waits, the
answer follows where the button stands.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import orjson
from slack_bolt import BoltResponse

from bot.processes.work import Work, report_bug
from bot.slack.answers import Handover, apology, guarded
from bot.slack.cards import draw
from bot.slack.chat import Chat
from bot.slack.deeds import Deeds, about
from bot.slack.forms import Forms
from bot.slack.identity import Identities
from bot.slack.views import Message, render
from commands.parts.acts import Act
from commands.parts.reply import Reply
from data.errors import UserError
from workflows.requests.deciding import view as run_view
from workflows.telling.workspace_cards import request_card

Body = dict[str, Any]

WITHIN: Final = 2.5  # seconds that Slack's three leave for asking who somebody is
OPENING: Final = frozenset({"form", "deny", "review"})  # deeds that begin with a modal
OF_REQUESTS: Final = frozenset({"approve", "look", "cancel", "retry", "undo", "handover"})


@dataclass(frozen=True, slots=True)
class Presses:
    """What people do, each with its answer. Safe for many threads."""

    deeds: Deeds
    forms: Forms
    identities: Identities
    chat: Chat
    work: Work

    def on_press(self, body: Body) -> BoltResponse:
        """A button that is a deed."""
        try:
            deed, value = _pressed(body)
            if deed in OPENING:
                return self._later("opening a form", partial(self._open, body, deed, value))
            return self._in_time(body, partial(self._do, body, deed, value))
        except Exception:  # noqa: BLE001 - Bolt loses the acknowledgement when a listener raises
            report_bug("taking a press")
            return BoltResponse(status=503)

    def on_change(self, body: Body) -> BoltResponse:
        """A field of a form changed on which others depend."""
        try:
            return self._later("drawing a form again", partial(self.forms.redraw, body))
        except Exception:  # noqa: BLE001 - Bolt loses the acknowledgement when a listener raises
            report_bug("taking a change")
            return BoltResponse(status=503)

    def on_submit(self, body: Body) -> BoltResponse:
        """A modal was sent: what is wrong stands at its fields, else it happens now."""
        try:
            return _json(self.forms.submitted(body))
        except Exception:  # noqa: BLE001 - Bolt loses the acknowledgement when a listener raises
            return _json(self.forms.failed(body, apology("taking a form")))

    def on_suggest(self, body: Body) -> BoltResponse:
        """Type-ahead in a form."""
        try:
            return _json({"options": self.forms.suggestions(body)})
        except Exception:  # noqa: BLE001 - Bolt loses the acknowledgement when a listener raises
            report_bug("suggesting")
            return _json({"options": []})

    def open_form(self, body: Body, reply: Reply) -> Message | None:
        """Open the form that an answer asks for; the answer itself where that is not possible."""
        if reply.form is None or not body.get("trigger_id"):
            return render(reply)
        try:
            self.forms.open(body, reply.form)
        except UserError:
            return render(reply)
        return None

    def act(self, account: str, act: Act) -> Reply:
        """Carry out what a command asked for."""
        actor = self.identities.actor(account)
        if act.person.startswith("@"):
            act = replace(act, person=self.identities.actor(act.person[1:]).person)
        return self.deeds.act(act, actor)

    def _in_time(self, body: Body, do: Callable[[], None]) -> BoltResponse:
        if self.identities.known(body["user"]["id"]):
            do()
            return BoltResponse(status=200)
        handover = Handover()

        def work() -> None:
            do()
            handover.offer({})

        if self.work.submit("carrying out a press", work) is None:
            return BoltResponse(status=503)
        handover.wait(WITHIN)
        return BoltResponse(status=200)

    def _later(self, doing: str, do: Callable[[], object]) -> BoltResponse:
        taken = self.work.submit(doing, do) is not None
        return BoltResponse(status=200 if taken else 503)

    def _do(self, body: Body, deed: str, value: str) -> None:
        """Do it and say what came of it: on the card, and below it to who pressed when there is more to say."""
        failed = guarded("carrying out a press", partial(self._done, body, deed, value))
        self.work.submit("showing what came of a press", partial(self._show, body, deed, value, failed))

    def _done(self, body: Body, deed: str, value: str) -> Message:
        actor = self.identities.actor(body["user"]["id"])
        if deed == "send":
            container = body.get("container") or {}
            key = f"press:{container.get('channel_id')}:{container.get('message_ts')}"
            return render(self.deeds.send_pressed(value, key, actor))
        return render(self.deeds.press(deed, value, actor))

    def _show(self, body: Body, deed: str, value: str, said: Message) -> None:
        if deed in OF_REQUESTS:
            self._repair(body, value)
        ephemeral = bool((body.get("container") or {}).get("is_ephemeral"))
        if body.get("response_url"):
            whom = {"response_type": "ephemeral", "replace_original": ephemeral}
            self.chat.respond(body["response_url"], {**said, **whom})

    def _repair(self, body: Body, value: str) -> None:
        """The card that was pressed shows the present state, also one that nobody keeps up to date any more."""
        container = body.get("container") or {}
        channel, ts = container.get("channel_id"), container.get("message_ts")
        if not (channel and ts) or container.get("is_ephemeral"):
            return
        try:
            idp, view = self.deeds.idp, run_view(self.deeds.idp, about(value).id)
            viewer = self.identities.actor(body["user"]["id"]).person if str(channel).startswith("D") else ""
            with idp.database.reading() as store:
                card = request_card(idp, store, view, viewer)
            self.chat.update(str(channel), str(ts), draw(card, idp.catalog.snapshot))
        except UserError:
            return  # the card stays as it is; whoever pressed was told what is the matter

    def _open(self, body: Body, deed: str, value: str) -> None:
        said = guarded("opening a form", partial(self._opened, body, deed, value))
        if said and body.get("response_url"):
            self.chat.respond(
                body["response_url"], {"response_type": "ephemeral", "replace_original": False, **said}
            )

    def _opened(self, body: Body, deed: str, value: str) -> Message:
        actor = self.identities.actor(body["user"]["id"])
        if deed == "form":
            self.forms.open_kept(body, actor, value)
        else:
            self.forms.ask_why(body, deed, value)
        return {}


def _pressed(body: Body) -> tuple[str, str]:
    action = (body.get("actions") or [{}])[0]
    return str(action.get("action_id", "")).split(":")[1], str(action.get("value") or "")


def _json(answer: Body) -> BoltResponse:
    return BoltResponse(status=200, body=orjson.dumps(answer).decode() if answer else "")

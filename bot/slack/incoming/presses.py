"""Buttons and modals that do something. Nothing raised here may reach Bolt.

What has an effect is a row before Slack gets its acknowledgement, so that nothing is lost once it looked taken.
What only shows something is drawn at once, or a moment later.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import orjson
from slack_bolt import BoltResponse

from bot.processes.work import Work, report_bug
from bot.slack.answers import APOLOGY, Handover, guarded
from bot.slack.deeds.carrying_out import Deeds
from bot.slack.drawing.views import Message, render, sentence
from bot.slack.incoming.kept_forms import WITHIN, KeptForms
from bot.slack.incoming.kept_presses import KeptPresses, Press, press_in
from bot.slack.modals.forms import Forms
from bot.slack.modals.modal import FORM, PAGE
from bot.slack.modals.modal_answers import refused
from bot.slack.outgoing.chat import Chat
from bot.slack.who.identity import Identities
from commands.parts.acts import Act
from commands.parts.reply import Reply, md
from data.errors import NotAllowed, Unavailable, UserError
from workflows.journal import Actor
from workflows.paging import send

Body = dict[str, Any]

OPENING: Final = frozenset({"form", "deny", "review", "back"})  # deeds that begin with a modal, or turn one


@dataclass(frozen=True, slots=True)
class Presses:
    """What people do, each with its answer. Safe for many threads."""

    deeds: Deeds
    forms: Forms
    identities: Identities
    kept: KeptPresses
    kept_forms: KeptForms
    chat: Chat
    work: Work

    def on_press(self, body: Body) -> BoltResponse:
        """A button that is a deed."""
        try:
            press = press_in(body)
            if press.deed in OPENING:
                return self._later("opening a form", partial(self._open, body, press))
            self.kept.take(body)
            return BoltResponse(status=200)
        except Unavailable:
            return BoltResponse(status=503)  # not kept, so not taken: Slack shows that it failed
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
        view = body.get("view") or {}
        try:
            if view.get("callback_id") in (FORM, PAGE):
                return _json(self._filled_in(body))
            return _json(self.kept_forms.take(view, body["user"]["id"]))
        except UserError as error:
            return _json(refused(view, error))
        except Exception:  # noqa: BLE001 - Bolt loses the acknowledgement when a listener raises
            return _json(refused(view, UserError(APOLOGY.format(report_bug("taking a form")))))

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
        except NotAllowed as error:
            return render(sentence(error.message, error.hint))
        except UserError:
            return render(reply)
        return None

    def act(self, account: str, act: Act) -> Reply:
        """Carry out what a command asked for. A call for help needs no more than that somebody of ours asks."""
        if act.page is not None:
            said = send(self.deeds.idp, act.page, Actor(act.person, account))
            return Reply(md("{} Reason: {}", said, act.page.reason))
        actor = self.identities.actor(account)
        if act.person.startswith("@"):
            act = replace(act, person=self.identities.actor(act.person[1:]).person)
        return self.deeds.act(act, actor)

    def _filled_in(self, body: Body) -> Body:
        """What would happen. Raises Unavailable when Slack takes too long to say who somebody is."""
        if self.identities.remembered(body["user"]["id"]):
            return self.forms.submitted(body)
        handover = Handover()
        self.work.submit("reading a form", lambda: handover.offer(self.forms.submitted(body)))
        made = handover.wait(WITHIN)
        if made is None:
            raise Unavailable("This took too long.", "Please try once more.")
        return made

    def _later(self, doing: str, do: Callable[[], object]) -> BoltResponse:
        taken = self.work.submit(doing, do) is not None
        return BoltResponse(status=200 if taken else 503)

    def _open(self, body: Body, press: Press) -> None:
        said = guarded("opening a form", partial(self._opened, body, press))
        if said and body.get("response_url"):
            self.chat.respond(
                body["response_url"], {"response_type": "ephemeral", "replace_original": False, **said}
            )

    def _opened(self, body: Body, press: Press) -> Message:
        actor = self.identities.looker(press.account)
        if press.deed == "form":
            self.forms.open_kept(body, actor, press.value)
        elif press.deed == "back":
            self.forms.back(body)
        else:
            self.forms.ask_why(body, press.deed, press.value)
        return {}


def _json(answer: Body) -> BoltResponse:
    return BoltResponse(status=200, body=orjson.dumps(answer).decode() if answer else "")

"""Modals whose sending has an effect: a row first, then the effect; what came of it stands in the modal.

An answer that is there in time goes into the acknowledgement: faults stand where they were made, and the modal
closes when it is done. What takes longer, since Slack must say who somebody is, is shown in the modal later.
"""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final

import orjson

from bot.processes.work import Work, report_bug
from bot.slack.answers import APOLOGY, Handover
from bot.slack.deeds.carrying_out import Deeds
from bot.slack.drawing.views import render, sentence
from bot.slack.incoming.inbox import Inbox
from bot.slack.incoming.kept_presses import LASTS, LEASE
from bot.slack.modals import modal
from bot.slack.modals.modal import View
from bot.slack.modals.modal_answers import CLOSE, Body, refused, said_view
from bot.slack.modals.preview import SEND
from bot.slack.outgoing.chat import Chat
from bot.slack.who.identity import Identities
from data.errors import Conflict, Unavailable, UserError
from data.store.inbox import Event

log = logging.getLogger("idp")

KIND: Final = "form"  # of the rows in the inbox
WITHIN: Final = 2.5  # seconds of Slack's three that an effect may take which only our database is needed for
MOMENT: Final = 0.1  # seconds that are waited when Slack must be asked as well


@dataclass(frozen=True, slots=True)
class Sent:
    """A modal as it was sent: which one, what we kept in it, what was written, who sent it, and its id."""

    callback: str
    kept: Mapping[str, Any]
    note: str
    account: str
    view: str


class KeptForms:
    """Takes modals that do something."""

    def __init__(self, deeds: Deeds, identities: Identities, chat: Chat, work: Work) -> None:
        self._deeds = deeds
        self._identities = identities
        self._chat = chat
        self.inbox = Inbox(deeds.idp, work, KIND, LEASE, self._finish)

    def take(self, view: View, account: str) -> Body:
        """What Slack is to do with the modal. Raises Unavailable when it cannot be kept."""
        callback, id = str(view.get("callback_id")), str(view.get("id"))
        sent = Sent(callback, modal.unpack(view), modal.text_of(view), account, id)
        handover = Handover()
        key = f"form:{id}:{secrets.token_hex(8)}"  # sent again, after a fault say, it is another one
        self.inbox.take(key, orjson.dumps(asdict(sent)).decode(), partial(self._here, sent, view, handover))
        waited = handover.wait(WITHIN if self._identities.known(account) else MOMENT)
        if waited is None:
            return {"response_action": "update", "view": said_view("On its way", "A moment, please…")}
        return waited

    def _here(self, sent: Sent, view: View, handover: Handover, event: Event) -> None:
        """Done where it was taken: somebody may wait for the answer."""
        error = self._tried(sent, event)
        if not handover.offer(refused(view, error) if error else CLOSE):
            self._tell(sent, error)

    def _finish(self, event: Event) -> None:
        """Done elsewhere: the modal shows it, if it is still there."""
        sent = Sent(**orjson.loads(event.body))
        self._tell(sent, self._tried(sent, event))

    def _tried(self, sent: Sent, event: Event) -> UserError | None:
        """Do it; gives what went wrong."""
        try:
            self._do(sent, event)
        except UserError as error:
            return error
        except Exception:  # noqa: BLE001 - after the acknowledgement nobody else would tell the person
            return UserError(APOLOGY.format(report_bug("doing what a form asks for")))
        return None

    def _do(self, sent: Sent, event: Event) -> None:
        if self._deeds.idp.now() - event.received_at > LASTS:
            raise Conflict(f"This was sent at {event.received_at:%H:%M} UTC, and it was not done in time.")
        actor = self._identities.actor(sent.account)
        if sent.callback == SEND:
            self._deeds.send(sent.kept, actor)
        elif sent.callback == "deny":
            self._deeds.deny(str(sent.kept.get("about")), sent.note, actor)
        elif sent.callback == "review":
            self._deeds.review(str(sent.kept.get("about")), sent.note, actor)
        else:
            raise Conflict("This form is too old.", "Open it again.")

    def _tell(self, sent: Sent, error: UserError | None) -> None:
        """In the modal; in the direct messages when it is closed and something went wrong."""
        said = f"{error.message} {error.hint}".strip() if error else "Done. The card says the rest."
        try:
            self._chat.update_view(sent.view, None, said_view("Not sent" if error else "Sent", said))
        except UserError:
            if error:
                self._tell_directly(sent, error)

    def _tell_directly(self, sent: Sent, error: UserError) -> None:
        try:
            self._chat.post(self._chat.direct(sent.account), render(sentence(error.message, error.hint)))
        except Unavailable:
            if isinstance(error, Unavailable):  # nothing was done and nobody was told: it is tried again
                raise
            log.warning("could not tell what went wrong with a form")

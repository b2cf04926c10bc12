"""Presses that are done after their acknowledgement: kept as rows, and carried out by whoever has them.

Who pressed is proved, and what they may do is decided, when it is carried out: no acknowledgement waits for that.
"""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

import orjson

from bot.processes.work import Work
from bot.slack.answers import apology, refused
from bot.slack.deeds.carrying_out import Deeds, about
from bot.slack.drawing.cards import draw
from bot.slack.drawing.views import Message, render
from bot.slack.incoming.inbox import Inbox
from bot.slack.outgoing.chat import Chat
from bot.slack.who.identity import Identities
from data.errors import Conflict, Unavailable, UserError
from data.ports.chat import Card
from data.store.inbox import Event
from workflows.requests.deciding import view as run_view
from workflows.telling.workspace_cards import request_card

log = logging.getLogger("idp")

AGAIN: Final = "Press again if it is still wanted."
KIND: Final = "press"  # of the rows in the inbox
LEASE: Final = timedelta(seconds=30)  # after so long another process takes up what one that died has left
LASTS: Final = timedelta(minutes=30)  # a press that nobody came to for so long is not what people want any more
OF_REQUESTS: Final = frozenset({"approve", "look", "cancel", "retry", "undo", "handover", "goon", "stophere"})


@dataclass(frozen=True, slots=True)
class Press:
    """One press: the deed and the value of its button, who pressed, and where the button stands.

    `place` and `ts` name the message ("" in the Home); `whispered` says that only this person sees it.
    """

    deed: str
    value: str
    account: str
    place: str
    ts: str
    whispered: bool
    response_url: str


def press_in(body: Mapping[str, Any]) -> Press:
    """What was pressed, from what Slack says."""
    action = (body.get("actions") or [{}])[0]
    container = body.get("container") or {}
    return Press(
        deed=str(action.get("action_id", "")).split(":")[1],
        value=str(action.get("value") or ""),
        account=str(body["user"]["id"]),
        place=str(container.get("channel_id") or ""),
        ts=str(container.get("message_ts") or ""),
        whispered=bool(container.get("is_ephemeral")),
        response_url=str(body.get("response_url") or ""),
    )


def key_of(body: Mapping[str, Any]) -> str:
    """What a press has each time it is delivered, and no other press has."""
    said = [body["user"]["id"], body.get("trigger_id"), body.get("container"), body.get("actions")]
    return f"press:{blake2b(orjson.dumps(said), digest_size=16).hexdigest()}"


class KeptPresses:
    """Keeps presses and carries them out."""

    def __init__(self, deeds: Deeds, identities: Identities, chat: Chat, work: Work) -> None:
        self._deeds = deeds
        self._identities = identities
        self._chat = chat
        self.inbox = Inbox(deeds.idp, work, KIND, LEASE, self._finish)

    def take(self, body: Mapping[str, Any]) -> None:
        """Keep a press, then start on it. Raises Unavailable when it cannot be kept."""
        self.inbox.take(key_of(body), orjson.dumps(asdict(press_in(body))).decode())

    def _finish(self, event: Event) -> None:
        press = Press(**orjson.loads(event.body))
        try:
            said = self._done(press, event.received_at)
        except Unavailable as away:
            self._tell(press, refused(away))  # raises when Slack is away too: then the press is taken up again
            return
        except UserError as error:
            said = refused(error)
        except Exception:  # noqa: BLE001 - after the acknowledgement nobody else would tell the person
            said = render(apology("carrying out a press"))
        self._show(press, said)

    def _done(self, press: Press, pressed_at: datetime) -> Message:
        if self._deeds.idp.now() - pressed_at > LASTS:
            raise Conflict(f"You pressed this at {pressed_at:%H:%M} UTC, and it was not done in time.", AGAIN)
        actor = self._identities.actor(press.account)
        if press.deed == "send":
            which = blake2b(press.value.encode(), digest_size=6).hexdigest()  # a card may have several of these
            return render(self._deeds.send_pressed(press.value, f"press:{press.place}:{press.ts}:{which}", actor))
        return render(self._deeds.press(press.deed, press.value, actor))

    def _show(self, press: Press, said: Message) -> None:
        """On the card, and below it to who pressed. It is done: not showing it is no reason to do it again."""
        try:
            if press.deed in OF_REQUESTS:
                self._repair(press)
            self._tell(press, said)
        except Unavailable as error:
            log.warning("cannot show what came of a press: %s", error.message)

    def _tell(self, press: Press, said: Message) -> None:
        """Where the button stands; in the direct messages when that is not possible any more."""
        if not self._told_there(press, said):
            self._chat.post(self._chat.direct(press.account), {"text": said["text"], "blocks": said["blocks"]})

    def _told_there(self, press: Press, said: Message) -> bool:
        if not press.response_url:
            return False
        whom = {"response_type": "ephemeral", "replace_original": press.whispered}
        try:
            self._chat.respond(press.response_url, {**said, **whom})
        except UserError as error:
            log.info("not told where it was pressed: %s", error.message)
            return False
        return True

    def _repair(self, press: Press) -> None:
        """The card that was pressed shows the present state, also one that nobody keeps up to date any more.

        What has changed meanwhile may have been shown already, below this: then it is shown once more.
        """
        if not (press.place and press.ts) or press.whispered:
            return
        shown: Card | None = None
        try:
            viewer = self._identities.actor(press.account).person if press.place.startswith("D") else ""
            while (card := self._card(press, viewer)) != shown:
                self._chat.update(press.place, press.ts, draw(card, self._deeds.idp.catalog.snapshot))
                shown = card
        except UserError:
            return  # the card stays as it is; whoever pressed is told what is the matter

    def _card(self, press: Press, viewer: str) -> Card:
        idp = self._deeds.idp
        view = run_view(idp, about(press.value).id)
        with idp.database.reading() as store:
            return request_card(idp, store, view, viewer)

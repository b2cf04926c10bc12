"""What a person does in the simulated Slack; each method sends the bot what Slack would send."""

import re
import secrets
from collections.abc import Collection, Mapping
from typing import Any

from bot.playground import answers, elements
from bot.playground.core import Core
from bot.playground.deliveries import Deliveries, Delivery
from bot.playground.elements import Wanted
from bot.playground.modals import View
from bot.playground.payloads import Payloads
from bot.playground.people import BOT_USER
from bot.playground.state import JSON, Channel, File, Message, new_id
from bot.playground.web_api.files import file_json

EVENTS = frozenset({"app_mention", "message.im", "app_home_opened", "link_shared"})
Where = Message | View


class Acting:
    """People are given by id or name, channels by id, name or "dm"."""

    def __init__(
        self, core: Core, deliveries: Deliveries, events: Collection[str] = EVENTS, unfurls: Collection[str] = ()
    ) -> None:
        self.core, self.deliveries, self.events, self.unfurls = core, deliveries, events, unfurls
        self.payloads = Payloads(core)
        self._offered: dict[tuple[str, str], dict[str, JSON]] = {}

    def reset(self) -> None:
        """Everything as it was at the start: messages, views, faults, history."""
        self._offered.clear()
        self.core.reset()

    def command(self, user: str, channel: str, text: str) -> Delivery:
        """A slash command with its words, such as "/idp who-owns checkout"."""
        person = self.core.workspace.person(user)
        room = self.core.workspace.channel(channel, person.id)
        fields = self.payloads.command(person, room, text)
        sent = self.deliveries.command(fields)
        return answers.after_command(self.core, sent, person.id, room.id)

    def say(self, user: str, channel: str, text: str, thread: str = "") -> Message:
        """A message as it is typed: @idp, @name and #channel become mentions."""
        workspace = self.core.workspace
        person = workspace.person(user)
        room = workspace.channel(channel, person.id)
        body: JSON = {"user": person.id, "text": workspace.encode(text), "client_msg_id": secrets.token_hex(8)}
        body["team"] = person.team_id
        if thread:
            body["thread_ts"] = thread
        message = workspace.post(room, body)
        for event in self._caused(room, message):
            self.deliveries.event(event, room.shared)
        return message

    def _caused(self, room: Channel, message: Message) -> list[JSON]:
        """The events that the app is subscribed to and that this message causes."""
        present = BOT_USER in room.members
        base = {**message.as_slack(), "channel": room.id, "event_ts": message.ts}
        caused = []
        if present and f"message.{_SUBSCRIPTION[room.kind]}" in self.events:
            caused.append({**base, "type": "message", "channel_type": _CHANNEL_TYPE[room.kind]})
        if present and room.kind != "im" and f"<@{BOT_USER}>" in message.text and "app_mention" in self.events:
            caused.append({**base, "type": "app_mention"})
        if links := self._links(message.text):
            caused.append(
                {
                    "type": "link_shared",
                    "channel": room.id,
                    "user": message.body["user"],
                    "message_ts": message.ts,
                    "links": links,
                    "event_ts": message.ts,
                    "source": "conversations_history",
                }
            )
        return caused

    def _links(self, text: str) -> list[JSON]:
        hosts = [(m[0], m[1]) for m in re.finditer(r"https?://([^/\s|>:]+)[^\s|>]*", text)]
        return [{"url": url, "domain": host} for url, host in hosts if host in self.unfurls]

    def edit(self, message: Message, text: str) -> Delivery:
        """Its author changes a message."""
        workspace = self.core.workspace
        previous = message.as_slack()
        edited = {"user": message.body["user"], "ts": workspace.next_ts()}
        workspace.change(message, {"text": workspace.encode(text), "edited": edited})
        event = {"subtype": "message_changed", "message": message.as_slack(), "previous_message": previous}
        return self._about(message, event)

    def delete(self, message: Message) -> Delivery:
        """Its author deletes a message."""
        self.core.workspace.remove(message)
        event = {"subtype": "message_deleted", "deleted_ts": message.ts, "previous_message": message.as_slack()}
        return self._about(message, event)

    def _about(self, message: Message, event: JSON) -> Delivery:
        room = self.core.workspace.channels[message.channel]
        ts = self.core.workspace.next_ts()
        base = {"type": "message", "channel": room.id, "channel_type": _CHANNEL_TYPE[room.kind], "hidden": True}
        return self.deliveries.event({**base, "ts": ts, "event_ts": ts, **event}, room.shared)

    def press(self, user: str, where: Where, wanted: Wanted, value: Any = None) -> Delivery:
        """Press a button or choose `value` in another element, found by action id, value, label or block id.

        Raises LookupError when there is no such element.
        """
        person = self.core.workspace.person(user)
        block, element = elements.found(_blocks(where), wanted)
        state = elements.state_of(element, value, self._offers(block, element))
        if isinstance(where, View):
            where.inputs = elements.merged(elements.initial_state(where.body["blocks"]), where.inputs)
            if element["type"] not in elements.BUTTONS:
                where.inputs.setdefault(block["block_id"], {})[element["action_id"]] = state
        payload = self.payloads.block_actions(person, where, block, element, state)
        return answers.after_action(self.core, self.deliveries.interaction(payload), person.id)

    def suggest(self, user: str, where: Where, wanted: Wanted, query: str) -> list[JSON]:
        """Type into an external select; the options that the bot offers (those of groups flattened)."""
        person = self.core.workspace.person(user)
        block, element = elements.found(_blocks(where), wanted)
        sent = self.deliveries.interaction(self.payloads.block_suggestion(person, where, block, element, query))
        options = answers.offered(sent)
        # of earlier searches too: what was chosen then stays chosen while one looks for something else
        known = self._offered.setdefault((block["block_id"], element["action_id"]), {})
        known.update({str(option["value"]): option for option in options})
        return options

    def upload(self, user: str, name: str, data: bytes) -> File:
        """Choose a file in a form; its id is the value of a file input."""
        person = self.core.workspace.person(user)
        file = File(new_id("F"), name.rpartition("/")[2] or "file", length=len(data), data=data, user=person.id)
        self.core.workspace.files[file.id] = file
        return file

    def _offers(self, block: JSON, element: JSON) -> list[JSON]:
        if element["type"] == "file_input":
            return [file_json(self.core, file) for file in self.core.workspace.files.values()]
        return [*self._offered.get((block["block_id"], element["action_id"]), {}).values()]

    def fill(self, user: str, values: Mapping[Any, Any]) -> View:
        """Put values into the inputs of the open modal, named by action id, block id or label.

        Raises LookupError.
        """
        view = self.modal(user)
        for name, value in values.items():
            block, element = elements.found(view.body["blocks"], name)
            state = elements.state_of(element, value, self._offers(block, element))
            view.inputs.setdefault(block["block_id"], {})[element["action_id"]] = state
        return view

    def submit(self, user: str, values: Mapping[Any, Any] | None = None) -> Delivery:
        """Fill in the open modal and submit it; what Slack's client itself refuses never reaches the bot."""
        person = self.core.workspace.person(user)
        view = self.fill(user, values or {})
        view.inputs = elements.merged(elements.initial_state(view.body["blocks"]), view.inputs)
        if errors := elements.input_errors(view.body["blocks"], view.inputs):
            return Delivery("view_submission", {}, 0, 0.0, errors=errors)
        sent = self.deliveries.interaction(self.payloads.view_submission(person, view))
        return answers.after_submission(self.core, sent, view)

    def close(self, user: str, every: bool = False) -> list[Delivery]:
        """Close the open modal, or with `every` all of the stack; the bot hears of it where it asked to."""
        person = self.core.workspace.person(user)
        gone = self.core.modals.close(self.modal(user), every)
        told = [view for view in gone if view.body.get("notify_on_close")]
        return [self.deliveries.interaction(self.payloads.view_closed(person, v, every)) for v in told]

    def open_home(self, user: str, tab: str = "home") -> Delivery:
        """Open the app's Home or, with tab "messages", its messages."""
        person = self.core.workspace.person(user)
        home = self.core.modals.homes.get(person.id)
        event: JSON = {"type": "app_home_opened", "user": person.id, "tab": tab}
        event |= {"channel": self.core.workspace.direct(person.id).id, "event_ts": self.core.workspace.next_ts()}
        return self.deliveries.event({**event, "view": home.as_slack()} if home else event)

    def shortcut(self, user: str, callback_id: str, message: Message | None = None) -> Delivery:
        """A global shortcut or, with a message, one of that message's menu."""
        person = self.core.workspace.person(user)
        payload = self.payloads.shortcut(person, callback_id, message)
        return answers.after_action(self.core, self.deliveries.interaction(payload), person.id)

    def event(self, event: JSON, shared: bool = False) -> Delivery:
        """Any other event of the Events API; `event` is its inner part."""
        ts = self.core.workspace.next_ts()
        return self.deliveries.event({"event_ts": ts, **event}, shared)

    def modal(self, user: str) -> View:
        """The modal that a person sees. Raises LookupError when none is open."""
        view = self.core.modals.top(self.core.workspace.person(user).id)
        if view is None:
            raise LookupError(f"{user} has no modal open")
        return view


def _blocks(where: Where) -> list[JSON]:
    if isinstance(where, View):
        return list(where.body["blocks"])
    attached = [b for attachment in where.body.get("attachments") or () for b in attachment.get("blocks") or ()]
    return [*where.blocks, *attached]


_SUBSCRIPTION = {"im": "im", "public": "channels", "private": "groups"}
_CHANNEL_TYPE = {"im": "im", "public": "channel", "private": "group"}

"""The JSON of commands and interactions, field for field as Slack makes it."""

from typing import Any

from bot.playground.core import Core
from bot.playground.modals import View
from bot.playground.people import APP, TEAM, Person
from bot.playground.state import JSON, Channel, Message

DOMAIN = "local-simulation"
_TOKEN = "unused-verification-token"  # noqa: S105 - Slack's old token; the signature is what counts


class Payloads:
    """Builds payloads; each with a fresh trigger and response_url where Slack gives one."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def command(self, person: Person, room: Channel, text: str) -> dict[str, str]:
        """The form of a slash command."""
        word, _, rest = text.strip().partition(" ")
        return {
            "token": _TOKEN,
            "team_id": TEAM,
            "team_domain": DOMAIN,
            "channel_id": room.id,
            "channel_name": "directmessage" if room.kind == "im" else room.name,
            "user_id": person.id,
            "user_name": person.name,
            "command": word,
            "text": self._core.workspace.encode(rest.strip()),
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self._core.hook(person.id, room.id, asked=text.strip()),
            "trigger_id": self._core.modals.trigger(person.id),
        }

    def _base(self, kind: str, person: Person) -> JSON:
        user = {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id}
        return {
            "type": kind,
            "token": _TOKEN,
            "team": {"id": TEAM, "domain": DOMAIN},
            "user": user,
            "api_app_id": APP,
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def block_actions(
        self, person: Person, where: Message | View, block: JSON, element: JSON, state: JSON
    ) -> JSON:
        """A press or a choice in a message, a modal or the Home."""
        action: dict[str, Any] = {"action_id": element["action_id"], "block_id": block["block_id"], **state}
        action |= {key: element[key] for key in ("text", "value", "style", "url") if key in element}
        action["action_ts"] = self._core.workspace.next_ts()
        payload = {**self._base("block_actions", person), **self._container(where), "actions": [action]}
        if isinstance(where, View):
            return {**payload, "trigger_id": self._core.modals.trigger(person.id, where.id)}
        payload["trigger_id"] = self._core.modals.trigger(person.id)
        payload["response_url"] = self._core.hook(person.id, where.channel, where, where.thread)
        values = {block["block_id"]: {element["action_id"]: state}} if len(state) > 1 else {}
        return {**payload, "state": {"values": values}}

    def block_suggestion(
        self, person: Person, where: Message | View, block: JSON, element: JSON, query: str
    ) -> JSON:
        """Typing into an external select."""
        base = {**self._base("block_suggestion", person), **self._container(where)}
        return {**base, "action_id": element["action_id"], "block_id": block["block_id"], "value": query}

    def _container(self, where: Message | View) -> JSON:
        if isinstance(where, View):
            return {"container": {"type": "view", "view_id": where.id}, "view": where.as_slack()}
        room = self._core.workspace.channels[where.channel]
        container: JSON = {"type": "message", "message_ts": where.ts, "channel_id": room.id}
        container["is_ephemeral"] = bool(where.only_for)
        if where.thread:
            container["thread_ts"] = where.thread
        channel = {"id": room.id, "name": "directmessage" if room.kind == "im" else room.name}
        message = {} if where.only_for else {"message": where.as_slack()}
        return {"container": container, "channel": channel, **message}

    def view_submission(self, person: Person, view: View) -> JSON:
        trigger = self._core.modals.trigger(person.id, view.id)
        base = self._base("view_submission", person)
        return {**base, "trigger_id": trigger, "view": view.as_slack(), "response_urls": []}

    def view_closed(self, person: Person, view: View, cleared: bool) -> JSON:
        return {**self._base("view_closed", person), "view": view.as_slack(), "is_cleared": cleared}

    def shortcut(self, person: Person, callback_id: str, message: Message | None) -> JSON:
        """A global shortcut, or a message's."""
        kind = "message_action" if message else "shortcut"
        base = {**self._base(kind, person), "callback_id": callback_id}
        base |= {"action_ts": self._core.workspace.next_ts(), "trigger_id": self._core.modals.trigger(person.id)}
        if message is None:
            return base
        room = self._core.workspace.channels[message.channel]
        hook = self._core.hook(person.id, room.id, None, message.thread)
        where = {"channel": {"id": room.id, "name": room.name}, "message_ts": message.ts, "response_url": hook}
        return {**base, **where, "message": message.as_slack()}

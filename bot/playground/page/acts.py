"""What a person does on the page, as calls of the same methods that tests use."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.playground import elements
from bot.playground.acting import Acting, Where
from bot.playground.deliveries import Delivery
from bot.playground.errors import SlackError
from bot.playground.state import JSON, Message
from bot.playground.web_api.chat import toggle_reaction

Ask = Mapping[str, Any]


def act(slack: Acting, ask: Ask) -> JSON:
    """Do what is asked; `{"ok": …}` with the error, the field errors or the options that came of it."""
    function = ACTS.get(ask.get("act", ""))
    if function is None:
        return {"ok": False, "error": "unknown_act"}
    try:
        return function(slack, ask)
    except (SlackError, LookupError, KeyError) as refused:
        return {"ok": False, "error": str(refused)}


def _sent(sent: Delivery) -> JSON:
    return {"ok": sent.ok, "error": sent.error, "errors": dict(sent.errors or {}), "seconds": sent.seconds}


def _command(slack: Acting, ask: Ask) -> JSON:
    return _sent(slack.command(ask["as"], ask["channel"], ask["text"]))


def _say(slack: Acting, ask: Ask) -> JSON:
    message = slack.say(ask["as"], ask["channel"], ask["text"], ask.get("thread", ""))
    return {"ok": True, "ts": message.ts}


def _where(slack: Acting, ask: Ask) -> Where:
    if view := ask.get("view"):
        return slack.core.modals.find(view)
    return _message(slack, ask)


def _message(slack: Acting, ask: Ask) -> Message:
    return slack.core.workspace.channels[ask["channel"]].messages[ask["ts"]]


def _press(slack: Acting, ask: Ask) -> JSON:
    where = _where(slack, ask)
    if ask.get("values"):  # the bot reads the whole form, whichever element was touched
        slack.fill(ask["as"], _values(slack, ask))
    return _sent(slack.press(ask["as"], where, (ask["block"], ask["action"]), ask.get("value")))


def _values(slack: Acting, ask: Ask) -> dict[tuple[str, str], Any]:
    """What was put into the fields that are there; the page may remember those of an earlier drawing too."""
    blocks = slack.modal(ask["as"]).body["blocks"]
    there = {(block["block_id"], element["action_id"]) for block, element in elements.walk(blocks)}
    given = {(block, action): value for block, row in ask["values"].items() for action, value in row.items()}
    return {field: value for field, value in given.items() if field in there}


def _shortcut(slack: Acting, ask: Ask) -> JSON:
    message = _message(slack, ask) if "ts" in ask else None
    return _sent(slack.shortcut(ask["as"], ask["shortcut"], message))


def _delete(slack: Acting, ask: Ask) -> JSON:
    message = _message(slack, ask)
    if message.body.get("user") != slack.core.workspace.person(ask["as"]).id:
        raise SlackError("cant_delete_message")
    slack.delete(message)
    return {"ok": True}


def _suggest(slack: Acting, ask: Ask) -> JSON:
    wanted = (ask["block"], ask["action"])
    return {"ok": True, "options": slack.suggest(ask["as"], _where(slack, ask), wanted, ask.get("query", ""))}


def _submit(slack: Acting, ask: Ask) -> JSON:
    return _sent(slack.submit(ask["as"], _values(slack, ask)))


def _close(slack: Acting, ask: Ask) -> JSON:
    slack.close(ask["as"], bool(ask.get("every")))
    return {"ok": True}


def _home(slack: Acting, ask: Ask) -> JSON:
    return _sent(slack.open_home(ask["as"], ask.get("tab", "home")))


def _react(slack: Acting, ask: Ask) -> JSON:
    message = _message(slack, ask)
    person = slack.core.workspace.person(ask["as"]).id
    mine = any(r["name"] == ask["name"] and person in r["users"] for r in message.body.get("reactions", ()))
    toggle_reaction(slack.core, message, ask["name"], person, add=not mine)
    return {"ok": True}


def _reset(slack: Acting, _ask: Ask) -> JSON:
    slack.reset()
    return {"ok": True}


ACTS: Mapping[str, Callable[[Acting, Ask], JSON]] = {
    "command": _command,
    "say": _say,
    "press": _press,
    "suggest": _suggest,
    "submit": _submit,
    "close": _close,
    "home": _home,
    "react": _react,
    "shortcut": _shortcut,
    "delete": _delete,
    "reset": _reset,
}

"""What a person does on the page, as calls of the same methods that tests use."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.playground.acting import Where
from bot.playground.api_chat import toggle_reaction
from bot.playground.deliveries import Delivery
from bot.playground.errors import SlackError
from bot.playground.state import JSON

if TYPE_CHECKING:
    from bot.playground.server import LocalSlack

Ask = Mapping[str, Any]


def act(slack: "LocalSlack", ask: Ask) -> JSON:
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


def _command(slack: "LocalSlack", ask: Ask) -> JSON:
    return _sent(slack.command(ask["as"], ask["channel"], ask["text"]))


def _say(slack: "LocalSlack", ask: Ask) -> JSON:
    message = slack.say(ask["as"], ask["channel"], ask["text"], ask.get("thread", ""))
    return {"ok": True, "ts": message.ts}


def _where(slack: "LocalSlack", ask: Ask) -> Where:
    if view := ask.get("view"):
        return slack.core.modals.find(view)
    return slack.core.workspace.channels[ask["channel"]].messages[ask["ts"]]


def _press(slack: "LocalSlack", ask: Ask) -> JSON:
    return _sent(slack.press(ask["as"], _where(slack, ask), (ask["block"], ask["action"]), ask.get("value")))


def _suggest(slack: "LocalSlack", ask: Ask) -> JSON:
    wanted = (ask["block"], ask["action"])
    return {"ok": True, "options": slack.suggest(ask["as"], _where(slack, ask), wanted, ask.get("query", ""))}


def _submit(slack: "LocalSlack", ask: Ask) -> JSON:
    values = {(block, action): value for block, row in ask["values"].items() for action, value in row.items()}
    return _sent(slack.submit(ask["as"], values))


def _close(slack: "LocalSlack", ask: Ask) -> JSON:
    slack.close(ask["as"], bool(ask.get("every")))
    return {"ok": True}


def _home(slack: "LocalSlack", ask: Ask) -> JSON:
    return _sent(slack.open_home(ask["as"], ask.get("tab", "home")))


def _react(slack: "LocalSlack", ask: Ask) -> JSON:
    message = slack.core.workspace.channels[ask["channel"]].messages[ask["ts"]]
    person = slack.core.workspace.person(ask["as"]).id
    mine = any(r["name"] == ask["name"] and person in r["users"] for r in message.body.get("reactions", ()))
    toggle_reaction(slack.core, message, ask["name"], person, add=not mine)
    return {"ok": True}


def _reset(slack: "LocalSlack", _ask: Ask) -> JSON:
    slack.reset()
    return {"ok": True}


ACTS: Mapping[str, Callable[["LocalSlack", Ask], JSON]] = {
    "command": _command,
    "say": _say,
    "press": _press,
    "suggest": _suggest,
    "submit": _submit,
    "close": _close,
    "home": _home,
    "react": _react,
    "reset": _reset,
}

"""What Slack does with the bot's acknowledgement."""

from dataclasses import replace
from typing import Any

from bot.playground.block_kit import checking
from bot.playground.core import Core, Hook
from bot.playground.deliveries import Delivery
from bot.playground.errors import SlackError
from bot.playground.modals import View
from bot.playground.state import JSON
from bot.playground.web_api.response_url import respond
from bot.playground.web_api.views import checked_view

SLACKBOT = "USLACKBOT"


def after_command(core: Core, sent: Delivery, user: str, channel: str) -> Delivery:
    """The body of the acknowledgement is a message; a failure is Slackbot's, seen by the person only."""
    if sent.error:
        word = sent.payload["command"]
        _slackbot(core, user, channel, f"{word} failed with the error “{sent.error}”")
        return sent
    if not sent.answer:
        return sent
    payload = sent.answer if isinstance(sent.answer, dict) else {"text": str(sent.answer)}
    try:
        asked = f"{sent.payload['command']} {sent.payload['text']}"
        message = respond(core, Hook(user, channel, core.workspace.clock(), asked=asked), payload)
    except SlackError as refused:
        _slackbot(core, user, channel, f"{sent.payload['command']} failed with the error “{refused.code}”")
        return replace(sent, error=refused.code, answer=refused.as_slack())
    return replace(sent, message=message)


def _slackbot(core: Core, user: str, channel: str, text: str) -> None:
    body = {"user": SLACKBOT, "text": text, "is_ephemeral": True}
    core.workspace.post(core.workspace.channel(channel), body, only_for=user)


def after_action(core: Core, sent: Delivery, user: str) -> Delivery:
    """Slack shows a warning beside the element when the app did not acknowledge."""
    if sent.error:
        notice(core, user, f"The app did not answer ({sent.error}).")
    return sent


def notice(core: Core, user: str, text: str) -> None:
    """A line that the page shows to one person for a moment."""
    core.workspace.tell("notice", user, {"text": text})


def offered(sent: Delivery) -> list[JSON]:
    """The options of an answer to a block suggestion; none when Slack would refuse them."""
    if sent.error or not isinstance(sent.answer, dict):
        return []
    groups = sent.answer.get("option_groups") or []
    options = [*(sent.answer.get("options") or []), *(o for g in groups for o in g.get("options") or [])]
    return [] if len(options) > 100 or any(checking.faults_of(o) for o in options) else options


def after_submission(core: Core, sent: Delivery, view: View) -> Delivery:
    """Close, update, push or clear, or show errors beside the fields. Real Slack's words where it fails."""
    if sent.error:
        return replace(sent, errors={"": "We had some trouble connecting. Try again?"})
    answer: Any = sent.answer if isinstance(sent.answer, dict) else {}
    try:
        errors = _respond(core, view, answer)
    except SlackError as refused:
        return replace(sent, error=refused.code, answer=refused.as_slack(), errors={"": _BROKEN})
    return replace(sent, errors=errors) if errors else sent


def _respond(core: Core, view: View, answer: JSON) -> dict[str, str]:
    action = answer.get("response_action", "")
    if action == "errors":
        return _field_errors(view, answer)
    if action == "update":
        core.modals.update(view.id, "", checked_view(core, answer.get("view"), "modal"))
    elif action == "push":
        core.modals.push_for(view.user, checked_view(core, answer.get("view"), "modal"))
    else:
        core.modals.close(view, every=action == "clear")
    return {}


def _field_errors(view: View, answer: JSON) -> dict[str, str]:
    errors = {str(block): str(text) for block, text in (answer.get("errors") or {}).items()}
    inputs = {b["block_id"] for b in view.body["blocks"] if b["type"] == "input"}
    if not errors or not set(errors) <= inputs:
        raise SlackError("invalid_errors")  # Slack shows errors beside input blocks only
    return errors


_BROKEN = "We had some trouble connecting. Try again?"

"""What Slack is to do with a modal that was sent."""

from collections.abc import Mapping
from typing import Any, Final

from bot.slack.drawing.views import blocks
from bot.slack.modals import modal
from bot.slack.modals.modal import REASON, View
from commands.parts.reply import Section, md
from data.errors import UserError

Body = dict[str, Any]

CLOSE: Final[Body] = {"response_action": "clear"}


def faulty(view: View, faults: Mapping[str, str]) -> Body:
    """Each fault at its field; what was filled in stays."""
    return {"response_action": "errors", "errors": modal.errors(view, faults)}


def refused(view: View, error: UserError) -> Body:
    """A sentence where the person looks: at a field, or in place of a modal that has none."""
    sentence = f"{error.message} {error.hint}".strip()
    if any(block.get("type") == "input" for block in view.get("blocks") or ()):
        return faulty(view, {REASON: sentence})
    return {"response_action": "update", "view": said_view("Not sent", sentence)}


def said_view(title: str, sentence: str) -> View:
    """A modal that only says something."""
    return {**modal.frame("said", title, "", "Close"), "blocks": blocks([Section(md("{}", sentence))])}

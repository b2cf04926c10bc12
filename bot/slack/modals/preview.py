"""What would happen if a form were sent: in a modal, and in an answer."""

from collections.abc import Mapping
from typing import Any

from bot.slack.drawing.views import blocks
from bot.slack.modals.modal import View, frame, pack
from commands.parts.requests.previews import preview_parts
from data.catalog.snapshot import Snapshot
from workflows.requests.request import Preview

SEND = "send"  # the callback id


def preview_view(preview: Preview, snapshot: Snapshot, values: Mapping[str, Any], reason: str, key: str) -> View:
    """What would happen, before it does; sending it is the second confirmation of break-glass."""
    glass = preview.draft.break_glass
    packed = pack({"action": preview.action.name, "values": dict(values), "reason": reason, "key": key})
    return {
        **frame(SEND, preview.action.title, "Break the glass" if glass else "Send", "Back"),
        "private_metadata": packed,
        "blocks": blocks(preview_parts(preview, snapshot, reason)),
    }

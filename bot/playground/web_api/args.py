"""The arguments of a Web API call, from a form or from JSON."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from bot.playground.errors import SlackError
from bot.playground.state import JSON


class Args(dict[str, Any]):
    """Values by name; those of a form are strings, whatever they mean."""

    def text(self, name: str) -> str:
        """A string; "" when it is absent."""
        value = self.get(name)
        return "" if value is None else str(value)

    def need(self, name: str) -> str:
        """A string that has to be there. Raises SlackError invalid_arguments."""
        if not (value := self.text(name)):
            raise SlackError(
                "invalid_arguments", response_metadata={"messages": [f"[ERROR] missing required field: {name}"]}
            )
        return value

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"1", "true"}

    def number(self, name: str, default: int = 0) -> int:
        try:
            return int(float(self.text(name) or default))
        except (ValueError, OverflowError):
            raise SlackError("invalid_arguments") from None

    def json(self, name: str) -> Any:
        """A structured value, given as JSON or as a string of JSON. Raises SlackError invalid_json."""
        value = self.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except (ValueError, RecursionError):
            raise SlackError("invalid_blocks_format" if name == "blocks" else "invalid_json") from None


def page_of(items: Sequence[Any], args: Args, key: str) -> JSON:
    """One page of a list with Slack's cursor. Raises invalid_cursor and invalid_limit."""
    limit = args.number("limit", 100) or 100
    if not 1 <= limit <= 1000:
        raise SlackError("invalid_limit")
    start = _start(args.text("cursor"))
    more = start + limit < len(items)
    cursor = base64.b64encode(f"next:{start + limit}".encode()).decode() if more else ""
    return {"ok": True, key: list(items[start : start + limit]), "response_metadata": {"next_cursor": cursor}}


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, number = base64.b64decode(cursor, validate=True).decode().split(":")
        if word != "next":
            raise ValueError(word)
        return int(number)
    except (ValueError, binascii.Error):
        raise SlackError("invalid_cursor") from None

"""What Slack says of channels: their ids by name, and whether people of other organisations read them."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from slack_sdk import WebClient

from bot.slack.outgoing.chat import slack_call

FRESH: Final = 600.0  # seconds for which a list of all channels is believed
PAGES: Final = 50  # of a thousand channels; what comes after them is not known
KINDS: Final = "public_channel,private_channel"


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel. `outsiders`: people of other organisations read it, or may soon; `member`: the bot is in it."""

    id: str
    name: str
    outsiders: bool
    member: bool


@dataclass(slots=True)
class Channels:
    """All channels that Slack shows us, listed once for many questions. Safe for many threads.

    Raises Unavailable when Slack does not answer, Conflict when it does not show us any.
    """

    client: WebClient
    _known: Mapping[str, Channel] = field(default_factory=dict)
    _until: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, name: str) -> Channel | None:
        """By id, or by name with or without #; None for what Slack does not show us."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._known = {key: each for each in self._listed() for key in (each.id, each.name)}
                self._until = time.monotonic() + FRESH
            return self._known.get(name.removeprefix("#"))

    def _listed(self) -> list[Channel]:
        found: list[Channel] = []
        cursor = ""
        for _ in range(PAGES):
            page = slack_call(lambda at=cursor: self._page(at))  # type: ignore[misc]  # bound now
            found += [_channel(row) for row in page.get("channels") or ()]
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return found

    def _page(self, cursor: str) -> Any:
        return self.client.conversations_list(
            types=KINDS, exclude_archived=True, limit=1000, cursor=cursor or None
        )


def _channel(row: Mapping[str, Any]) -> Channel:
    outsiders = bool(row.get("is_ext_shared") or row.get("is_pending_ext_shared"))
    return Channel(str(row["id"]), str(row.get("name") or ""), outsiders, bool(row.get("is_member")))

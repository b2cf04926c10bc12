"""The history of what went between the bot and the simulated Slack."""

import copy
from collections import deque
from dataclasses import dataclass
from typing import Any

from bot.playground.state import JSON, Workspace


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer.

    `name` is the API method ("chat.postMessage", "response_url", "upload") or what was delivered ("command",
    "event app_mention", "block_actions", …). `out` True: from Slack to the bot. `status` 0: no answer came.
    `at` is seconds since the epoch.
    """

    name: str
    out: bool
    at: float
    seconds: float
    status: int
    request: Any
    answer: Any
    note: str = ""

    def as_json(self) -> JSON:
        return {
            "name": self.name,
            "out": self.out,
            "at": self.at,
            "seconds": self.seconds,
            "status": self.status,
            "request": self.request,
            "answer": self.answer,
            "note": self.note,
        }


class Traffic:
    """The last thousand exchanges, oldest first."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._seen: deque[Exchange] = deque(maxlen=1000)

    def add(self, exchange: Exchange) -> None:
        with self._workspace.lock:
            self._seen.append(exchange)
            self._workspace.tell("traffic", "", exchange.as_json())

    def all(self) -> list[Exchange]:
        with self._workspace.lock:
            return list(self._seen)

    def clear(self) -> None:
        with self._workspace.lock:
            self._seen.clear()


_SECRET = {"token", "authorization", "client_secret", "refresh_token"}


def without_secrets(value: Any) -> Any:
    """A copy in which tokens are stars, for the inspector."""
    if isinstance(value, dict):
        return {k: "***" if k.lower() in _SECRET else without_secrets(v) for k, v in value.items()}
    return copy.copy(value)

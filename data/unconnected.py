# ruff: noqa: ARG002 - the signatures are those of the ports, whatever is not connected
"""Ports that nothing is connected to: each says so in a sentence, and what to do about it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from data.errors import Unavailable

if TYPE_CHECKING:  # types only, as in data.idp
    from data.ports.access import Entitlement
    from data.ports.chat import Card, Posted
    from data.ports.engine import WorkState
    from data.store.database import Store


class Engine:
    """No engine: this process only answers."""

    stopping = False

    def enqueue(self, store: "Store", work: str, id: str, *args: str | int, delay: float = 0) -> None:
        raise self._missing()

    def states(self, ids: Collection[str]) -> "Mapping[str, WorkState]":
        raise self._missing()

    def withdraw(self, work: str, beginning: str) -> None:
        raise self._missing()

    def forget(self, before: datetime) -> int:
        raise self._missing()

    def _missing(self) -> Unavailable:
        return Unavailable("This process cannot start any work.", "Ask the bot that `idp serve` runs.")


class Access:
    """No access system."""

    name = "nothing"

    def grant(self, access: "Entitlement") -> None:
        raise self._missing()

    def revoke(self, access: "Entitlement") -> None:
        raise self._missing()

    def holds(self, access: "Entitlement") -> bool:
        raise self._missing()

    def list(self) -> "Sequence[Entitlement]":
        raise self._missing()

    def _missing(self) -> Unavailable:
        return Unavailable("Production access is not connected.", "Set `access:` in idp.yaml.")


class Chat:
    """No chat: what is to be shown waits until there is one."""

    def post(self, channel: str, card: "Card", thread: str = "", marker: str = "") -> "Posted":
        raise self._missing()

    def update(self, posted: "Posted", card: "Card") -> None:
        raise self._missing()

    def dm(self, person: str, card: "Card", marker: str = "") -> "Posted":
        raise self._missing()

    def find(self, place: str, marker: str, since: datetime, thread: str = "") -> "Posted | None":
        raise self._missing()

    def _missing(self) -> Unavailable:
        return Unavailable("Chat is not connected.", "Set SLACK_BOT_TOKEN.")


class Files:
    """No chat that keeps files."""

    def upload(self, name: str, title: str, alt: str, content: bytes) -> str:
        raise Unavailable("Chat is not connected.", "Set SLACK_BOT_TOKEN.")


class Desk:
    """No chat, no pages in it."""

    def fingerprint(self, account: str) -> str:
        return ""

    def publish(self, account: str) -> str:
        raise Unavailable("Chat is not connected.", "Set SLACK_BOT_TOKEN.")


class Board:
    """No board."""

    def find(self, name: str) -> str | None:
        raise self._missing()

    def put(self, name: str, marker: str, text: str) -> None:
        raise self._missing()

    def remove(self, name: str, marker: str) -> None:
        raise self._missing()

    def _missing(self) -> Unavailable:
        return Unavailable("No board is connected.", "Set `board:` in idp.yaml to a folder.")

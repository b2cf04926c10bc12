"""Where people are told."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    pass


class Card:
    """Base of the values that can be shown to people; `bot.slack.cards` knows how each of them looks."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Notice(Card):
    """A plain sentence for people, without buttons. Values from outside in it are escaped by `bot`."""

    text: str


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message is: enough to update it or to answer in its thread."""

    channel: str
    ts: str


class Chat(Protocol):
    """Where people are told. Raises Unavailable (try again) or NotFound (no such channel or person, archived)."""

    def post(self, channel: str, card: Card, thread: str = "") -> Posted:
        """Post into a channel (id, or name with or without #); `thread` is the ts of the message to answer."""
        ...

    def update(self, posted: Posted, card: Card) -> None:
        """Show the present state in place. A message that is gone is NotFound."""
        ...

    def dm(self, person: str, card: Card) -> Posted:
        """Tell one person, named by the canonical reference of their User entity."""
        ...

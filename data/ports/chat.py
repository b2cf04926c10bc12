"""Where people are told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from data.errors import Unavailable


class Card:
    """Base of the values that can be shown to people; `bot.slack.drawing.cards` knows how each of them looks."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Notice(Card):
    """A plain sentence for people, without buttons. Values from outside in it are escaped by `bot`."""

    text: str


@dataclass(frozen=True, slots=True)
class Enclosure(Card):
    """A file that is shared with everybody in the place where it is posted; it is never changed.

    Its marker is its name, by which `Chat.find` knows it: no two files have the same.
    """

    name: str
    title: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message is: enough to update it or to answer in its thread. Of an enclosure `ts` is its id."""

    channel: str
    ts: str


class TooMany(Unavailable):
    """Too many calls; nothing was done. `seconds` is how long the chat wants to be left alone."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class PictureRefused(Unavailable):
    """The chat does not show the picture of the card, which it may not be done with; nothing was posted."""


class Uncertain(Unavailable):
    """The chat did not answer, so that nobody knows whether it has taken the message."""


class Chat(Protocol):
    """Where people are told.

    Raises NotFound (no such channel or person, archived), Unavailable (nothing was posted, a later try may help),
    PictureRefused (so may a card without its picture), Uncertain (it may have been posted) or Conflict (refused,
    and it will be again).
    """

    def post(self, channel: str, card: Card, thread: str = "", marker: str = "") -> Posted:
        """Post into a channel (id, or name with or without #); `thread` is the ts of the message to answer.

        `marker` goes with the message, unseen, so that `find` finds it.
        """
        ...

    def update(self, posted: Posted, card: Card) -> None:
        """Show the present state in place. A message that is gone is NotFound."""
        ...

    def dm(self, person: str, card: Card, marker: str = "") -> Posted:
        """Tell one person, named by the canonical reference of their User entity."""
        ...

    def find(self, place: str, marker: str, since: datetime, thread: str = "") -> Posted | None:
        """A message of ours with this marker, in a channel or the DM of a person, posted after `since`.

        Raises NotAllowed when the chat does not let us look.
        """
        ...


class Files(Protocol):
    """Pictures that messages show."""

    def upload(self, name: str, title: str, alt: str, content: bytes) -> str:
        """Keep a picture that nobody sees until a message shows it; gives its id.

        Raises Unavailable or Conflict.
        """
        ...


class Desk(Protocol):
    """Everybody's own page in the chat."""

    def fingerprint(self, account: str) -> str:
        """What the page would show now, in short; "" when nothing is to be shown to this account."""
        ...

    def publish(self, account: str) -> str:
        """Show the present state; gives its fingerprint. Raises Unavailable or Conflict."""
        ...

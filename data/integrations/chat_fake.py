"""A chat that only remembers: for tests, and for running actions without Slack."""

import threading
from dataclasses import dataclass, field

from data.errors import NotFound, UserError
from data.ports.chat import Card, Posted


@dataclass
class FakeMessage:
    """One message and every version of it that people saw, the newest last."""

    place: str
    thread: str
    cards: list[Card]

    @property
    def card(self) -> Card:
        return self.cards[-1]


@dataclass
class FakeChat:
    """Implements the port `data.ports.Chat`. `fault` is raised by every call while it is set."""

    messages: dict[str, FakeMessage] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)  # channels that do not exist (any more)
    fault: UserError | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def post(self, channel: str, card: Card, thread: str = "") -> Posted:
        with self._lock:
            if self.fault:
                raise self.fault
            if channel in self.closed:
                raise NotFound(f"There is no channel {channel}.")
            ts = f"{len(self.messages) + 1}.0"
            self.messages[ts] = FakeMessage(channel, thread, [card])
            return Posted(channel, ts)

    def update(self, posted: Posted, card: Card) -> None:
        with self._lock:
            if self.fault:
                raise self.fault
            if posted.ts not in self.messages:
                raise NotFound("That message is gone.")
            self.messages[posted.ts].cards.append(card)

    def dm(self, person: str, card: Card) -> Posted:
        return self.post(person, card)

    def at(self, place: str) -> list[FakeMessage]:
        """What was posted there, in order."""
        with self._lock:
            return [message for message in self.messages.values() if message.place == place]

"""A chat that only remembers: for tests, and for running actions without Slack."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import count

from data.errors import NotFound, UserError
from data.ports.chat import Card, Posted


@dataclass
class FakeMessage:
    """One message and every version of it that people saw, the newest last."""

    place: str
    thread: str
    cards: list[Card]
    marker: str = ""

    @property
    def card(self) -> Card:
        return self.cards[-1]


@dataclass
class FakeChat:
    """Implements the ports `Chat` and `Files`. `fault` is raised by every call while it is set."""

    messages: dict[str, FakeMessage] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)  # channels that do not exist (any more)
    uploads: list[bytes] = field(default_factory=list)
    fault: UserError | None = None
    _moments: Iterator[int] = field(
        default_factory=partial(count, 1)
    )  # no message gets the place of one that is gone
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def post(self, channel: str, card: Card, thread: str = "", marker: str = "") -> Posted:
        with self._lock:
            if self.fault:
                raise self.fault
            if channel in self.closed:
                raise NotFound(f"There is no channel {channel}.")
            ts = f"{next(self._moments)}.0"
            self.messages[ts] = FakeMessage(channel, thread, [card], marker)
            return Posted(channel, ts)

    def update(self, posted: Posted, card: Card) -> None:
        with self._lock:
            if self.fault:
                raise self.fault
            if posted.ts not in self.messages:
                raise NotFound("That message is gone.")
            self.messages[posted.ts].cards.append(card)

    def dm(self, person: str, card: Card, marker: str = "") -> Posted:
        return self.post(person, card, "", marker)

    def find(self, place: str, marker: str, since: datetime, thread: str = "") -> Posted | None:  # noqa: ARG002  # the port's
        with self._lock:
            if self.fault:
                raise self.fault
            found = (ts for ts, m in self.messages.items() if (m.place, m.marker) == (place, marker))
            ts = next(found, "")
        return Posted(place, ts) if ts else None

    def upload(self, name: str, title: str, alt: str, content: bytes) -> str:  # noqa: ARG002  # the port's
        with self._lock:
            if self.fault:
                raise self.fault
            self.uploads.append(content)
            return f"F{len(self.uploads)}"

    def at(self, place: str) -> list[FakeMessage]:
        """What was posted there, in order."""
        with self._lock:
            return [message for message in self.messages.values() if message.place == place]

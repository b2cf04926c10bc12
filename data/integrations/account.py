"""What the on-call systems behind the network have in common: what is kept of them, and who covers what."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Final, Generic, Protocol, TypeVar

from data.catalog.entity import parse_ref
from data.integrations.annotated import Annotated
from data.integrations.remote_oncall import RemoteOnCall, Told
from data.ports.oncall import Rotas

BOOK_LIFE: Final = 600.0  # seconds for which schedules, services and people are believed


class Client(Protocol):
    """The calls that every one of them has."""

    def check(self) -> None:
        """Raise what is wrong with the token or the network."""

    def close(self) -> None:
        """Give the connections back."""


A = TypeVar("A", bound=Client)
B = TypeVar("B")


class Account(Generic[A, B]):
    """One account of one system, half of the ports OnCall and Pager. Subclasses read: `_ask_book`, what there is,
    every ten minutes, and `_read`, the schedules and shifts of a span, every minute."""

    name: ClassVar[str]
    """What people call the system."""

    def __init__(
        self,
        api: A,
        annotated: Annotated,
        covers: Mapping[str, Sequence[str]],
        now: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """`covers` names references (groups when they name no kind) for ids of the system, beside what annotations
        say. Raises Invalid if one is wrong."""
        self._api, self._annotated, self._now, self._ticks = api, annotated, now, ticks
        self._covers = {id: tuple(str(parse_ref(ref, "group")) for ref in refs) for id, refs in covers.items()}
        self._lock = threading.Lock()
        self._book: tuple[B, float] | None = None
        self._oncall = RemoteOnCall(self.name, self._read, now, ticks)

    def rotas(self, start: datetime, end: datetime) -> Rotas:
        """All shifts that overlap [start, end)."""
        return self._oncall.rotas(start, end)

    def refresh(self, start: datetime, end: datetime) -> Rotas:
        """The same, read now."""
        return self._oncall.refresh(start, end)

    def check(self) -> None:
        """Raise what is wrong with the connection, and read what is needed, for those who can wait."""
        self._api.check()
        now = self._now()
        self._oncall.refresh(now, now)

    def close(self) -> None:
        """Give the connections back."""
        self._api.close()

    def _ask_book(self) -> B:
        raise NotImplementedError

    def _read(self, first: datetime, last: datetime) -> Told:
        raise NotImplementedError

    def _now_book(self) -> B:
        """What the system has, asked for again when it is old."""
        with self._lock:
            if self._book is None or self._ticks() - self._book[1] > BOOK_LIFE:
                self._book = (self._ask_book(), self._ticks())
            return self._book[0]

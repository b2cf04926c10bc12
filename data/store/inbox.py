"""The durable inbox: what Slack told us is a row before it is acknowledged, and has one effect."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from data.store.database import Store

ATTEMPTS = 5  # after so many claims without an end an event is left for people to look at


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was received; `attempts` counts the claims, this one included."""

    id: str
    kind: str
    body: str
    received_at: datetime
    attempts: int


def receive(store: Store, id: str, kind: str, body: str, now: datetime) -> bool:
    """Keep an event; False when this id was received before (a retry by Slack)."""
    raise NotImplementedError


def claim(store: Store, now: datetime, lease: timedelta, limit: int = 10) -> list[Event]:
    """Take up to `limit` events, oldest first, that nobody holds; after `lease` others may."""
    raise NotImplementedError


def done(store: Store, id: str, now: datetime) -> None:
    """The event has had its effect."""
    raise NotImplementedError


def abandoned(store: Store, now: datetime) -> list[Event]:
    """Events that were claimed `ATTEMPTS` times and never done."""
    raise NotImplementedError


def purge(store: Store, before: datetime) -> int:
    """Forget what was done before `before`; keep at least the hours in which Slack may retry. Returns how many."""
    raise NotImplementedError

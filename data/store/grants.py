"""Grants: access that somebody has, had or is about to have. Each has an end before it has a beginning."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

GrantState = Literal[
    "opening",  # row and revocation timer are there, the access system may have been called
    "active",
    "ending",  # being taken away, retried for ever
    "ended",
]
ReviewState = Literal["none", "open", "closed"]


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant, made by one request.

    `due_at` is the absolute end; before the access is given it is provisional, then `given_at + seconds`. `key` is
    the id under which the access system knows it. `ended_why` is one of expired, done, revoked, undone, gone.
    """

    id: int  # the request's id
    key: str
    subject: str  # canonical reference of the person
    email: str
    target: str
    environment: str
    seconds: int  # extensions included
    state: GrantState
    recorded_at: datetime
    due_at: datetime
    given_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str = ""
    removed_at: datetime | None = None  # confirmed by reading back
    covered_by: int = 0  # a later grant of the same access; both ids are taken away at its end
    tries: int = 0  # of taking it away
    error: str = ""
    extensions: int = 0
    break_glass: bool = False
    review: ReviewState = "none"
    reviewed_by: str = ""
    review_note: str = ""

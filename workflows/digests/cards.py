"""What people are shown of digests; `bot.slack.drawing.digest_cards` draws it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from data.ports.chat import Card
from workflows.digests.content import DigestContent, NoteContent


@dataclass(frozen=True, slots=True)
class TaskState:
    """What has become of a task since the digest was made."""

    state: Literal["open", "claimed", "snoozed", "fixed", "disowned"] = "open"
    person: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DigestCard(Card):
    """The message: thanks, changes, tasks with buttons. `states` are those of the tasks, by their place."""

    id: int
    content: DigestContent
    picture: str = ""
    states: Mapping[int, TaskState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DetailsCard(Card):
    """The answer in its thread: everything that changed, and every rule with its numbers."""

    content: DigestContent


@dataclass(frozen=True, slots=True)
class NoteCard(Card):
    """The monthly note."""

    content: NoteContent
    picture: str = ""

"""What people are shown: values that `bot.slack.drawing.cards` turns into messages, pure functions of rows."""

from dataclasses import dataclass
from datetime import datetime

from data.ports.chat import Card
from data.store.grants import Grant
from data.store.requests import Request, RunView
from data.store.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class RequestCard(Card):
    """The card of a request in the approving team's channel, in DMs to approvers, and to its requester.

    Buttons by state: pending: Approve, Deny, I'm looking; failed: Retry, Undo, Hand over. Progress by steps.
    `for_approver` is the person a DM was sent to ("" in a channel).
    """

    view: RunView
    for_approver: str = ""


@dataclass(frozen=True, slots=True)
class GrantCard(Card):
    """DM to the holder: access given, until when, I'm done; `ending` when ten minutes are left, with Extend.

    `extend_seconds` are the lengths that the policy allows now.
    """

    grant: Grant
    ending: bool = False
    extend_seconds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewCard(Card):
    """Break-glass was used: who, what, why; a button closes the review with a note. Repeated until closed."""

    view: RunView
    grant: Grant
    nags: int = 0


@dataclass(frozen=True, slots=True)
class WorkspaceCard(Card):
    """The one message about a workspace: queued, building, ready, failed. `ending`: it stops soon.

    `workspace` is None before anything is written down of what `request` asks for. `extend_to` is how far it may
    be extended now, None when it may not.
    """

    workspace: Workspace | None
    request: Request | None = None
    extend_to: datetime | None = None
    ending: bool = False


@dataclass(frozen=True, slots=True)
class AlarmCard(Card):
    """Something is wrong with access and a person must look: a sentence, and what to do."""

    text: str
    hint: str = ""
    grant: Grant | None = None

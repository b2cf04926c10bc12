"""The life of a request before it runs: asked, looked at, agreed or denied, cancelled, expired, handed on.

Every function is one transaction: rows, audit row and enqueued work appear together or not at all. Every right is
read from the catalog and the policy at the moment of the call, never from a button, a channel or a message.
Refusals raise NotAllowed and leave one audit row; being late raises Conflict ("already decided by …") without.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.idp import Idp
from data.store.requests import Request
from workflows.action import Action, Draft
from workflows.decision import Decision


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the person (canonical reference of a User entity) and, for the audit, the Slack id they used.

    `slack_id` is "" in a terminal, "system" stands for the house itself.
    """

    person: str
    slack_id: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen: the draft, the decision, and the titles of the steps. Nothing has been stored."""

    action: Action
    draft: Draft
    decision: Decision
    steps: tuple[str, ...]


def preview(idp: Idp, action: Action, actor: Actor, values: Mapping[str, Any]) -> Preview:
    """Check the values, derive the draft, ask the policy. Raises `FormFaults`, Invalid or NotFound."""
    raise NotImplementedError


def submit(
    idp: Idp, action: Action, actor: Actor, values: Mapping[str, Any], *, reason: str, key: str = ""
) -> Request:
    """Make a request. `key` (the id of the modal, say) makes a repeated submission one request.

    The reason is needed. Raises NotAllowed with the policy's sentence when it refuses, or when too many requests
    of this person wait already.
    """
    raise NotImplementedError


def decide(
    idp: Idp, request: int, actor: Actor, approve: bool, *, note: str = "", fingerprint: str | None = None
) -> Request:
    """Approve or deny. `fingerprint` is the button's; another one than the row's is refused ("changed").

    Approving is one voice of those that the policy wants now; the request comes back still pending when voices are
    missing. Denying needs a note and decides at once.
    """
    raise NotImplementedError


def look(idp: Idp, request: int, actor: Actor) -> Request:
    """Say "I'm looking": shown on the card, changes no right."""
    raise NotImplementedError


def cancel(idp: Idp, request: int, actor: Actor) -> Request:
    """The requester (or the beneficiary) takes a waiting request back."""
    raise NotImplementedError


def delegate(idp: Idp, actor: Actor, delegate: str, until: object) -> None:
    """Let somebody else approve in the actor's place until a time; a new one replaces the old one."""
    raise NotImplementedError


def retry(idp: Idp, request: int, actor: Actor) -> Request:
    """Run a failed request again from the step that failed."""
    raise NotImplementedError


def undo(idp: Idp, request: int, actor: Actor) -> Request:
    """Take away what a failed or finished run has made, last step first."""
    raise NotImplementedError


def hand_over(idp: Idp, request: int, actor: Actor) -> Request:
    """Ask the platform team to take a failed run over; they may then retry or undo it."""
    raise NotImplementedError

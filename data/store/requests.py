"""Requests: what somebody asked for, who agreed, and how far it has come.

Every change of state is one conditional UPDATE (`move`), so that of two clicks at once one wins. Callers append
the audit row and enqueue the work in the same transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

State = Literal[
    "pending",  # waits for approvals
    "approved",  # agreed, the work is enqueued
    "running",  # a worker is at it, or it waits for the next try of a step
    "done",
    "failed",  # a person may retry, undo or hand over
    "undoing",
    "undone",
    "denied",
    "cancelled",
    "expired",
]
OPEN: frozenset[str] = frozenset({"pending", "approved", "running", "failed", "undoing"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A team that was asked when the request was made, for showing only: rights are computed at every click."""

    name: str  # the policy's word, such as owners
    ref: str  # the group, "" when it did not resolve
    members: tuple[str, ...]  # references of people, sorted


@dataclass(frozen=True, slots=True)
class Request:
    """One request. People are canonical references of User entities, never Slack ids.

    `parameters` are the validated values of the form, frozen; `fingerprint` is the hash of everything that an
    approver agrees to and stands in the card's buttons. `revision` moves with every change, so that a card knows
    whether it is old. `attempt` counts starts of the run (retry by a person included).
    """

    id: int
    action: str
    title: str  # what happens, one line, server-derived
    target: str  # canonical reference, "" when the action has none
    environment: str
    duration: int  # seconds, 0 when the action has none
    requester: str
    beneficiary: str
    reason: str
    parameters: Mapping[str, Any]
    fingerprint: str
    policy: str
    rule: str  # which rule decided, such as "rule 2, idp.yaml:14"
    verdict: str  # the decision's sentence
    needed: int  # approvals, 0 when none was needed
    distinct_teams: bool
    asked: tuple[Asked, ...]
    break_glass: bool
    state: State
    revision: int
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None = None
    decided_by: str = ""  # the person of the last click; "" when the policy allowed it at once
    decision_note: str = ""  # why it was denied or cancelled
    looking_by: str = ""  # said "I'm looking"
    escalated_at: datetime | None = None
    attempt: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str = ""  # the sentence of the failure
    handed_to: str = ""  # who was asked to take a failed run over


@dataclass(frozen=True, slots=True)
class Approval:
    """One person agreed. It counts only while the person holds a right (recomputed at every click)."""

    request: int
    person: str
    at: datetime
    note: str = ""


StepState = Literal["waiting", "running", "done", "failed", "undone", "skipped"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the frozen plan. `tries` counts the starts, also those that ended with the process."""

    request: int
    position: int  # from 0
    name: str  # schema: the action's function is found by it
    title: str
    state: StepState
    tries: int
    started_at: datetime | None
    finished_at: datetime | None
    result: Mapping[str, Any]
    error: str


@dataclass(frozen=True, slots=True)
class RunView:
    """Everything that a request's card shows, read in one transaction."""

    request: Request
    approvals: tuple[Approval, ...]
    steps: tuple[Step, ...]

"""The click: who decides, by the policy and the catalog of this very moment, and only once."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from data.catalog.snapshot import Snapshot
from data.errors import Conflict, Invalid, NotAllowed, NotFound
from data.idp import Idp
from data.secrets import without_secrets
from data.store import audit, delegations, requests
from data.store.database import Store
from data.store.requests import Approval, Request, RunView
from workflows.action import Draft, actions
from workflows.authority import current, known_person
from workflows.decision import Decision
from workflows.journal import HOUSE, Actor, entry, name_of, redraw, write_down
from workflows.requests.quorum import Delegation, count, seats
from workflows.requests.submitting import fingerprint as agreed_to

TRIES = 20  # how often a voice looks again because another one came in between
DECIDED = dict.fromkeys(("running", "done", "failed", "undoing", "undone"), "approved")


class _Refused(NotAllowed):
    """A refusal that belongs into the audit; `code` is a stable word."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Overtaken(Exception):
    """Another voice changed the request meanwhile: look again."""


@dataclass(frozen=True, slots=True)
class _Click:
    """One click, as it came in."""

    request: int
    actor: Actor
    approve: bool
    note: str
    fingerprint: str | None
    now: datetime


def decide(
    idp: Idp, request: int, actor: Actor, approve: bool, *, note: str = "", fingerprint: str | None = None
) -> Request:
    """Approve or deny. `fingerprint` is the button's; another one than the row's is refused ("changed").

    Approving is one voice of those that the policy wants now; the request comes back still pending when voices are
    missing. Denying needs a note and decides at once.
    """
    click = _Click(request, actor, approve, without_secrets(" ".join(note.split()))[:1000], fingerprint, idp.now())
    if not approve and not click.note:
        raise Invalid("Say why it is denied; the requester will read it.")
    snapshot = current(idp)
    for _ in range(TRIES):
        try:
            return _once(idp, snapshot, click)
        except _Overtaken:
            continue
    raise Conflict("Many people act on this at the same moment.", "Look at the card, then press again.")


def _once(idp: Idp, snapshot: Snapshot, click: _Click) -> Request:
    try:
        with idp.database.store() as store:
            request = _waiting(idp, store, click)
            _unchanged(store, request, click)
            decision = _decision(idp, snapshot, request, click)
            return _voice(idp, store, request, click, decision)
    except _Refused as refused:
        _keep_refusal(idp, click.request, click.actor, refused, click.now)
        raise


def _waiting(idp: Idp, store: Store, click: _Click) -> Request:
    request = requests.load(store, click.request)
    if request is None:
        raise NotFound(f"There is no request {click.request}.")
    if request.state != "pending":
        raise Conflict(late(idp, request))
    if click.now >= request.expires_at:
        raise Conflict(f"Request {request.id} expired at {request.expires_at:%H:%M} UTC; nothing was changed.")
    return request


def late(idp: Idp, request: Request) -> str:
    """Why a click on a decided request changes nothing."""
    word, when = DECIDED.get(request.state, request.state), request.decided_at or request.finished_at
    by = f" by {name_of(idp, request.decided_by)}" if request.decided_by else ""
    at = f", {when:%H:%M} UTC" if when else ""
    return f"Request {request.id} is already decided{by}: {word}{at}. Nothing was changed."


def _unchanged(store: Store, request: Request, click: _Click) -> None:
    plan = tuple(step.name for step in requests.steps(store, request.id))
    now_agreed = agreed_to(request, plan)
    if now_agreed != request.fingerprint or click.fingerprint not in {None, now_agreed}:
        raise _Refused(
            "changed", f"Request {request.id} has changed since this card was posted. Look at the new one."
        )


def _decision(idp: Idp, snapshot: Snapshot, request: Request, click: _Click) -> Decision:
    """What the policy says now, and whether this person has a voice in it."""
    action = actions().get(request.action)
    if action is None or not known_person(snapshot, click.actor.person):
        raise _Refused("unknown", "Who you are, or what this asks for, is not known; so it is refused.")
    if click.actor.person in {request.requester, request.beneficiary}:
        raise _Refused("self_approval", "Nobody decides about their own request.")
    escalated = request.escalated_at is not None
    decision = action.policy(idp, snapshot, request.requester, draft_of(request), escalated)
    if decision.effect == "refuse":
        raise _Refused("policy", f"The policy does not allow this any more: {decision.reason}")
    return decision


def draft_of(request: Request) -> Draft:
    """What a kept request asks for."""
    return Draft(
        title=request.title,
        target=request.target,
        beneficiary=request.beneficiary,
        environment=request.environment,
        duration=request.duration,
        break_glass=request.break_glass,
        email=request.email,
        parameters=request.parameters,
    )


def _voice(idp: Idp, store: Store, request: Request, click: _Click, decision: Decision) -> Request:
    if decision.effect == "allow":
        return _allowed(idp, store, request, click, decision)
    in_force = [Delegation(d.holder, d.delegate) for d in delegations.in_force(store, click.now)]
    if not seats(decision, click.actor.person, in_force):
        raise _Refused("not_an_approver", f"You are not among those who may approve this. {decision.reason}")
    if not click.approve:
        return _end(idp, store, request, click, "denied")
    voices = [approval.person for approval in requests.approvals(store, request.id)]
    if click.actor.person in voices:
        now = requests.load(store, request.id)
        if now is None or now.revision != request.revision:  # the same person's other click was between our looks
            raise _Overtaken
        have = count(decision, voices, in_force)
        raise Conflict(f"You have approved this already: {have} of {decision.approvals}.")
    if count(decision, [*voices, click.actor.person], in_force) >= decision.approvals:
        return _end(idp, store, request, click, "approved")
    return _second(idp, store, request, click)


def _allowed(idp: Idp, store: Store, request: Request, click: _Click, decision: Decision) -> Request:
    """The policy asks nobody any more (the requester came on call, say): it decides, not the click."""
    if not click.approve:
        raise _Refused(
            "nothing_to_decide", f"The policy allows this without asking anybody now. {decision.reason}"
        )
    return _end(idp, store, request, replace(click, actor=HOUSE, note=decision.reason), "approved")


def _second(idp: Idp, store: Store, request: Request, click: _Click) -> Request:
    """One voice of several."""
    if not requests.move(store, request.id, states={"pending"}, revision=request.revision):
        raise _Overtaken
    requests.approve(store, Approval(request.id, click.actor.person, click.now, click.note))
    redraw(idp, store, "request", request.id)
    write_down(store, click.now, "request.seconded", click.actor, request, before="pending", after="pending")
    return _reloaded(store, request)


def _end(idp: Idp, store: Store, request: Request, click: _Click, after: str) -> Request:
    """The deciding click."""
    attempt = request.attempt + (1 if after == "approved" else 0)
    values: dict[str, Any] = {"state": after, "attempt": attempt, "decided_at": click.now}
    by = "" if click.actor == HOUSE else click.actor.person
    values |= {"decided_by": by, "decision_note": click.note}
    if not requests.move(store, request.id, states={"pending"}, revision=request.revision, **values):
        raise _Overtaken
    if after == "approved":
        if by:
            requests.approve(store, Approval(request.id, click.actor.person, click.now, click.note))
        idp.engine.enqueue(store, "run", f"run:{request.id}:{attempt}", request.id, attempt)
    redraw(idp, store, "request", request.id)
    facts = {"note": click.note, "before": "pending", "after": after}
    write_down(store, click.now, f"request.{after}", click.actor, request, **facts)
    return _reloaded(store, request)


def _reloaded(store: Store, request: Request) -> Request:
    return requests.load(store, request.id) or request


def _keep_refusal(idp: Idp, id: int, actor: Actor, refused: _Refused, now: datetime) -> None:
    with idp.database.store() as store:
        request = requests.load(store, id)
        detail = {
            "refused": refused.message,
            "code": refused.code,
            "fingerprint": request.fingerprint if request else "",
        }
        audit.append(store, entry("request.refused", actor, request.target if request else "", id, detail), now)


def look(idp: Idp, request: int, actor: Actor) -> Request:
    """Say "I'm looking": for those who may decide; shown on the card, changes no right."""
    click, snapshot = _Click(request, actor, True, "", None, idp.now()), current(idp)
    with idp.database.store() as store:
        kept = _waiting(idp, store, click)
        decision = _decision(idp, snapshot, kept, click)
        in_force = [Delegation(d.holder, d.delegate) for d in delegations.in_force(store, click.now)]
        if not seats(decision, actor.person, in_force):
            raise NotAllowed("You are not among those who may approve this.")
        if not requests.move(store, request, states={"pending"}, looking_by=actor.person):
            raise Conflict(late(idp, kept))
        redraw(idp, store, "request", request)
        write_down(store, idp.now(), "request.looking", actor, kept)
        return _reloaded(store, kept)


def cancel(idp: Idp, request: int, actor: Actor) -> Request:
    """The requester (or the beneficiary) takes a waiting request back."""
    with idp.database.store() as store:
        kept = requests.load(store, request)
        if kept is None or actor.person not in {kept.requester, kept.beneficiary}:
            raise NotFound(f"You have no request {request}.")
        now = idp.now()
        ended = requests.move(
            store, request, states={"pending"}, state="cancelled", decided_at=now, decided_by=actor.person
        )
        if not ended:
            raise Conflict(late(idp, kept))
        redraw(idp, store, "request", request)
        write_down(store, now, "request.cancelled", actor, kept, before="pending", after="cancelled")
        return _reloaded(store, kept)


def view(idp: Idp, request: int) -> RunView:
    """Everything that a card shows. Raises NotFound."""
    with idp.database.reading() as store:
        found = requests.view(store, request)
    if found is None:
        raise NotFound(f"There is no request {request}.")
    return found

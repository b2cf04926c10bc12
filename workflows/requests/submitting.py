"""Making a request: the form is checked, the policy asked, the plan frozen."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from pydantic import ValidationError

from data.catalog.snapshot import Snapshot
from data.errors import NotAllowed
from data.idp import Idp
from data.secrets import without_secrets
from data.store import audit, requests
from data.store.database import Store
from data.store.requests import Asked, Request
from workflows.action import Action, Draft, Form, FormFaults
from workflows.authority import current, on_call
from workflows.decision import Decision
from workflows.form_faults import faults_of
from workflows.journal import HOUSE, SYSTEM, Actor, channel_key, entry, show, write_down
from workflows.telling.places import approving_channel, platform_channel

OPEN_PER_PERSON = 5  # waiting requests of one person, so that nobody can tire the approvers out
OPEN_PER_TARGET = 3
REASON_LENGTH = 1000
WAITING = 8 * 3600  # seconds, when the policy names nothing


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen: the draft, the decision, and the titles of the steps. Nothing has been stored."""

    action: Action
    form: Form
    draft: Draft
    decision: Decision
    steps: tuple[str, ...]


def preview(idp: Idp, action: Action, actor: Actor, values: Mapping[str, Any]) -> Preview:
    """Check the values, derive the draft, ask the policy. Raises `FormFaults`, Invalid or NotFound."""
    snapshot = current(idp)
    try:
        form = action.form_for(idp, snapshot, actor.person, values).model_validate(dict(values))
    except ValidationError as error:
        raise FormFaults(faults_of(error)) from None
    draft = action.draft(idp, snapshot, actor.person, form)
    draft = replace(draft, parameters=form.model_dump(mode="json"))
    decision = action.policy(idp, snapshot, actor.person, draft, False)
    return Preview(action, form, draft, decision, tuple(step.title for step in action.steps))


def submit(
    idp: Idp, action: Action, actor: Actor, values: Mapping[str, Any], *, reason: str, key: str = ""
) -> Request:
    """Make a request. `key` (the id of the modal, say) makes a repeated submission one request.

    The reason is needed. Raises NotAllowed with the policy's sentence when it refuses, or when too many requests
    of this person wait already.
    """
    made = preview(idp, action, actor, values)
    why = without_secrets(" ".join(reason.split()))[:REASON_LENGTH] or action.reason
    if not why:
        raise FormFaults({"reason": "Say why; approvers and the audit need it."})
    asked = _Asked(made, actor, why, key or None, idp.now(), idp.catalog.snapshot)
    with idp.database.store() as store:
        known = requests.by_key(store, key) if key else None
        refused = "" if known else _refused(store, asked)
        if refused:
            audit.append(store, _refusal(asked, refused), asked.now)
        request = known or (None if refused else _keep(idp, store, asked))
    if request is None:
        raise NotAllowed(refused)
    return request


def fingerprint(request: Request, plan: tuple[str, ...]) -> str:
    """Hash of everything that an approver agrees to; it stands in the buttons of the card."""
    agreed = [
        *(request.action, request.title, request.target, request.environment, request.duration),
        *(request.requester, request.beneficiary, request.email, request.reason, request.break_glass),
        *(request.policy, dict(request.parameters), list(plan)),
    ]
    return hashlib.sha256(orjson.dumps(agreed, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One submission, checked."""

    made: Preview
    actor: Actor
    reason: str
    key: str | None
    now: datetime
    snapshot: Snapshot


def _refused(store: Store, asked: _Asked) -> str:
    """Why this may not be asked, "" when it may."""
    if asked.made.decision.effect == "refuse":
        return asked.made.decision.reason
    if asked.actor == HOUSE:
        return ""
    waiting = requests.find(store, states={"pending"}, requester=asked.actor.person)
    if len(waiting) >= OPEN_PER_PERSON:
        return f"{len(waiting)} requests of yours wait already. Cancel one, or wait for an answer."
    if sum(request.target == asked.made.draft.target for request in waiting) >= OPEN_PER_TARGET:
        return f"{OPEN_PER_TARGET} requests of yours for this wait already."
    return ""


def _refusal(asked: _Asked, refused: str) -> audit.Entry:
    draft = asked.made.draft
    detail = {
        "action": asked.made.action.name,
        "title": draft.title,
        "reason": asked.reason,
        "refused": refused,
        "rule": asked.made.decision.rule,
        "parameters": asked.made.form.model_dump(mode="json"),
    }
    return entry("request.refused", asked.actor, draft.target, detail=detail)


def _keep(idp: Idp, store: Store, asked: _Asked) -> Request | None:
    plan = [(step.name, step.title) for step in asked.made.action.steps]
    blank = _request(idp, asked)
    marked = replace(blank, fingerprint=fingerprint(blank, tuple(name for name, _ in plan)))
    request = requests.add(store, marked, plan)
    if request is None:  # the same form, at the same moment, through another replica
        return requests.by_key(store, asked.key or "")
    if request.state == "pending":
        _ask(idp, store, asked, request)
    else:
        idp.engine.enqueue(store, "run", f"run:{request.id}:{request.attempt}", request.id, request.attempt)
    _tell(idp, store, asked.snapshot, request)
    facts = {"reason": request.reason, "verdict": request.verdict, "before": "", "after": request.state}
    write_down(store, asked.now, "request.submitted", asked.actor, request, **facts)
    if request.state == "approved":
        write_down(store, asked.now, "request.approved", HOUSE, request, before="pending", after="approved")
    return request


def _request(idp: Idp, asked: _Asked) -> Request:
    draft, decision = asked.made.draft, asked.made.decision
    allowed = decision.effect == "allow"
    return Request(
        id=0,
        key=asked.key,
        action=asked.made.action.name,
        title=draft.title,
        target=draft.target,
        environment=draft.environment,
        duration=draft.duration,
        requester=asked.actor.person,
        beneficiary=draft.beneficiary,
        reason=asked.reason,
        parameters=asked.made.form.model_dump(mode="json"),
        fingerprint="",
        policy=asked.made.action.policy_name,
        rule=decision.rule,
        verdict=decision.reason,
        needed=0 if allowed else decision.approvals,
        distinct_teams=decision.distinct_teams,
        asked=tuple(Asked(team.name, team.ref, tuple(sorted(team.members))) for team in decision.teams),
        break_glass=draft.break_glass,
        state="approved" if allowed else "pending",
        revision=1,
        created_at=asked.now,
        expires_at=asked.now + timedelta(seconds=decision.expires or WAITING),
        decided_at=asked.now if allowed else None,
        attempt=1 if allowed else 0,
        marker=secrets.token_hex(8),
        email=draft.email,
        channel=_channel(idp, asked),
    )


def _channel(idp: Idp, asked: _Asked) -> str:
    """Where the card is posted; nowhere when nobody is asked and nobody else minds."""
    quiet = asked.made.action.quiet and asked.made.decision.effect == "allow"
    return "" if quiet else approving_channel(idp, asked.snapshot, asked.made.draft.target)


def _ask(idp: Idp, store: Store, asked: _Asked, request: Request) -> None:
    """Timers of a waiting request, and DMs to the approvers on call: they, not everybody, are disturbed.

    Who approves alone, as the owner in person, has no channel and hears it so as well.
    """
    decision, id = asked.made.decision, request.id
    waits = decision.expires or WAITING
    idp.engine.enqueue(store, "expire", f"expire:{id}", id, delay=waits)
    idp.engine.enqueue(store, "remind", f"remind:{id}:1", id, 1, delay=min(3600, waits / 2))
    if 0 < decision.escalates < waits:
        idp.engine.enqueue(store, "escalate", f"escalate:{id}", id, delay=decision.escalates)
    entity, alone = asked.snapshot.get(request.target), {team.ref for team in decision.teams}
    for person in sorted(decision.approvers):
        if person in alone or (entity and on_call(idp, asked.snapshot, person, entity)):
            show(idp, store, key=f"request:{id}:dm:{person}", kind="request", subject=id, place=person)


def _tell(idp: Idp, store: Store, snapshot: Snapshot, request: Request) -> None:
    """The card in the approving channel and for the requester; of break-glass the platform team hears as well."""
    id = request.id
    show(idp, store, key=channel_key(id), kind="request", subject=id, place=request.channel)
    if request.requester != SYSTEM:
        asked_by = request.requester
        show(idp, store, key=f"request:{id}:dm:{asked_by}", kind="request", subject=id, place=asked_by)
    platform = platform_channel(idp, snapshot) if request.break_glass else ""
    if platform != request.channel:
        show(idp, store, key=f"request:{id}:platform", kind="request", subject=id, place=platform)

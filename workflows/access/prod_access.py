"""Production access for a while: asked, agreed, given, counted down, taken away without fail.

The row of the grant and its revocation timer are committed before the access system is called; the clock starts
when the access is given; the end is confirmed by reading back (workflows.access.revoking).
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from data.catalog.snapshot import Snapshot
from data.durations import parse_duration, say_duration
from data.errors import Invalid, NotFound, Unavailable
from data.idp import Idp
from data.ports.access import Entitlement
from data.store import audit, grants
from data.store.database import Store
from data.store.grants import Grant
from data.store.requests import Request
from workflows.access.extending import arm, end_now
from workflows.action import Action, Draft, Form, Retry, Step, Work
from workflows.authority import email, judge, known_person, tier
from workflows.decision import Decision
from workflows.fields import Colleague, FromCatalog, Menu, Option, Values
from workflows.journal import HOUSE, entry, show

POLICY = "prod-access"
REVIEW_AFTER = timedelta(hours=1)  # after break-glass began, the first request for a review


def _environments(idp: Idp, _snapshot: Snapshot, _person: str, _values: Values) -> Sequence[Option]:
    policy = idp.policies.get(POLICY)
    return [Option(name, name) for name in (policy.environments if policy else ())]


def _durations(idp: Idp, _snapshot: Snapshot, _person: str, _values: Values) -> Sequence[Option]:
    policy = idp.policies.get(POLICY)
    return [Option(say_duration(s), say_duration(s)) for s in (policy.config.durations if policy else ())]


class AccessForm(Form):
    """What is asked for: access to one target in one environment for a while."""

    target: Annotated[str, FromCatalog(), Field(title="What", description="A service, database or system.")]
    environment: Annotated[str, Menu(_environments), Field(title="Environment", max_length=60)] = "prod"
    duration: Annotated[
        str, Menu(_durations), Field(title="For how long", description="The clock starts when you get it.")
    ]
    person: Annotated[str, Colleague(), Field(title="For whom", description="Empty: for you.")] = ""


class GlassForm(Form):
    """Break-glass: at once, for oneself, everybody is told, reviewed afterwards."""

    target: Annotated[str, FromCatalog(), Field(title="What", description="A service, database or system.")]
    environment: Annotated[str, Menu(_environments), Field(title="Environment", max_length=60)] = "prod"


def _draft(idp: Idp, snapshot: Snapshot, requester: str, form: AccessForm) -> Draft:
    seconds = parse_duration(form.duration)
    return _drafted(idp, snapshot, form.person or requester, form, seconds)


def _glass_draft(idp: Idp, snapshot: Snapshot, requester: str, form: GlassForm) -> Draft:
    policy = idp.policies.get(POLICY)
    glass = policy.config.break_glass if policy else None
    if glass is None:
        raise NotFound("There is no break-glass here: the policy has none.")
    return _drafted(idp, snapshot, requester, form, glass.duration)


def _drafted(idp: Idp, snapshot: Snapshot, person: str, form: AccessForm | GlassForm, seconds: int) -> Draft:
    glass = isinstance(form, GlassForm)
    entity = snapshot.get(form.target)
    if entity is None:
        raise NotFound(f"{form.target} is not in the catalog.")
    if not known_person(snapshot, person):
        raise NotFound(f"{person} is not in the catalog.")
    address = email(snapshot, person)
    if not address:
        raise Invalid(
            "The catalog knows no e-mail address of who gets the access.", "Add spec.profile.email to the User."
        )
    what = "Break-glass access" if glass else "Access"
    stated = tier(entity)
    risk = f"tier {stated}" if stated else "tier not stated"
    return Draft(
        title=f"{what} to {entity.name} ({form.environment}) for {say_duration(seconds)}",
        target=entity.ref,
        beneficiary=person,
        environment=form.environment,
        duration=seconds,
        break_glass=glass,
        email=address,
        points=(
            f"{form.environment}, {risk}",
            f"through {idp.access.name}",
        ),
    )


def _policy(idp: Idp, snapshot: Snapshot, requester: str, draft: Draft, escalated: bool) -> Decision:
    return judge(
        idp,
        snapshot,
        policy=POLICY,
        requester=requester,
        target=draft.target,
        beneficiary=draft.beneficiary,
        environment=draft.environment,
        duration=draft.duration,
        break_glass=draft.break_glass,
        escalated=escalated,
    )


def entitlement(grant: Grant) -> Entitlement:
    """A grant as the access system is told of it."""
    return Entitlement(grant.key, grant.email, grant.target, grant.environment, grant.due_at)


def _record(work: Work) -> dict[str, Any]:
    """The row and the revocation, in one transaction, before anybody gets anything."""
    idp, request = work.idp, work.request
    now = idp.now()
    with idp.database.store() as store:
        grant = _grant(work, now + timedelta(seconds=request.duration))
        if grants.add(store, grant):
            arm(idp, store, grant)
            detail = {"grant": grant.key, "due_at": grant.due_at}
            audit.append(store, entry("grant.recorded", HOUSE, grant.target, grant.id, detail), now)
    return {"grant": grant.key}


def _grant(work: Work, due: Any) -> Grant:
    request = work.request
    return Grant(
        id=request.id,
        key=f"g{request.id}-{work.marker}",
        subject=request.beneficiary,
        email=request.email,
        target=request.target,
        environment=request.environment,
        seconds=request.duration,
        state="opening",
        recorded_at=work.idp.now(),
        due_at=due,
        break_glass=request.break_glass,
    )


def _give(work: Work) -> None:
    """Call the access system; then the clock starts."""
    idp, grant = work.idp, _still_wanted(work)
    if grant.state == "opening":
        idp.access.grant(entitlement(grant))
        _begin(idp, grant)


def _still_wanted(work: Work) -> Grant:
    """The grant, unless it has ended meanwhile or an earlier one of the same access is being taken away."""
    with work.idp.database.reading() as store:
        grant = grants.load(store, work.request.id)
        same = grants.same_access(store, grant) if grant else []
    if grant is None or grant.state not in grants.LIVE:
        raise Invalid("This grant has ended before it was given.", "Ask for access again.")
    if any(other.state == "ending" for other in same):
        raise Unavailable("Earlier access of the same kind is being taken away at this moment.")
    return grant


def _begin(idp: Idp, grant: Grant) -> None:
    now = idp.now()
    due = now + timedelta(seconds=grant.seconds)
    values: dict[str, Any] = {"state": "active", "given_at": now, "due_at": due}
    if grant.break_glass:
        values |= {"review": "open", "nag_at": now + min(REVIEW_AFTER, timedelta(seconds=grant.seconds))}
    with idp.database.store() as store:
        if not grants.move(store, grant.id, states={"opening"}, **values):
            take_again(idp, store, grant)
            return
        arm(idp, store, grants.load(store, grant.id) or grant)
        show(idp, store, key=f"grant:{grant.id}:dm", kind="grant", subject=grant.id, place=grant.subject)
        detail = {"grant": grant.key, "subject": grant.subject, "environment": grant.environment, "due_at": due}
        audit.append(store, entry("grant.given", HOUSE, grant.target, grant.id, detail), now)


def take_again(idp: Idp, store: Store, grant: Grant) -> None:
    """It ended while it was being given, perhaps before the access system did it: it is taken away once more."""
    if grants.move(store, grant.id, states={"ending", "ended"}, state="ending", removed_at=None, next_at=None):
        name = f"revoke:{grant.id}:late:{int(idp.now().timestamp() * 1000)}"
        idp.engine.enqueue(store, "revoke", name, grant.id)


def _confirm(work: Work) -> dict[str, Any]:
    """Read back that the access is there."""
    with work.idp.database.reading() as store:
        grant = grants.load(store, work.request.id)
    if grant is None or grant.state != "active":
        return {}  # ended already: there is nothing left to confirm
    if not work.idp.access.holds(entitlement(grant)):
        raise Unavailable(f"{work.idp.access.name} does not show the access yet.")
    return {"until": grant.due_at.isoformat()}


def _take_back(work: Work) -> None:
    """Undo: have it taken away now."""
    with work.idp.database.store() as store:
        _end(work.idp, store, work.request, "undone")


def _given_up(idp: Idp, store: Store, request: Request) -> None:
    """The access system may have done it all the same: whatever is there is taken away."""
    _end(idp, store, request, "not given")


def _end(idp: Idp, store: Store, request: Request, why: str) -> None:
    grant = grants.load(store, request.id)
    if grant and grant.state in grants.LIVE:
        end_now(idp, store, grant, why)
        audit.append(store, entry("grant.ending", HOUSE, grant.target, grant.id, {"why": why}), idp.now())


STEPS = (
    Step("record", "Write down the end", _record),
    Step("give", "Give the access", _give, undo=_take_back, given_up=_given_up, retry=Retry(8, 1.0, 30.0)),
    Step("confirm", "Read back that it is there", _confirm, given_up=_given_up, retry=Retry(6, 1.0, 20.0)),
)

PROD_ACCESS = Action("prod-access", "Production access", AccessForm, _draft, _policy, POLICY, STEPS)
BREAK_GLASS = Action(
    "break-glass", "Break-glass access", GlassForm, _glass_draft, _policy, POLICY, STEPS, emergency=True
)

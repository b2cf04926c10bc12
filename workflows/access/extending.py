"""A grant that its holder gives back early, or keeps a little longer."""

from datetime import timedelta
from typing import Any

from data.errors import Conflict, NotAllowed, NotFound
from data.idp import Idp
from data.store import audit, grants
from data.store.database import Store
from data.store.grants import Grant
from workflows.authority import current, known_person
from workflows.journal import Actor, entry, redraw

EXTENSIONS = 1  # without asking again; more would be more than the approvers have agreed to


def extensions(idp: Idp, grant: Grant) -> tuple[int, ...]:
    """By how many seconds a grant may be extended now without a new request, shortest first.

    Once, by one of the policy's durations that is not longer than what was agreed, and never beyond the policy's
    longest. Break-glass is not extended.
    """
    policy = idp.policies.get("prod-access")
    if policy is None or grant.break_glass or grant.extensions >= EXTENSIONS or grant.state != "active":
        return ()
    offered = sorted(policy.config.durations)
    most = offered[-1] if offered else 0
    return tuple(s for s in offered if s <= grant.seconds and grant.seconds + s <= most)


def extend(idp: Idp, grant: int, actor: Actor, seconds: int) -> Grant:
    """Move the end of one's own grant. The access system is not touched, so no session is lost."""
    now, snapshot = idp.now(), current(idp)
    with idp.database.store() as store:
        held = _own(store, grant, actor)
        if held.state != "active" or now >= held.due_at:
            raise Conflict("This access has ended; ask for it again.")
        if not known_person(snapshot, held.subject) or seconds not in extensions(idp, held):
            refused = "This cannot be made longer without being asked again."
            raise NotAllowed(refused, "Ask for it now: once it is approved, you keep the access without a gap.")
        due = held.due_at + timedelta(seconds=seconds)
        values = {"seconds": held.seconds + seconds, "extensions": held.extensions + 1, "warned_at": None}
        if not grants.move(store, grant, states={"active"}, due_was=held.due_at, due_at=due, **values):
            raise Conflict("Somebody changed this access at the same moment. Look again.")
        arm(idp, store, grants.load(store, grant) or held)
        return _told(idp, store, held, actor, "grant.extended", seconds=seconds, due_at=due)


def finish(idp: Idp, grant: int, actor: Actor) -> Grant:
    """\u201cI'm done\u201d: take one's own access away now. Pressing twice is harmless."""
    with idp.database.store() as store:
        held = _own(store, grant, actor)
        if held.state not in grants.LIVE:
            raise Conflict("This access has ended already.")
        end_now(idp, store, held, "done")
        return _told(idp, store, held, actor, "grant.done", due_at=held.due_at)


def end_now(idp: Idp, store: Store, grant: Grant, why: str) -> None:
    """Have a grant taken away at once. The caller writes it down."""
    now = idp.now()
    if grants.move(
        store, grant.id, states=grants.LIVE, due_at=min(now, grant.due_at), ended_why=why, next_at=None
    ):
        arm(idp, store, grants.load(store, grant.id) or grant)


def arm(idp: Idp, store: Store, grant: Grant) -> None:
    """Enqueue the revocation of a grant at its end; once for each end and try."""
    due = int(grant.due_at.timestamp() * 1000)
    delay = (grant.due_at - idp.now()).total_seconds()
    idp.engine.enqueue(store, "revoke", f"revoke:{grant.id}:{due}:{grant.tries}", grant.id, delay=max(delay, 0.0))


def _own(store: Store, grant: int, actor: Actor) -> Grant:
    held = grants.load(store, grant, lock=True)
    if held is None or held.subject != actor.person:
        raise NotFound(f"You hold no access {grant}.")
    return held


def _told(idp: Idp, store: Store, grant: Grant, actor: Actor, what: str, **detail: Any) -> Grant:
    after = grants.load(store, grant.id) or grant
    redraw(idp, store, "grant", grant.id)
    redraw(idp, store, "request", grant.id)
    audit.append(store, entry(what, actor, grant.target, grant.id, {"grant": grant.key, **detail}), idp.now())
    return after

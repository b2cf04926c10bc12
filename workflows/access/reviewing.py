"""Break-glass is reviewed afterwards: people are asked until one of them has looked at it."""

from datetime import datetime, timedelta

from data.errors import Conflict, Invalid, NotAllowed, NotFound
from data.idp import Idp
from data.secrets import without_secrets
from data.store import audit, grants, requests
from data.store.grants import Grant
from workflows.authority import current, group_ref, owner_ref, people_of
from workflows.journal import Actor, entry, redraw, show
from workflows.telling.places import approving_channel, platform_channel

FIRST_NAG, LATER_NAG = timedelta(hours=4), timedelta(days=1)


def nag(idp: Idp) -> None:
    """Ask again for every review whose next reminder has come."""
    now = idp.now()
    with idp.database.reading() as store:
        waiting = grants.unreviewed(store, now)
    for grant in waiting:
        _ask(idp, grant, now)


def _ask(idp: Idp, grant: Grant, now: datetime) -> None:
    number, snapshot = grant.nags + 1, idp.catalog.snapshot
    next_at = now + (FIRST_NAG if number < 3 else LATER_NAG)
    with idp.database.store() as store:
        if not grants.review(store, grant.id, nags=number, nag_at=next_at, nags_were=grant.nags):
            return
        for place in sorted({approving_channel(idp, snapshot, grant.target), platform_channel(idp, snapshot)}):
            key = f"review:{grant.id}:{number}:{place}"
            show(idp, store, key=key, kind="review", subject=grant.id, place=place)


def close_review(idp: Idp, grant: int, actor: Actor, note: str) -> Grant:
    """Somebody of the owning or the platform team, other than the holder, has looked at it and says so."""
    seen = without_secrets(" ".join(note.split()))[:1000]
    if not seen:
        raise Invalid("Say in a sentence what you found.")
    snapshot = current(idp)
    with idp.database.reading() as store:
        held, request = grants.load(store, grant), requests.load(store, grant)
    if held is None or request is None or held.review == "none":
        raise NotFound(f"There is no review {grant}.")
    entity = snapshot.get(held.target)
    owners = people_of(snapshot, owner_ref(snapshot, entity)) if entity else frozenset()
    platform = people_of(snapshot, group_ref(snapshot, idp.platform_owner)) if idp.platform_owner else frozenset()
    if actor.person not in (owners | platform) - {held.subject, request.requester}:
        reason = "The review is closed by another person of the owning or the platform team."
        with idp.database.store() as store:
            audit.append(store, entry("review.refused", actor, held.target, grant, {"refused": reason}), idp.now())
        raise NotAllowed(reason)
    with idp.database.store() as store:
        if not grants.review(
            store, grant, review="closed", reviewed_by=actor.person, review_note=seen, nag_at=None
        ):
            raise Conflict("This review is closed already.")
        redraw(idp, store, "review", grant)
        redraw(idp, store, "request", grant)
        audit.append(store, entry("review.closed", actor, held.target, grant, {"note": seen}), idp.now())
        return grants.load(store, grant) or held

"""Letting somebody else approve in one's place while one is away."""

from datetime import datetime, timedelta

from data.errors import Invalid, NotFound
from data.idp import Idp
from data.store import audit, delegations
from data.store.delegations import DelegationPeriod
from workflows.authority import current, known_person
from workflows.journal import Actor, entry
from workflows.telling.homes import concern

LONGEST = timedelta(days=60)


def delegate(idp: Idp, actor: Actor, to: str, until: datetime) -> DelegationPeriod:
    """Let `to` (reference of a person) approve in the actor's place until a time; replaces an earlier one.

    It never gives a voice about one's own request: requester and beneficiary stay barred.
    """
    now, snapshot = idp.now(), current(idp)
    if not (known_person(snapshot, actor.person) and known_person(snapshot, to)):
        raise NotFound("The catalog does not know both of you, so nothing was delegated.")
    if to == actor.person:
        raise Invalid("You cannot delegate to yourself.")
    if not now < until <= now + LONGEST:
        raise Invalid(f"The end must lie within the next {LONGEST.days} days.")
    period = DelegationPeriod(actor.person, to, now, until)
    with idp.database.store() as store:
        delegations.put(store, period)
        concern(idp, store, {actor.person, to})
        detail = {"delegate": to, "until": until}
        audit.append(store, entry("delegation.made", actor, detail=detail), now)
    return period


def end_delegation(idp: Idp, actor: Actor) -> bool:
    """Take it back; False when there was none."""
    with idp.database.store() as store:
        ended = delegations.end(store, actor.person)
        if ended:
            audit.append(store, entry("delegation.ended", actor), idp.now())
        return ended

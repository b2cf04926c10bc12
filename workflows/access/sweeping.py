"""Compares what the access system says with our rows, every five minutes."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from data import unconnected
from data.errors import UserError
from data.idp import Idp
from data.ports.access import Entitlement
from data.store import audit, grants, messages
from data.store.grants import Grant
from workflows.access.extending import end_now
from workflows.access.prod_access import entitlement
from workflows.authority import current, known_person
from workflows.journal import HOUSE, entry, redraw
from workflows.telling.places import platform_channel

log = logging.getLogger(__name__)

SETTLED = timedelta(minutes=1)  # younger access may not be listed by the access system yet


def sweep(idp: Idp, slot: str) -> None:
    """The work "sweep": access that no row explains, rows whose access is gone, holders who left."""
    try:
        _compare(idp, slot[:10])
    except UserError as error:  # the access system is away, or there is none
        log.warning("no sweep: %s", error.message)
    _leavers(idp)


def _compare(idp: Idp, day: str) -> None:
    with idp.database.reading() as store:
        before = grants.unremoved(store)
    if not before and isinstance(idp.access, unconnected.Access):
        return  # nobody has connected any, and none was ever given: a choice, not a trouble
    there = idp.access.list()
    with idp.database.reading() as store:
        after = grants.unremoved(store)
    _strays(idp, there, before + after, day)
    _gone(idp, there, [g for g in after if g in before])


def _leavers(idp: Idp) -> None:
    snapshot = current(idp)
    with idp.database.reading() as store:
        live = grants.live(store)
    for grant in live if len(snapshot) else ():  # an empty catalog says nothing about people
        if not known_person(snapshot, grant.subject):
            _leave(idp, grant)


def _what(access: Entitlement | Grant) -> tuple[str, str, str]:
    email = access.email if isinstance(access, Grant) else access.subject
    return email, access.target, access.environment


def _strays(idp: Idp, there: Sequence[Entitlement], rows: list[Grant], day: str) -> None:
    explained = {_what(grant) for grant in rows}
    for access in there:
        if _what(access) not in explained:
            text = (
                f"{access.subject} has access to {access.target} ({access.environment}) that no request explains. "
                f"It was not touched; take it away in {idp.access.name}, or ask for it properly."
            )
            _report(idp, f"stray:{day}:{'|'.join(_what(access))}", "access.unexplained", access.target, text)


def _gone(idp: Idp, there: Sequence[Entitlement], rows: list[Grant]) -> None:
    now, listed = idp.now(), {_what(access) for access in there}
    for grant in rows:
        settled = grant.given_at and now - grant.given_at > SETTLED
        if (
            grant.state == "active"
            and settled
            and _what(grant) not in listed
            and not idp.access.holds(entitlement(grant))
        ):
            _ended_by_hand(idp, grant, now)


def _ended_by_hand(idp: Idp, grant: Grant, now: datetime) -> None:
    with idp.database.store() as store:
        ended = grants.move(
            store,
            grant.id,
            states={"active"},
            due_was=grant.due_at,
            state="ended",
            ended_at=now,
            ended_why="gone",
            removed_at=now,
        )
        if ended:
            redraw(idp, store, "grant", grant.id)
            redraw(idp, store, "request", grant.id)
            audit.append(store, entry("grant.gone", HOUSE, grant.target, grant.id, {"grant": grant.key}), now)


def _leave(idp: Idp, grant: Grant) -> None:
    """The holder is no longer a person of the catalog."""
    with idp.database.store() as store:
        end_now(idp, store, grant, "revoked")
        detail = {"grant": grant.key, "why": "the holder is not in the catalog any more"}
        audit.append(store, entry("grant.ending", HOUSE, grant.target, grant.id, detail), idp.now())


def _report(idp: Idp, key: str, what: str, target: str, text: str) -> None:
    """Tell the platform team once for this key."""
    with idp.database.store() as store:
        place = platform_channel(idp, idp.catalog.snapshot)
        id = messages.write(store, idp.now(), key=key, kind="alarm", subject=0, place=place, text=text)
        if id is None:
            return
        if place:
            idp.engine.enqueue(store, "deliver", f"deliver:{id}:1", id)
        audit.append(store, entry(what, HOUSE, target, detail={"text": text}), idp.now())

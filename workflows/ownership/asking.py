"""Asking the old owners: each change of ownership that waits becomes part of a request and ends with its claim."""

import logging
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import groupby

from data.errors import UserError
from data.idp import Idp
from data.store import requests, takeovers
from data.store.requests import Request, State
from data.store.takeovers import Takeover
from workflows.authority import current
from workflows.journal import HOUSE, redraw, write_down
from workflows.ownership.takeover import TAKEOVER, TakeoverForm
from workflows.requests.submitting import preview, submit

log = logging.getLogger(__name__)

ASKED: frozenset[State] = frozenset({"pending", "approved", "running", "failed", "denied"})
AT_ONCE = 200  # changes in one request: a team that is renamed is asked once, not for each thing that it owns
NAMED = 8  # of them in the reason


def ask_owners(idp: Idp, slot: str) -> None:
    """The work "ask-owners", every minute: nothing is asked twice; what is not claimed any more is taken back."""
    with idp.database.reading() as store:
        waits = takeovers.waiting(store)
        asked = requests.find(store, states=ASKED, action=TAKEOVER.name, limit=1000)
    if not waits and not any(request.state == "pending" for request in asked):
        return
    current(idp)
    over = [request for request in asked if request.state == "pending" and not _all_wait(request, waits)]
    for request in over:
        _take_back(idp, request)
    known = [request for request in asked if request not in over]
    for together in _together([each for each in waits if not any(_covers(one, each) for one in known)]):
        _ask(idp, together, slot)


def _form(request: Request) -> TakeoverForm:
    return TakeoverForm.model_validate(dict(request.parameters))


def _covers(request: Request, each: Takeover) -> bool:
    """Whether the old owner was asked about this change; one that was withdrawn and came back is another one."""
    form = _form(request)
    same = each.ref in form.refs and (each.held, each.claimed) == (form.held, form.claimed)
    return same and each.since <= request.created_at


def _all_wait(request: Request, waits: Sequence[Takeover]) -> bool:
    covered = {each.ref for each in waits if _covers(request, each)}
    return covered.issuperset(_form(request).refs)


def _take_back(idp: Idp, request: Request) -> None:
    """A claim was withdrawn, or agreed to elsewhere: there is nothing to decide any more."""
    now = idp.now()
    with idp.database.store() as store:
        if requests.move(store, request.id, states={"pending"}, state="cancelled", decided_at=now):
            redraw(idp, store, "request", request.id)
            why = "the catalog files do not claim this any more, or it was agreed to elsewhere"
            write_down(
                store, now, "request.cancelled", HOUSE, request, before="pending", after="cancelled", note=why
            )


def _together(waits: Sequence[Takeover]) -> Iterator[list[Takeover]]:
    """Changes from the same owner to the same owner, at most AT_ONCE each time."""
    ordered = sorted(waits, key=lambda each: (each.held, each.claimed, each.ref))
    for _, group in groupby(ordered, key=lambda each: (each.held, each.claimed)):
        alike = list(group)
        yield from (alike[at : at + AT_ONCE] for at in range(0, len(alike), AT_ONCE))


def _ask(idp: Idp, together: Sequence[Takeover], slot: str) -> None:
    """One request. Where nobody could be asked nothing is stored; the change waits, `idp takeover` lists it."""
    first = together[0]
    values = {"refs": [each.ref for each in together], "held": first.held, "claimed": first.claimed}
    told = "\0".join(f"{each.ref} {each.since}" for each in together)
    key = f"takeover:{blake2b(told.encode(), digest_size=12).hexdigest()}:{slot}"
    try:
        if preview(idp, TAKEOVER, HOUSE, values).decision.effect == "refuse":
            log.warning("nobody can be asked about the new owner of %s", first.ref)
            return
        submit(idp, TAKEOVER, HOUSE, values, reason=_reason(together), key=key)
    except UserError as error:
        log.warning("the old owner of %s could not be asked: %s", first.ref, error.message)


def _reason(together: Sequence[Takeover]) -> str:
    named = ", ".join(f"{each.ref} ({each.path}, {each.source})" for each in together[:NAMED])
    more = f" and {len(together) - NAMED} more" if len(together) > NAMED else ""
    owner = "another owner" if together[0].claimed else "no owner"
    return f"The catalog file now says {owner}; owners approve, so the old owner is asked: {named}{more}."

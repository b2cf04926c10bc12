"""Paging whoever is on call: shown first, and then done once however often it is pressed."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final

from data.errors import Conflict, NotFound, Unavailable, UserError
from data.idp import Idp
from data.integrations.pager import HINT, NOBODY
from data.ports.oncall import Page
from data.store import audit
from workflows.journal import Actor, entry

log = logging.getLogger("idp")

LASTS: Final = timedelta(minutes=10)  # how long a page that was shown may be sent
LONGEST: Final = 500  # signs of a reason


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page that was not sent yet. `key` carries when it was shown, and makes all its sendings one page."""

    ref: str  # of what is paged for
    system: str  # who would page, for people
    reason: str
    key: str


def prepare(idp: Idp, refs: tuple[str, ...], reason: str, by: str) -> Prepared:
    """The page for the first of these references for which there is a pager. Raises NotFound if there is none."""
    reached = ((ref, idp.pager.reaches(ref)) for ref in refs if ref)
    ref, system = next(((ref, system) for ref, system in reached if system), ("", ""))
    if not ref:
        raise NotFound(NOBODY, HINT)
    now = idp.now()
    mark = blake2b(f"{ref}\0{reason}\0{by}\0{now.isoformat()}".encode(), digest_size=8).hexdigest()
    return Prepared(ref, system, reason[:LONGEST], f"idp-{int(now.timestamp())}-{mark}")


def send(idp: Idp, page: Page, actor: Actor) -> str:
    """Page, once for each key, and write down who did it and why, also when it failed.

    Raises Conflict when the page was shown too long ago, NotFound or Unavailable.
    """
    shown = _shown(page.dedup_key)
    if not timedelta() <= idp.now() - shown <= LASTS:
        raise Conflict("This page was shown too long ago, so it is not sent.", "Ask for it again.")
    try:
        said = idp.pager.page(page)
    except UserError as error:
        _write_down(idp, "page.failed", page, actor, error.message)
        raise
    _write_down(idp, "page.sent", page, actor, said)
    return said


def _write_down(idp: Idp, what: str, page: Page, actor: Actor, said: str) -> None:
    """After the call, and never in its way: help must come also while the database is away."""
    facts = {"by": page.by, "reason": page.reason, "key": page.dedup_key, "said": said}
    try:
        with idp.database.store() as store:
            audit.append(store, entry(what, actor, page.ref, detail=facts), idp.now())
    except Unavailable:
        log.error("not in the audit, the database is away: %s for %s by %s", what, page.ref, page.by)


def _shown(key: str) -> datetime:
    parts = key.split("-")
    if len(parts) != 3 or parts[0] != "idp" or not (parts[1].isdigit() and len(parts[1]) < 12):
        raise Conflict("This is no page that was shown.", "Say: page <name> <reason>.")
    return datetime.fromtimestamp(int(parts[1]), UTC)

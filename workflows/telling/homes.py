"""Keeping the app's Home right for those who have it open: published again when something changes for them.

A change that concerns people enqueues, in its own transaction, that their Homes are published; what is shown then
is what is true at that moment. What changes without anybody doing anything (a shift begins, time passes,
the catalog moves) is looked for every minute.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from data.errors import Unavailable, UserError
from data.idp import Idp
from data.ports.chat import TooMany
from data.store import grants, homes, requests
from data.store.database import Store

OPEN: Final = timedelta(hours=24)  # a Home that was opened longer ago is drawn anew when it is opened again
RETRY: Final = 5.0  # seconds


def concern(idp: Idp, store: Store, people: Collection[str]) -> None:
    """Something has changed for these people (canonical references)."""
    accounts = homes.of_people(store, sorted(people), idp.now() - OPEN) if people else []
    for account in accounts:
        work = f"home:{account}:"
        if work not in store.asked:
            store.asked.add(work)
            idp.engine.enqueue(store, "home", f"{work}{secrets.token_hex(8)}", account)


def concerned_by(idp: Idp, store: Store, kind: str, subject: int) -> None:
    """The same for everybody whom a request or its grant is about, and who may decide it."""
    if kind not in {"request", "grant", "review"} or not homes.any_open(store, idp.now() - OPEN):
        return
    request, grant = requests.load(store, subject), grants.load(store, subject)
    people = {request.requester, request.beneficiary} if request else set()
    if request:
        people |= {person for asked in request.asked for person in asked.members}
    concern(idp, store, people | ({grant.subject} if grant else set()))


def catch_up(idp: Idp, account: str) -> None:
    """The work "home": what waits to show the same Home is done with it, so that many changes cost one call."""
    idp.engine.withdraw("home", f"home:{account}:")
    publish(idp, account)


def publish(idp: Idp, account: str) -> None:
    """Show what is true now.

    Of those who do so at once, each that ends after another shows it once more, since Slack may have taken the
    older view last. It takes another's end to go round again, so that all of them end.
    """
    while True:
        with idp.database.reading() as store:
            before = homes.times_shown(store, account)
        if before is None:
            return
        try:
            shown = idp.desk.publish(account)
        except Unavailable as error:
            _again(idp, account, error.seconds if isinstance(error, TooMany) else 0.0)
            return
        except UserError:  # the account is gone, or gets no answers; opening it again tells them why
            shown = ""
        with idp.database.store() as store:
            if homes.record_shown(store, account, before, shown):
                return


def _again(idp: Idp, account: str, left_alone: float) -> None:
    slot = int(idp.now().timestamp() // RETRY)
    with idp.database.store() as store:
        name = f"home:{account}:again:{slot}"
        idp.engine.enqueue(store, "home", name, account, delay=max(RETRY, left_alone))


def refresh(idp: Idp, slot: str) -> None:
    """The work "homes", every minute: Homes that would look different now are published again."""
    idp.engine.withdraw("homes", "homes:")  # while Slack is slow one look takes longer than a minute
    with idp.database.reading() as store:
        looked_at = homes.recent(store, idp.now() - OPEN)
    changed = [account for account, shown in looked_at if _differs(idp, account, shown)]
    if changed:
        with idp.database.store() as store:
            for account in changed:
                idp.engine.enqueue(store, "home", f"home:{account}:at:{slot}", account)


def _differs(idp: Idp, account: str, shown: str) -> bool:
    try:
        return idp.desk.fingerprint(account) not in {"", shown}
    except UserError:
        return False


@dataclass
class Following:
    """Notices, in each process that works, that the catalog has moved: services and approvers may be others."""

    _version: int = -1

    def tick(self, idp: Idp) -> None:
        """Every few seconds."""
        before, self._version = self._version, idp.catalog.snapshot.version
        if before not in {-1, self._version}:
            with idp.database.store() as store:
                slot = f"catalog:{self._version}"
                idp.engine.enqueue(store, "homes", f"homes:{slot}", slot)

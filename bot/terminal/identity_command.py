"""`idp identity`: which account of the chat is which person, in a terminal of the platform's people."""

import getpass

from rich.console import Console

from bot.settings.config import Settings
from bot.wiring import build
from data.catalog.entity import parse_ref
from data.errors import Invalid, NotFound
from data.idp import Idp
from data.store import audit, people
from data.store.database import Store
from data.store.people import Binding
from workflows.journal import HOUSE, entry


def identities_now(settings: Settings, about: str | None, *, forget: bool) -> int:
    """List who is bound to which account, or forget one account; 0 when that is done.

    `about` is an account, an address or a person. Raises NotFound for one that is not bound, and Invalid for
    forgetting without an account: everybody, or both accounts of a person, is never meant.
    """
    idp = build(settings)
    try:
        with idp.database.store() as store:
            found = _chosen(people.bindings(store), about)
            if about is not None and not found:
                raise NotFound(f"Nobody is bound to {about}.", "idp identity lists those who are.")
            if forget:
                _forget(idp, store, found, about)
    finally:
        idp.database.close()
    console = Console()
    for each in found:
        line = f"{'forgotten: ' if forget else ''}{each.account} is {each.person} ({each.email})"
        console.print(line, soft_wrap=True, markup=False, highlight=False)
    if not found:
        console.print("No account is bound yet: the first deed of each proves who it is.")
    return 0


def _chosen(bound: list[Binding], about: str | None) -> list[Binding]:
    """Those that are meant, by person; all without a word."""
    if about is None:
        return sorted(bound, key=lambda each: (each.person, each.account))
    if any(each.account == about for each in bound):
        return [each for each in bound if each.account == about]
    person = "" if "@" in about else str(parse_ref(about, "user"))
    return [each for each in bound if each.email == about.lower() or each.person == person]


def _forget(idp: Idp, store: Store, found: list[Binding], about: str | None) -> None:
    """Whoever holds the terminal answers for it: the audit keeps the name of their account there."""
    if [each.account for each in found] != [about]:
        accounts = ", ".join(each.account for each in found[:5])
        raise Invalid("Forgetting needs one account.", f"Such as: idp identity {accounts or 'U123'} --forget")
    (bound,) = found
    people.forget(store, bound.account)
    detail = {"account": bound.account, "email": bound.email, "terminal": getpass.getuser()}
    audit.append(store, entry("identity.forgotten", HOUSE, bound.person, detail=detail), idp.now())

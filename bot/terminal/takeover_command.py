"""`idp takeover`: changes of ownership that wait for the old owner, in a terminal of the platform's people."""

import getpass

from rich.console import Console

from bot.settings.config import Settings
from bot.wiring import build
from data.catalog.entity import parse_ref
from data.errors import NotFound
from data.idp import Idp
from data.store import audit, takeovers
from data.store.database import Store
from data.store.takeovers import Takeover, waiting
from workflows.journal import HOUSE, entry


def takeovers_now(settings: Settings, entity: str | None, *, agree: bool) -> int:
    """List what waits, or let one of it happen; 0 when that is done. Raises NotFound when none waits there."""
    idp = build(settings)
    console = Console()
    try:
        with idp.database.store() as store:
            found = waiting(store)
            if entity is not None:
                ref = str(parse_ref(entity, "component"))
                found = [each for each in found if each.ref == ref]
                if not found:
                    raise NotFound(f"No change of owner of {ref} waits.", "idp takeover lists those that do.")
            if agree and entity is not None:
                _agree(idp, store, found)
    finally:
        idp.database.close()
    done = "done" if agree and entity is not None else "waits"
    for each in found or ():
        console.print(f"{done}: {_line(each)}", soft_wrap=True, markup=False)
    if not found:
        console.print("No change of owner waits.")
    return 0


def _agree(idp: Idp, store: Store, found: list[Takeover]) -> None:
    """Whoever holds the terminal answers for it: the audit keeps the name of the account."""
    for each in takeovers.agree(store, found):
        detail = {"held": each.held, "claimed": each.claimed, "source": each.source, "path": each.path}
        detail["terminal"] = getpass.getuser()
        audit.append(store, entry("takeover.agreed", HOUSE, each.ref, detail=detail), idp.now())


def _line(each: Takeover) -> str:
    change = f"{each.ref}: {each.held} -> {each.claimed or 'nobody'}"
    return f"{change}, since {each.since:%Y-%m-%d %H:%M} UTC ({each.source}, {each.path})"

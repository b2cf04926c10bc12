"""Names of workspaces: what the systems take, and what is still free."""

import re
from typing import Final

from data.idp import Idp
from data.store import workspaces

LONGEST: Final = 32
_WORD = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


def is_name(text: str) -> bool:
    """Letters and digits, with single dashes between them, at most 32."""
    return len(text) <= LONGEST and _WORD.fullmatch(text) is not None


def free_name(idp: Idp, person: str, wanted: str) -> str:
    """A name like the wanted one that no living workspace of the person has: checkout, checkout-2, \u2026"""
    base = "-".join(re.findall(r"[A-Za-z0-9]+", wanted))[: LONGEST - 4].strip("-") or "workspace"
    with idp.database.reading() as store:
        taken = {row.name.lower() for row in workspaces.find(store, owner=person)}
    names = [base, *(f"{base}-{number}" for number in range(2, 100))]
    return next((name for name in names if name.lower() not in taken), base)

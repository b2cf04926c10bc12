"""Who is turned away is written down once a day each, so that a flood of them is one row and a line in the log."""

import logging
import threading
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

from data.errors import UserError
from data.idp import Idp
from data.store import audit
from data.store.told import first_to_tell

log = logging.getLogger("idp")

MOST: Final = 10_000  # remembered in this process; then it starts anew, and the database still knows
LONGEST: Final = 80  # characters of what others say of themselves


class Refusals:
    """Writes refusals at the door into the audit. Safe for many threads; never raises a UserError."""

    def __init__(self, idp: Idp) -> None:
        self._idp = idp
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def foreign(self, body: Mapping[str, Any]) -> None:
        """A signed request of another app or another workspace."""
        team, user = body.get("team_id") or body.get("team"), body.get("user_id") or body.get("user")
        told = {"app": _id(body.get("api_app_id")), "team": _id(team)}
        self._write_down("foreign", _id(user), "Another app or workspace.", told)

    def account(self, account: str, why: str) -> None:
        """Somebody who is no full member of our workspace."""
        self._write_down("not_admitted", _id(account), why, {})

    def _write_down(self, code: str, account: str, why: str, facts: Mapping[str, str]) -> None:
        now = self._idp.now()
        said = f"{now:%Y-%m-%d}\0{code}\0{account}\0{facts}"
        key = f"refused:{blake2b(said.encode(), digest_size=12).hexdigest()}"
        if not self._first_here(key):
            return
        entry = audit.Entry("door.refused", "", account, detail={"code": code, "refused": why, **facts})
        try:
            with self._idp.database.store() as store:
                if first_to_tell(store, [key], now):
                    audit.append(store, entry, now)
        except UserError as error:  # the refusal stands; what could not be written down is in the log
            log.warning("refused and not written down: %s %s: %s", code, account, error.message)

    def _first_here(self, key: str) -> bool:
        with self._lock:
            if key in self._known:
                return False
            if len(self._known) >= MOST:
                self._known.clear()
            self._known.add(key)
            return True


def _id(value: object) -> str:
    """An id of Slack, which may stand inside an object; what others say of themselves is cut."""
    found = value.get("id") if isinstance(value, dict) else value
    return str(found or "")[:LONGEST]

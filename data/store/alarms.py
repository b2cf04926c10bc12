"""Alarms about who is who: written into the audit once, however often the same thing is seen."""

from collections.abc import Mapping
from datetime import datetime

from data.store import audit
from data.store.audit import Entry
from data.store.database import Store
from data.store.told import first_to_tell, told_with, untell


def raise_once(store: Store, alarms: Mapping[str, Entry], prefix: str, now: datetime) -> list[Entry]:
    """Write down those that are new by their keys, which begin with `prefix`; gives them.

    These are all of this kind that hold now: what is over may be raised again. Last in its transaction, like all
    of the audit.
    """
    known = told_with(store, prefix)
    untell(store, known - alarms.keys())
    fresh = [alarms[key] for key in sorted(first_to_tell(store, alarms.keys() - known, now))]
    for entry in fresh:
        audit.append(store, entry, now)
    return fresh

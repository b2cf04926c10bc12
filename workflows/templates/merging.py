"""Following a pull request until somebody merges or closes it: how it stands now, and when to look again."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from data.catalog.snapshot import Snapshot
from data.errors import UserError
from data.idp import Idp
from workflows.templates.looking import repository_of
from workflows.templates.pulling import Opened, State, Upgrade, branch_of, where

MEANWHILE: Final = "Closed without being merged."
OPEN: Final[frozenset[State]] = frozenset({"opened", "found"})
SOON, LATER, RARELY = 120.0, 600.0, 3600.0  # seconds between looks: in the first hour, the first day, afterwards
ENOUGH: Final = timedelta(days=30)  # after so long nobody waits for it any more


def seen(idp: Idp, snapshot: Snapshot, each: Opened, to: Upgrade) -> Opened:
    """One service as its pull request stands now; as it stood where nobody can tell."""
    entity = snapshot.get(each.entity)
    if each.state not in OPEN or entity is None:
        return each
    try:
        pull = idp.repo_host.pull_request(repository_of(idp, snapshot, entity), branch_of(to.path, to.version))
    except UserError:
        return each
    if pull is None or pull.state == "closed":
        return replace(each, state="declined", note=MEANWHILE)
    return replace(each, state="merged", where=where(pull)) if pull.state == "merged" else each


def pace(age: timedelta) -> float:
    """Seconds until the next look at what has been open for so long."""
    return SOON if age < timedelta(hours=1) else LATER if age < timedelta(days=1) else RARELY

"""Everything that the engine can be asked to do, and when the house asks it by itself."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from data.errors import UserError
from data.idp import Idp
from data.store import drafts
from data.store.seen import last_written
from workflows.access.reviewing import nag
from workflows.access.revoking import revoke
from workflows.access.sweeping import sweep
from workflows.access.watching import Deadlines, due
from workflows.digests.making import make
from workflows.digests.planning import plan
from workflows.ownership.asking import ask_owners
from workflows.reconciling import reconcile
from workflows.requests.run import run
from workflows.requests.unwinding import unwind
from workflows.requests.waiting import escalate, expire, remind
from workflows.scorecards.gathering import Gathering, gather
from workflows.scorecards.pushing import rescore
from workflows.scorecards.recording import record_all
from workflows.telling.deliver import deliver
from workflows.telling.homes import Following, catch_up, refresh
from workflows.telling.witness import post_head
from workflows.templates.watching import watch as watch_templates
from workflows.workspaces.inventory import take_stock
from workflows.workspaces.watching import tick as watch_tick
from workflows.workspaces.watching import watch

log = logging.getLogger(__name__)

KEPT = timedelta(days=14)  # records of the engine about work that has ended; our own rows stay
QUEUES = {
    "revoke": "revocations",
    "deliver": "messages",
    "home": "homes",
    "homes": "homes",
    "digest": "digests",
    "deliver-digest": "digests",
    "watch-workspaces": "workspaces",
    "take-stock": "workspaces",
    "gather": "facts",
    "score": "facts",
    "templates": "facts",
}  # the rest runs on "actions"


def forget(idp: Idp, slot: str) -> None:
    """The work "forget", daily."""
    log.info("forgot %d records of work that ended before %s", idp.engine.forget(idp.now() - KEPT), slot)
    with idp.database.store() as store:
        drafts.forget(store, idp.now() - KEPT)


def works(idp: Idp) -> Mapping[str, Callable[..., None]]:
    """Each kind of work by its name, for `Engine.launch`."""
    known: Mapping[str, Callable[..., None]] = {
        "run": run,
        "undo": unwind,
        "revoke": revoke,
        "deliver": deliver,
        "deliver-digest": deliver,
        "digest": make,
        "digests": plan,
        "home": catch_up,
        "homes": refresh,
        "expire": expire,
        "remind": remind,
        "escalate": escalate,
        "sweep": sweep,
        "reconcile": reconcile,
        "post-head": post_head,
        "forget": forget,
        "gather": gather,
        "score": record_all,
        "rescore": rescore,
        "ask-owners": ask_owners,
        "templates": watch_templates,
        "watch-workspaces": watch,
        "take-stock": take_stock,
    }
    return {name: partial(work, idp) for name, work in known.items()}


PERIODS = {  # seconds
    "sweep": 300,
    "post-head": 300,
    "reconcile": 300,
    "forget": 86_400,
    "ask-owners": 60,
    "templates": 3600,
    "take-stock": 60,
    "digests": 60,
    "homes": 60,
}


@dataclass
class Ticker:
    """What the clock calls every few seconds in each process that works.

    Periodic work is enqueued under the id of its slot of time, so that any number of replicas does it once.
    """

    idp: Idp
    periods: Mapping[str, int] = field(default_factory=lambda: PERIODS)
    _slots: dict[str, int] = field(default_factory=dict)
    _deadlines: Deadlines = field(default_factory=Deadlines)
    _gathering: Gathering = field(default_factory=Gathering)
    _following: Following = field(default_factory=Following)

    def start(self) -> None:
        """Once, after `Engine.launch`: whatever a crash has left behind goes on."""
        with self.idp.database.reading() as store:
            self._deadlines.written = last_written(store)
        reconcile(self.idp)

    def tick(self) -> None:
        """Raises nothing a clock could stumble over but bugs; a database that is away is a line in the log."""
        try:
            due(self.idp, self._deadlines)
            nag(self.idp)
            watch_tick(self.idp)
            self._gathering.tick(self.idp)
            self._following.tick(self.idp)
            self._enqueue_slots()
        except UserError as error:
            log.warning("the house could not look after itself: %s", error.message)

    def _enqueue_slots(self) -> None:
        now = self.idp.now()
        fresh = {
            n: slot for n, s in self.periods.items() if (slot := int(now.timestamp()) // s) != self._slots.get(n)
        }
        if not fresh:
            return
        with self.idp.database.store() as store:
            for name, slot in fresh.items():
                at = datetime.fromtimestamp(slot * self.periods[name], UTC).isoformat()
                self.idp.engine.enqueue(store, name, f"{name}:{at}", at)
        self._slots |= fresh

"""Collectors on the clock: each for itself, so that one that hangs or fails costs only its own facts."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from data.errors import UserError
from data.idp import Idp
from data.ports.facts import Collected, Collector, Fact, Known
from data.store import facts
from data.store.facts import Run
from workflows.scorecards.recording import record
from workflows.templates.census import published

log = logging.getLogger(__name__)

AT_ONCE = 1_000  # facts in one transaction
SCORE_EVERY = 600  # seconds; what changes before that is scored when it changes


@dataclass
class Gathering:
    """Called every few seconds in each process that works; what is due is enqueued once among all of them."""

    _asked: dict[tuple[str, str], str] = field(default_factory=dict)

    def tick(self, idp: Idp) -> None:
        """All this is due at each whole multiple of its period, and when the catalog has changed."""
        version = idp.catalog.snapshot.version
        if not (version and idp.scorecards.cards):
            return
        now = int(idp.now().timestamp())
        periods = {("gather", collector.name): collector.every for collector in idp.collectors}
        periods["score", "all"] = SCORE_EVERY
        slots = {key: f"{now // every}:{version}" for key, every in periods.items()}
        due = {key: slot for key, slot in slots.items() if slot != self._asked.get(key)}
        if due:
            with idp.database.store() as store:
                for (work, name), slot in due.items():
                    idp.engine.enqueue(store, work, f"{work}:{name}:{slot}", name)
            self._asked |= due


def gather(idp: Idp, name: str) -> None:
    """The work "gather": one run of one collector; its last good values stay when it fails."""
    collector = next((one for one in idp.collectors if one.name == name), None)
    if collector is not None:
        record(idp, take_in(idp, collector))


def take_in(idp: Idp, collector: Collector) -> set[str]:
    """Run a collector and keep what it told; gives the entities about which something changed."""
    now = idp.now()
    run = Run(collector.name, now, now, "", 0)
    try:
        told = collector.collect(Known(idp.catalog.snapshot, now, published(idp)))
    except UserError as error:
        log.warning("facts of %s: %s", collector.name, error.message)
        told, run = Collected((), kept=_everything), replace(run, told_at=None, error=error.message)
    else:
        run = replace(run, error=_first(told.problems), facts=len(told.facts))
    changed = _keep(idp, told.facts)
    keys = {fact[:2] for fact in told.facts}
    with idp.database.store() as store:
        changed |= facts.withdraw(store, collector.name, keys, told.kept, now)
        facts.note_run(store, run)
    return changed


def _keep(idp: Idp, told: Sequence[Fact]) -> set[str]:
    """Write what is new in short transactions: others wait for the database meanwhile."""
    with idp.database.reading() as store:
        fresh = facts.news(store, told)
    changed: set[str] = set()
    for start in range(0, len(fresh), AT_ONCE):
        with idp.database.store() as store:
            changed |= facts.put(store, fresh[start : start + AT_ONCE], idp.now())
    return changed


def _everything(_entity: str, _name: str) -> bool:
    return True


def _first(problems: Sequence[str]) -> str:
    """One sentence for all problems."""
    return f"{problems[0]} ({len(problems) - 1} more)" if len(problems) > 1 else "".join(problems)

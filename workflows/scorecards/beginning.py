"""Scores at once, without waiting for the clock: for the demo, and for a terminal."""

from collections.abc import Sequence

from data.idp import Idp
from data.ports.facts import Fact
from data.store import facts
from workflows.scorecards.gathering import take_in
from workflows.scorecards.recording import record_all


def score_now(idp: Idp, told: Sequence[Fact] = ()) -> None:
    """Run every collector, keep these facts as well, and score everything."""
    for collector in idp.collectors:
        take_in(idp, collector)
    with idp.database.store() as store:
        facts.put(store, told, idp.now())
    record_all(idp, "now")

"""What a version would do to each service that follows its golden path: the dry run."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from data.catalog.snapshot import Snapshot
from data.errors import Unavailable
from data.idp import Idp
from data.store.templates import Check
from workflows.templates.census import PathCensus, Standing
from workflows.templates.looking import look
from workflows.templates.upgrading import takers

MOST_LIVE: Final = 12  # repositories that are looked at while a person waits


class Foreseen(NamedTuple):
    """One service: its look, None when nobody has looked yet; `live` when that was now."""

    standing: Standing
    check: Check | None
    live: bool


def foresee(idp: Idp, snapshot: Snapshot, found: PathCensus, version: str) -> Sequence[Foreseen]:
    """Look at the first few repositories now, and take the last look of the others. Nothing is changed."""
    wanted = set(takers(found, version))
    standings = [each for each in found.standings if each.follower.entity.ref in wanted]
    return [
        _live(idp, snapshot, found, each, version) if number < MOST_LIVE else _last(each, version)
        for number, each in enumerate(standings)
    ]


def _live(idp: Idp, snapshot: Snapshot, found: PathCensus, standing: Standing, version: str) -> Foreseen:
    try:
        return Foreseen(standing, look(idp, snapshot, standing.follower.entity, found.path, version), live=True)
    except Unavailable:
        return _last(standing, version)


def _last(standing: Standing, version: str) -> Foreseen:
    fits = standing.check is not None and standing.check.target == version
    return Foreseen(standing, standing.check if fits else None, live=False)

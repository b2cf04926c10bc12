"""How far golden paths are taken up: services from templates and by hand, and how soon each was in production."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.store import templates
from workflows.templates.census import Census, PathCensus, census

ASKED_BY: Final = "new-service"  # the action
ENOUGH: Final = 5  # a median of fewer says more about chance
SETTLING: Final = timedelta(days=1)  # what is seen this soon after the first look was there before us


@dataclass(frozen=True, slots=True)
class Sample:
    """Seconds from the beginning to the first production deployment: how many are known, and their median."""

    n: int
    seconds: float | None

    @property
    def enough(self) -> bool:
        """Whether the median may be compared."""
        return self.n >= ENOUGH


@dataclass(frozen=True, slots=True)
class Adoption:
    """`templated` begins with the request of the service, `by_hand` with its first sight in the catalog: nothing
    earlier is known of those. What was there when we began is in neither."""

    census: Census
    templated: Sample
    by_hand: Sample

    @property
    def made(self) -> int:
        """How many services follow a golden path of ours."""
        return sum(len(path.standings) for path in self.census.paths)

    @property
    def adhering(self) -> int:
        """How many of those are on the newest version, with nothing of the template changed by hand."""
        return sum(
            each.behind is not None and not each.behind and each.edited is False
            for path in self.census.paths
            for each in path.standings
        )

    @property
    def unlooked(self) -> int:
        """Of how many nobody knows yet whether they were changed by hand."""
        return sum(each.edited is None for path in self.census.paths for each in path.standings)


def adoption(idp: Idp, snapshot: Snapshot) -> Adoption:
    """Count and measure; no network."""
    counted = census(idp, snapshot)
    with idp.database.reading() as store:
        deployed = templates.first_deployments(store)
        asked = templates.asked_for(store, ASKED_BY)
        seen = templates.first_seen(store)
    began = min(seen.values(), default=None)
    made = {ref: at for path in counted.paths for ref, at in _requested(path, asked).items()}
    known = {each.ref for each in counted.by_hand}
    hand = {ref: at for ref, at in seen.items() if ref in known and began is not None and at - began > SETTLING}
    return Adoption(counted, _sample(made, deployed), _sample(hand, deployed))


def by_path(idp: Idp, counted: Census) -> Mapping[str, Sample]:
    """How soon the services of each golden path, by its id, were in production after they were asked for."""
    with idp.database.reading() as store:
        asked = templates.asked_for(store, ASKED_BY)
        made = {path.path.id: _requested(path, asked) for path in counted.paths}
        deployed = templates.first_deployments(store, {ref for refs in made.values() for ref in refs})
    return {id: _sample(begun, deployed) for id, begun in made.items()}


def _requested(path: PathCensus, asked: Mapping[str, datetime]) -> dict[str, datetime]:
    """When each service of a golden path was asked for, by reference."""
    entities = (each.follower.entity for each in path.standings)
    return {entity.ref: asked[entity.name] for entity in entities if entity.name in asked}


def _sample(begun: Mapping[str, datetime], deployed: Mapping[str, datetime]) -> Sample:
    took = list(_took(begun, deployed))
    return Sample(len(took), median(took) if took else None)


def _took(begun: Mapping[str, datetime], deployed: Mapping[str, datetime]) -> Iterable[float]:
    for ref, at in begun.items():
        first = deployed.get(ref)
        if first is not None and first >= at:
            yield (first - at).total_seconds()

"""Where facts come from: small readings about entities that scorecards judge."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from data.catalog.snapshot import Snapshot

Value = bool | int | float | str
"""Times are texts in ISO form with their zone; `data.scorecards.names` says which fact has which type."""


class Fact(NamedTuple):
    """What one source observed about one entity at one moment; a fact that is not there is unknown."""

    entity: str  # canonical reference
    name: str  # such as "coverage" or "oncall.gaps"
    value: Value
    source: str  # of the collector, or who pushed it
    observed_at: datetime  # when it was so, which may be long before it was collected


@dataclass(frozen=True, slots=True)
class Known:
    """What a collector may ask about the house: the catalog, the time, and the versions of golden paths.

    `published` has those up to what new services get, the oldest first, by each address
    (`data.catalog.repos.origins`) of a golden path; a template without any is none of ours, or
    nobody has looked yet.
    """

    snapshot: "Snapshot"
    now: datetime
    published: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collected:
    """What one run of a collector gave.

    `problems` are sentences for people. `kept` says of which facts nothing could be learned this time: their last
    good values stay; a fact of this source that is neither given nor kept is withdrawn.
    """

    facts: Sequence[Fact]
    problems: Sequence[str] = ()
    kept: Callable[[str, str], bool] = field(default=lambda _entity, _name: False)


class Collector(Protocol):
    """Gathers facts of one source about all entities. It runs on the clock, off every request path."""

    @property
    def name(self) -> str:
        """Of the source, as people read it beside a value; no two are called the same."""
        ...

    @property
    def every(self) -> int:
        """Seconds between two runs."""
        ...

    def collect(self, known: Known) -> Collected:
        """Ask now. Raises UserError when nothing at all could be learned: every last good value stays."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """The last good value of a fact, and where it came from; `trouble` says why there is no newer one."""

    value: Value
    source: str
    observed_at: datetime
    trouble: str = ""


Readings = Mapping[str, Reading]
"""The facts of one entity by name."""

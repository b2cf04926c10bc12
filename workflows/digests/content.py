"""What digests say: plain values, fixed when they are made and kept as JSON, that every drawing is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Moved:
    """An entity that changed: `what` is the title of a rule, or a level; `person` is who had claimed it, or "".

    `scorecard` is the title of the one whose level it is, where there are several.
    """

    entity: str
    what: str
    person: str = ""
    scorecard: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing worth fixing: a failing rule of an entity, with what was found and what it would bring."""

    entity: str
    rule: str
    title: str
    why: str
    found: str
    level: str  # that it stands in the way of
    others: int = 0  # further entities of the team that fail the same rule


@dataclass(frozen=True, slots=True)
class Tally:
    """Of how many entities a rule holds, does not, or is not known."""

    title: str
    passed: int
    failed: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Point:
    """How things stood on one day: entities by level ("" below the lowest), and the share of checks passed."""

    day: str  # 2026-11-23
    levels: Mapping[str, int]
    passed: int | None  # percent of what is known, None when nothing is


@dataclass(frozen=True, slots=True)
class Track:
    """How things stood on one scorecard (its title), week by week; `order` names its levels, the lowest first."""

    scorecard: str
    order: Sequence[str]
    trend: Sequence[Point]


@dataclass(frozen=True, slots=True)
class DigestContent:
    """One team, one week. All lists are whole; drawing cuts them. References are canonical.

    `scorecard`, `order` and `trend` are of the first scorecard, `more` of the others, as they are configured.
    """

    team: str
    week: str
    first: bool
    services: int
    failing: int  # entities with at least one failing rule
    order: Sequence[str]  # names of levels, the lowest first
    better: Sequence[Moved]
    worse: Sequence[Moved]
    up: Sequence[Moved]
    down: Sequence[Moved]
    tasks: Sequence[Task]
    claimed: Sequence[Moved]
    tallies: Sequence[Tally]
    announced: Sequence[str]
    disowned: Sequence[str]
    trend: Sequence[Point]
    scorecard: str = ""
    more: Sequence[Track] = ()

    @property
    def tracks(self) -> list[Track]:
        """Of each scorecard."""
        return [Track(self.scorecard, self.order, self.trend), *self.more]


@dataclass(frozen=True, slots=True)
class NoteContent:
    """The whole fleet, one month: no team and no person is named. `more` are the other scorecards."""

    month: str  # that it is about, 2026-10
    scorecard: str
    services: int
    teams: int
    order: Sequence[str]
    trend: Sequence[Point]
    before: Sequence[Tally]  # at the beginning of the month, in the order of `after`
    after: Sequence[Tally]
    more: Sequence["NoteContent"] = ()

    @property
    def tracks(self) -> list[Track]:
        """Of each scorecard."""
        return [Track(one.scorecard, one.order, one.trend) for one in (self, *self.more)]


Content = TypeVar("Content", DigestContent, NoteContent)


def packed(content: DigestContent | NoteContent) -> str:
    """As JSON."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()


def unpacked(kind: type[Content], text: str) -> Content:
    """Out of JSON that `packed` made."""
    adapter: TypeAdapter[Content] = _reader(kind.__name__)
    return adapter.validate_json(text)


@cache
def _reader(name: str) -> "TypeAdapter[Any]":
    """Made once, when the first is read."""
    from pydantic import TypeAdapter

    return TypeAdapter({kind.__name__: kind for kind in (DigestContent, NoteContent)}[name])

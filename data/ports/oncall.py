"""Who is on call, what is open, and how to page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    pass

FOREVER = datetime(9000, 1, 1, tzinfo=UTC)  # the end of a shift that nobody relieves


@dataclass(frozen=True, slots=True)
class Shift:
    """One person on call on one level of one schedule, [start, end) in aware UTC; level 1 is asked first."""

    schedule: str
    level: int
    person: str  # as the rota names them: a user reference, a name or an e-mail
    start: datetime
    end: datetime
    source: str
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """One on-call schedule and what it covers: canonical references of entities, most often groups."""

    name: str
    source: str
    covers: tuple[str, ...] = ()
    timezone: str = "UTC"
    url: str = ""


@dataclass(frozen=True)
class Rotas:
    """All shifts that overlap a span, with when and from where they were learned, and what could not be asked."""

    schedules: Sequence[Schedule]
    shifts: Sequence[Shift]
    as_of: datetime
    failures: Sequence[str] = field(default=())

    @cached_property
    def covering(self) -> Mapping[str, Sequence[Schedule]]:
        """Schedules by the canonical reference that they cover."""
        found: dict[str, list[Schedule]] = {}
        for schedule in self.schedules:
            for ref in schedule.covers:
                found.setdefault(ref, []).append(schedule)
        return found

    @cached_property
    def by_schedule(self) -> Mapping[tuple[str, str], Sequence[Shift]]:
        """Shifts by (source, name of the schedule), in the order of time and then of level."""
        found: dict[tuple[str, str], list[Shift]] = {}
        for shift in sorted(self.shifts, key=lambda shift: (shift.start, shift.level)):
            found.setdefault((shift.source, shift.schedule), []).append(shift)
        return found


class OnCall(Protocol):
    """Who is on call. Answers come from memory or a cache; `rotas` never waits longer than a second.

    Asked again for the same span, the same object comes back until something changes.
    """

    def rotas(self, start: datetime, end: datetime) -> Rotas: ...


@dataclass(frozen=True, slots=True)
class Incident:
    """One open incident of a service. `status` is triggered (nobody looks yet) or acknowledged."""

    title: str
    status: Literal["triggered", "acknowledged"]
    since: datetime
    source: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Incidents:
    """The open incidents of one entity, the newest first; `as_of` None: not known, and `failures` may say why."""

    incidents: Sequence[Incident]
    as_of: datetime | None
    failures: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A call for help to whoever is on call for an entity.

    Pages with the same `dedup_key` are one page, however often they are sent.
    """

    ref: str
    summary: str
    reason: str
    by: str  # who pages, for people
    dedup_key: str


class OnCallSystem(Protocol):
    """A system behind the network that answers about on-call, as `idp doctor` looks at it."""

    @property
    def name(self) -> str: ...
    def check(self) -> None:
        """Ask it now. Raises NotAllowed or Unavailable with what to do."""
        ...

    def close(self) -> None: ...


class Pager(Protocol):
    """Calls whoever is on call, and knows what they are busy with. Only `page` waits for the other side."""

    def reaches(self, ref: str) -> str:
        """Who would be paged for exactly this entity, such as "PagerDuty: Checkout"; "" when nobody can be."""
        ...

    def incidents(self, ref: str) -> Incidents | None:
        """Open incidents from memory, read again in the background; None when no such system knows the entity."""
        ...

    def page(self, page: Page) -> str:
        """Page now; gives a sentence of what happened. Raises NotFound if nobody can be paged, or Unavailable."""
        ...

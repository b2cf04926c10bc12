"""The ports: what the house needs from outside, in the words of the domain. Every port has a fake that ships."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, runtime_checkable

from data.catalog.entity import Problem

if TYPE_CHECKING:
    from data.store.database import Store

Form = Literal["yaml", "entity", "companion", "left alone"]
WorkState = Literal["waiting", "running", "done", "failed"]

FOREVER = datetime(9000, 1, 1, tzinfo=UTC)  # the end of a shift that nobody relieves


class SourceFile(NamedTuple):
    """One file that a source offers.

    `stamp` changes whenever the content may have changed (mtime and size, blob id, etag), "" where that cannot be
    told; `content` is None when the stamp equals the one that the reader said it knows. `url` is where a person
    can look at the file ("" if nowhere). With `problem` the file is there but may not or cannot be read now: what
    was known of it stays. `form` says what it is: "yaml" a catalog file, "entity" one entity as JSON that another
    catalog has read, "companion" a text that is kept beside the catalog (a README, CODEOWNERS), without entities,
    "left alone" a file that this sync does not look at: it and all that follows from it stays as it is known.
    """

    path: str
    stamp: str
    content: bytes | None
    url: str = ""
    problem: Problem | None = None
    form: Form = "yaml"


class Known(NamedTuple):
    """What we remember from the last sync: the stamps of files by path, and the `notes` of its checkout."""

    stamps: Mapping[str, str]
    notes: str = ""


class Checkout(Protocol):
    """One consistent state of a source, open while it is read.

    `files` yields the files found by name. `want(path, target)` follows a Location target found in the file
    `path`, and `wanted` yields the files that this led to, each file once. `read(path, target)` returns what a
    `$text`-like placeholder names, inside the same source only (UserError if it may not or cannot), and `stamp`
    the stamp of that, "" where there is none. `notes`, asked at the end, is what makes the next look faster.
    """

    def files(self, known: Known) -> Iterator[SourceFile]: ...
    def want(self, path: str, target: str) -> Iterable[Problem]: ...
    def wanted(self, known: Known) -> Iterator[SourceFile]: ...
    def read(self, path: str, target: str) -> bytes: ...
    def stamp(self, path: str, target: str) -> str: ...
    def notes(self) -> str: ...
    def close(self) -> None: ...


class CatalogSource(Protocol):
    """Where entities come from. `open` may talk to the network; it raises Unavailable with a sentence."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def location(self) -> str:
        """The folder or URL, for people; never with a credential in it."""
        ...

    def open(self) -> Checkout: ...


@runtime_checkable
class Checkable(Protocol):
    """A source that can be asked cheaply whether it would answer."""

    def check(self) -> str:
        """What it says about itself, for people. Raises UserError with what to do."""
        ...


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


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Access of one person to one target in one environment, under the id of the grant that explains it.

    `until` is the absolute end in aware UTC; None in what `list` answers when the system does not keep it. `grant`
    is "" in what `list` answers when the system keeps no ids (a group membership, say).
    """

    grant: str
    subject: str  # e-mail, lower case
    target: str  # canonical reference of the entity
    environment: str
    until: datetime | None = None


class Access(Protocol):
    """Gives and takes production access. Every call may be repeated; the second has no further effect.

    Access is held per (subject, target, environment), not per grant: when two grants overlap, `revoke` is called
    at the later end, once for each grant id. Revoking what is gone already is done, not an error.
    Raises Unavailable when the system does not answer (trying again may help), Invalid or NotAllowed when it will
    never do this (no such person, a target that is not set up).
    """

    @property
    def name(self) -> str:
        """What people call the system, such as Okta."""
        ...

    def grant(self, access: Entitlement) -> None: ...
    def revoke(self, access: Entitlement) -> None: ...
    def holds(self, access: Entitlement) -> bool:
        """Read back: whether the person has this access now, under whatever grant."""
        ...

    def list(self) -> Sequence[Entitlement]:
        """All access that this adapter administers and that is in force now, ours and what nobody explains."""
        ...


class Card:
    """Base of the values that can be shown to people; `bot.slack.cards` knows how each of them looks."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Notice(Card):
    """A plain sentence for people, without buttons. Values from outside in it are escaped by `bot`."""

    text: str


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message is: enough to update it or to answer in its thread."""

    channel: str
    ts: str


class Chat(Protocol):
    """Where people are told. Raises Unavailable (try again) or NotFound (no such channel or person, archived)."""

    def post(self, channel: str, card: Card, thread: str = "") -> Posted:
        """Post into a channel (id, or name with or without #); `thread` is the ts of the message to answer."""
        ...

    def update(self, posted: Posted, card: Card) -> None:
        """Show the present state in place. A message that is gone is NotFound."""
        ...

    def dm(self, person: str, card: Card) -> Posted:
        """Tell one person, named by the canonical reference of their User entity."""
        ...


class Engine(Protocol):
    """Runs work durably: what was enqueued is run to its end, by whichever process is alive."""

    @property
    def stopping(self) -> bool:
        """This process is about to end: work hands on what is left at its next boundary."""
        ...

    def enqueue(self, store: "Store", work: str, id: str, *args: str | int, delay: float = 0) -> None:
        """Have `work` done once under this id, `delay` seconds from now, if the transaction of `store` commits.

        An id that is taken, also by work long done, makes this do nothing.
        """
        ...

    def states(self, ids: Collection[str]) -> Mapping[str, WorkState]:
        """What has become of these ids; those never enqueued (or forgotten) are missing."""
        ...

    def forget(self, before: datetime) -> int:
        """Remove the records of what ended before; says how many."""
        ...


class Board(Protocol):
    """A board of notes, each with a name of its own: where the practice actions make things."""

    def find(self, name: str) -> str | None:
        """The marker of the note of this name; None when there is none. Raises Unavailable."""
        ...

    def put(self, name: str, marker: str, text: str) -> None:
        """Make a note. Raises Conflict when the name is taken, Unavailable."""
        ...

    def remove(self, name: str, marker: str) -> None:
        """Take a note away if it carries this marker; harmless when it is gone."""
        ...

"""Where entities come from."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple, Protocol, runtime_checkable

from data.catalog.entity import Problem

# Types of sources that say who is in which group, and no more; read every minute, since rights hang on that.
DIRECTORIES: Final = frozenset({"okta", "slack-groups"})

Form = Literal["yaml", "entity", "companion", "left alone"]


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
    """What we remember from the last sync: the stamps of files by path, and the `notes` of its checkout.

    `again` are files that are to be looked at again although nothing of them may have moved: their stamp is "".
    """

    stamps: Mapping[str, str]
    notes: str = ""
    again: Collection[str] = ()


class Checkout(Protocol):
    """One consistent state of a source, open while it is read.

    `files` yields the files found by name. `want(path, target)` follows a Location target found in the file
    `path`, and `wanted` yields the files that this led to, each file once. `read(path, target)` returns what a
    `$text`-like placeholder names, inside the same source only (UserError if it may not or cannot), and `stamp`
    the stamp of that, "" where there is none. `notes`, asked each time that all files were told, is what makes the
    next look faster.
    """

    def files(self, known: Known) -> Iterator[SourceFile]: ...
    def want(self, path: str, target: str) -> Iterable[Problem]: ...
    def wanted(self, known: Known) -> Iterator[SourceFile]: ...
    def read(self, path: str, target: str) -> bytes: ...
    def stamp(self, path: str, target: str) -> str: ...
    def notes(self) -> str: ...
    def close(self) -> None: ...


class Standing(NamedTuple):
    """The known files that stand as they are known, and of the others those that are seen already not to."""

    paths: Sequence[str] = ()
    others: Sequence[str] = ()


@runtime_checkable
class Recognising(Protocol):
    """A checkout that sees of many files at once that they stand, at a fraction of the price of one by one."""

    def standing(self, known: Known) -> Standing:
        """Which known files stand. Once asked, `files` leaves them out."""
        ...


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

"""How the fields of a form look to the person who fills them in; stands in `Annotated[...]` beside Field.

Title and hint are pydantic's `title` and `description`, the default is the default. What a field accepts:

    str                     a line of text (pydantic's limits apply); with Long: a paragraph
    Literal[...]            a menu of these words
    int, float              a number
    bool                    a tick box
    date                    a date picker
    list[str]               with Menu or FromCatalog: several of them
    str + Menu              a menu whose choices the server computes, perhaps from the other fields
    str + FromCatalog       a menu with type-ahead over the catalog; the value is a canonical reference
    str + Colleague         a menu of people; the value is the canonical reference of a User entity
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from data.catalog.snapshot import Snapshot
from data.idp import Idp

Values = Mapping[str, Any]


class Option(NamedTuple):
    """One choice: what is stored, and what people read."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """Choices computed by the server from what is filled in so far; nothing else is accepted by the modal.

    `options(idp, snapshot, person, values)`; the field is drawn anew when one of the fields in `depends` changes.
    """

    options: Callable[[Idp, Snapshot, str, Values], Sequence[Option]]
    depends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FromCatalog:
    """An entity of the catalog, of one of these kinds (such as "Component")."""

    kinds: tuple[str, ...] = ("Component", "Resource", "API", "System")


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of the catalog, chosen from the chat's people."""


@dataclass(frozen=True, slots=True)
class Long:
    """A text of several lines."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The field is asked only when `when(values)` holds; it is drawn anew when a field in `depends` changes."""

    when: Callable[[Values], bool]
    depends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Redraws:
    """When this changes the form is drawn anew: other fields come and go with it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A line of text that is checked while it is written; `check(idp, snapshot, person, values)` gives a sentence,
    "" for nothing to say."""

    check: Callable[[Idp, Snapshot, str, Values], str]


@dataclass(frozen=True, slots=True)
class Edition:
    """The field belongs to this state of others: what was filled in under another one is forgotten."""

    text: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """Not asked: whoever opens the form decides it (break-glass, say), and the server checks it as any other."""

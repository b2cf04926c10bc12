"""Where the practice actions make things."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    pass


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

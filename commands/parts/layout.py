"""Answers that are alike but for a few texts: laid out once, filled in for each question.

A layout is parts with blanks in them. `Filled` is the parts of an answer like those of any other, for whoever
looks at them. Who shows one layout again and again may draw it once, keep that in `Layout.drawn`, and only put the
texts where the blanks are.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, overload

from commands.parts.reply import Md, Note, Part

_FIRST: Final = 0xE000  # private use: such a character is not printable, so `escape` lets none through
MOST: Final = 40
BLANKS: Final = tuple(Md(chr(_FIRST + number)) for number in range(MOST))


class Layout:
    """Parts in which BLANKS stand, from the first on: in mrkdwn, in labels and words of buttons, few in one text.

    The rest is short.
    """

    __slots__ = ("_noted", "drawn", "parts")

    def __init__(self, *parts: Part) -> None:
        self.parts = parts
        self.drawn: object = None  # what a surface made of it
        self._noted: dict[tuple[int, int], Layout] = {}

    def noted(self, before: int, after: int) -> "Layout":
        """The same below a note with the blank `before` and above one with the blank `after`; -1 for none."""
        found = self._noted.get((before, after))
        if found is None:
            head, tail = ([Note(BLANKS[each])] if each >= 0 else [] for each in (before, after))
            found = self._noted[before, after] = Layout(*head, *self.parts, *tail)
        return found


class Filled(Sequence[Part]):
    """The parts of a layout with `values` in place of its blanks; each is safe to show, as Md is."""

    __slots__ = ("_made", "layout", "values")

    def __init__(self, layout: Layout, values: tuple[str, ...]) -> None:
        self.layout = layout
        self.values = values
        self._made: tuple[Part, ...] | None = None

    def noted(self, before: str, after: str) -> "Filled":
        """With a note in front and one at the end, where they say something."""
        said = tuple(filter(None, (before, after)))
        if not said:
            return self
        first = len(self.values)
        layout = self.layout.noted(first if before else -1, first + len(said) - 1 if after else -1)
        return Filled(layout, (*self.values, *said))

    def _parts(self) -> tuple[Part, ...]:
        if self._made is None:
            texts = {_FIRST + number: value for number, value in enumerate(self.values)}
            self._made = tuple(_filled(part, texts) for part in self.layout.parts)
        return self._made

    def __iter__(self) -> Iterator[Part]:
        return iter(self._parts())

    def __len__(self) -> int:
        return len(self.layout.parts)

    @overload
    def __getitem__(self, at: int) -> Part: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Part]: ...
    def __getitem__(self, at: int | slice) -> Part | Sequence[Part]:
        return self._parts()[at]


def _filled(value: Any, texts: dict[int, str]) -> Any:
    """The same value with its blanks filled: a text, or a sequence of them, whose items may have names."""
    if isinstance(value, str):
        return type(value)(value.translate(texts))
    if isinstance(value, tuple | list):
        items = [_filled(item, texts) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    return value

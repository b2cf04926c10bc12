"""The words in which Block Kit's limits are written down (see limits.py and limits_elements.py)."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """What one field may hold.

    `kind`: "text" (a text object of the types in `of`), "string" (one of `of`, if any), "number", "flag", "one"
    (an object of a shape in `of`), "many" (a list of them, or of `each`), "any". `least` and `most` bound the
    characters of texts and strings (Unicode code points), the items of lists and the value of numbers.
    """

    kind: str
    need: bool = False
    least: float | None = None
    most: float | None = None
    of: tuple[str, ...] = ()
    each: "Field | None" = None


Shape = Mapping[str, Field]

PLAIN = ("plain_text",)
RICH = ("plain_text", "mrkdwn")


def plain(most: int = 3000, need: bool = False) -> Field:
    """A plain_text object."""
    return Field("text", need, 1, most, PLAIN)


def mrkdwn(most: int = 3000, need: bool = False) -> Field:
    """A text object, plain_text or mrkdwn."""
    return Field("text", need, 1, most, RICH)


def string(most: int | None = None, need: bool = False, least: int = 0) -> Field:
    """A string."""
    return Field("string", need, least, most)


def choice(*words: str, need: bool = False) -> Field:
    """One of a few words."""
    return Field("string", need, of=words)


def number(least: float | None = None, most: float | None = None, need: bool = False) -> Field:
    """A number within bounds."""
    return Field("number", need, least, most)


def flag() -> Field:
    """True or false."""
    return Field("flag")


def one(*shapes: str, need: bool = False) -> Field:
    """An object of one of these shapes."""
    return Field("one", need, of=shapes)


def many(*shapes: str, least: int = 0, most: int | None = None, need: bool = False) -> Field:
    """A list of objects of these shapes."""
    return Field("many", need, least, most, shapes)


def each(field: Field, least: int = 0, most: int | None = None, need: bool = False) -> Field:
    """A list of values of one kind."""
    return Field("many", need, least, most, each=field)


ANY = Field("any")

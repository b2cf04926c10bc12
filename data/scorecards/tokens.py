"""Expressions cut into tokens. Nothing here or after is ever given to Python as text."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from data.durations import SECONDS

LONGEST = 2_000  # characters of one expression

Kind = Literal["number", "duration", "text", "name", "sign", "end"]


class BadExpression(ValueError):
    """What is wrong, where (from 0) and what was expected, for the author."""

    def __init__(self, message: str, at: int, expected: str = "") -> None:
        super().__init__(message)
        self.message, self.at, self.expected = message, at, expected


class Token(NamedTuple):
    """One token; `value` is a float for numbers and durations (seconds), else text."""

    kind: Kind
    value: str | float
    at: int


_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<number>[0-9]{1,15}(?:\.[0-9]{1,15})?)(?P<unit>%|[smhdw]\b)?
  | (?P<text>"[^"\n]*"|'[^'\n]*')
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)
  | (?P<sign>==|!=|<=|>=|[-+*/<>()\[\],])
    """,
    re.VERBOSE,
)
_MEANT = {"=": "==", "&": "and", "|": "or", "!": "not"}


def tokens(text: str) -> Iterator[Token]:
    """The tokens, the last one being the end. Raises BadExpression."""
    if len(text) > LONGEST:
        raise BadExpression(f"The expression has {len(text):,} characters.", 0, f"at most {LONGEST:,}")
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise BadExpression(f"{text[at]!r} means nothing here.", at, _MEANT.get(text[at], ""))
        if found.lastgroup != "space":
            yield _token(found, at)
        at = found.end()
    yield Token("end", "the end", at)


def _token(found: re.Match[str], at: int) -> Token:
    if number := found["number"]:
        unit = found["unit"]
        if unit in SECONDS:
            return Token("duration", float(number) * SECONDS[unit], at)
        return Token("number", float(number), at)
    if found["text"] is not None:
        return Token("text", found["text"][1:-1], at)
    return Token("name", found["name"], at) if found["name"] else Token("sign", found["sign"], at)

"""What is wrong with one value of a document, before lines and files come in."""

from typing import NamedTuple

from data.documents.checking import described, dotted
from data.documents.values import Path


class Flaw(NamedTuple):
    """A value that breaks a rule. `code` is the stable word that `Problem.code` has."""

    path: Path
    code: str
    message: str
    expected: str


def broken(path: Path, code: str, value: object, expected: str) -> Flaw:
    """The value at the path is not what the rule wants."""
    return Flaw(path, code, f"{dotted(path) or 'The document'} is {described(value)}.", expected)


def missing(path: Path, code: str, expected: str) -> Flaw:
    """The path has no value."""
    return Flaw(path, code, f"{dotted(path)} is missing.", expected)

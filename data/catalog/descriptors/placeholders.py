"""`$text`, `$json` and `$yaml`: values that a document takes from other files."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

from data.catalog.descriptors.flaws import Flaw
from data.documents.checking import described, dotted
from data.documents.loading import load_documents
from data.documents.values import Fault, Path
from data.errors import Invalid, UserError

Fetch = Callable[[str], bytes]
ABSENT = object()
"""Stands for a value that could not be had, until its holder leaves it out."""


def may_hold_placeholder(content: bytes) -> bool:
    """Whether it is worth looking for placeholders in the documents of this file."""
    return b"$" in content and (b"$text" in content or b"$json" in content or b"$yaml" in content)


@dataclass(slots=True)
class Filler:
    """Fills the placeholders of documents; what fails is left out of the document and told in `flaws`."""

    fetch: Fetch
    flaws: list[Flaw] = field(default_factory=list)

    def fill(self, value: Any, path: Path = ()) -> Any:
        """The value with its placeholders filled; shared parts of it are copied, never changed."""
        if isinstance(value, list):
            return [item for _, item in self._each(enumerate(value), path)]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and next(iter(value)) in _READERS:
            return self._filled(value, path)
        return dict(self._each(value.items(), path))

    def _each(self, pairs: Iterable[tuple[Any, Any]], path: Path) -> list[tuple[Any, Any]]:
        """The pairs that remain; a plain loop, since aliases may nest values 250 levels deep."""
        remaining = []
        for step, inner in pairs:
            filled = self.fill(inner, (*path, step))
            if filled is not ABSENT:
                remaining.append((step, filled))
        return remaining

    def _filled(self, placeholder: dict[str, Any], path: Path) -> Any:
        ((how, target),) = placeholder.items()
        try:
            if not isinstance(target, str):
                raise Invalid(f"{how} is {described(target)}.", "a path or a URL")
            return _READERS[how](self.fetch(target))
        except UserError as error:
            where = f"{dotted(path)}: {error.message}" if path else error.message
            self.flaws.append(Flaw(path, "placeholder", where, error.hint or f"a file that {how} can read"))
            return ABSENT


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("The file is not UTF-8 text.", "a text file in UTF-8") from None
    if "\0" in text:
        raise Invalid("The file holds the character U+0000.", "a text file")
    return text


def _json(content: bytes) -> Any:
    if b"\\u0000" in content:
        raise Invalid("The file holds the character U+0000.", "JSON without it")
    try:
        value = orjson.loads(content)
        orjson.dumps(value)  # reads deeper nesting than it writes
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        raise Invalid("The file is not JSON, or nested too deep.", "valid JSON") from None
    return value


def _yaml(content: bytes) -> Any:
    documents = load_documents(content)
    if len(documents) != 1:
        raise Invalid(f"The file has {len(documents)} documents.", "exactly one document")
    if isinstance(documents[0], Fault):
        raise Invalid(f"In line {documents[0].line} of the file: {documents[0].message}", documents[0].expected)
    return documents[0].value


_READERS: dict[str, Callable[[bytes], Any]] = {"$text": _text, "$json": _json, "$yaml": _yaml}

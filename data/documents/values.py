"""What reading a YAML stream gives: documents with the line of every key, or faults."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Step = str | int
_NO_LINES: Mapping[Step, int] = {}
Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold. Counted over parser events, before anything is built."""

    content: int = 8 << 20  # bytes of the whole file
    depth: int = 64  # containers inside one another
    events: int = 1_000_000  # of the parser for one document: one for a scalar, two for a container
    aliased: int = 8 << 20  # bytes that the aliases of one document stand for, as JSON
    documents: int = 10_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a document cannot be used. `code` is a stable word (yaml, limit, alias, merge, duplicate-key, scalar,
    tag, or schema); `message` and `expected` are for the author of the file."""

    line: int
    code: str
    message: str
    expected: str = ""


class Lines(Mapping[Path, int]):
    """The line, from 1, of every mapping key and list item of a document: `lines["spec", "owner"]`.

    Paths are walked when asked, so that a document costs no map of its paths.
    """

    def __init__(self, value: Any, marks: Mapping[int, Mapping[Step, int]]) -> None:
        self._value = value
        self._marks = marks  # by the identity of the container, which `value` keeps alive

    def __getitem__(self, path: Path) -> int:
        line = self._walk(path)[1] if path else None
        if line is None:
            raise KeyError(path)
        return line

    def of(self, container: Any) -> Mapping[Step, int]:
        """The lines of the keys or items of one of the containers inside of the document."""
        # only of containers: a value that a duplicate key replaced may have left its identity to a text
        return self._marks.get(id(container), _NO_LINES) if isinstance(container, (dict, list)) else _NO_LINES

    def nearest(self, path: Path, otherwise: int) -> int:
        """The line of the path or, where it is absent, of its nearest ancestor."""
        return self._walk(path)[0] or otherwise

    def __iter__(self) -> Iterator[Path]:
        pending: list[tuple[Path, Any]] = [((), self._value)]
        while pending:
            path, container = pending.pop()
            for step in self.of(container):
                yield (*path, step)
                pending.append(((*path, step), container[step]))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _walk(self, path: Path) -> tuple[int | None, int | None]:
        """The line of the last step that exists, and of the whole path if it does."""
        container, line = self._value, None
        for step in path:
            found = self.of(container).get(step)
            if found is None:
                return line, None
            line, container = found, container[step]
        return line, line


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: plain JSON-like values (dict with text keys, list, str, int, float, bool, None).

    `line` is where its content begins, from 1; `lines` has the line of each key and item. `noted` is what its
    author should know although the value could be read: keys that stand twice (the last one counts).
    """

    value: Any
    line: int
    lines: Lines
    noted: Sequence[Fault] = ()


class Refused(Exception):
    """The document that is being built cannot be used; carries what a Fault has."""

    def __init__(self, line: int, code: str, message: str, expected: str = "") -> None:
        super().__init__(message)
        self.fault = Fault(line, code, message, expected)

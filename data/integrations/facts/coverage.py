"""Coverage of lines out of coverage.xml (Cobertura's form) and lcov's tracefiles."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from xml.etree import ElementTree

from data.errors import Invalid
from data.ports.facts import Value

_LCOV = re.compile(rb"^(LF|LH):([0-9]{1,9})\s*$", re.MULTILINE)
_EARLIEST = 1_000_000_000  # seconds; larger than a hundred times this are milliseconds


def read_coverage(content: bytes, written: datetime) -> tuple[Mapping[str, Value], datetime]:
    """The fact `coverage`, in percent, of either form. Raises Invalid."""
    if content.lstrip()[:1] == b"<":
        return _cobertura(content, written)
    return {"coverage": _lcov(content)}, written


def _cobertura(content: bytes, written: datetime) -> tuple[Mapping[str, Value], datetime]:
    """Only the first element is read: it has the whole in its attributes."""
    if b"<!ENTITY" in content[:65_536]:
        raise Invalid("it declares entities, which no coverage report needs")
    try:
        _, root = next(iter(ElementTree.iterparse(BytesIO(content), events=("start",))))  # noqa: S314 - no entities
    except (ElementTree.ParseError, StopIteration):
        raise Invalid("it is no XML") from None
    if root.tag != "coverage":
        raise Invalid(f"its root is <{root.tag[:40]}>, not <coverage>")
    covered, valid = _number(root, "lines-covered"), _number(root, "lines-valid")
    rate = covered / valid if covered is not None and valid else _number(root, "line-rate")
    if rate is None or not 0 <= rate <= 1:
        raise Invalid("it states no line-rate between 0 and 1")
    stamp = _number(root, "timestamp") or 0
    seconds = stamp / 1000 if stamp > _EARLIEST * 100 else stamp
    at = min(written, datetime.fromtimestamp(seconds, UTC)) if seconds > _EARLIEST else written
    return {"coverage": round(rate * 100, 2)}, at


def _number(root: ElementTree.Element, name: str) -> float | None:
    try:
        return float(root.get(name, ""))
    except ValueError:
        return None


def _lcov(content: bytes) -> float:
    found = hit = 0
    for kind, number in _LCOV.findall(content):
        if kind == b"LF":
            found += int(number)
        else:
            hit += int(number)
    if not found or hit > found:
        raise Invalid("it is neither Cobertura's XML nor lcov's tracefile with LF and LH")
    return round(hit * 100 / found, 2)

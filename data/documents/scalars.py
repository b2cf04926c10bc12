"""Scalars by the core schema of YAML 1.2: `yes`, `on` and dates are text, as the person who wrote them meant."""

import math
import re

from data.documents.values import Refused

Scalar = str | int | float | bool | None

MAYBE_SPECIAL = frozenset("-+.0123456789tTfFnN~")
"""A plain scalar that begins otherwise is text."""

_CONSTANTS: dict[str, Scalar] = {"": None, "~": None, ".nan": math.nan, ".NaN": math.nan, ".NAN": math.nan}
_CONSTANTS |= dict.fromkeys(("null", "Null", "NULL"))
_CONSTANTS |= dict.fromkeys(("true", "True", "TRUE"), True)
_CONSTANTS |= dict.fromkeys(("false", "False", "FALSE"), False)
_CONSTANTS |= dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf)
_CONSTANTS |= dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf)

_DECIMAL = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_EXACT_DIGITS = 18
"""Every integer of so many digits fits into 64 bits; longer ones become floats, as they do in JavaScript."""

_TAG = "tag:yaml.org,2002:"
_TYPES: dict[str, tuple[type, ...]] = {
    f"{_TAG}int": (int,),
    f"{_TAG}float": (float, int),
    f"{_TAG}bool": (bool,),
    f"{_TAG}null": (type(None),),
}


def resolve(text: str, line: int) -> Scalar:
    """The value of a plain scalar. Raises Refused for a number that is larger than any float."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _DECIMAL.fullmatch(text) and len(text) <= _EXACT_DIGITS:
        return int(text)
    if _FLOAT.fullmatch(text):
        return _finite(float(text), text, line)
    if _BASED.fullmatch(text):
        return _based(text, line)
    return text


def resolve_tagged(text: str, tag: str, line: int) -> Scalar:
    """The value of a scalar with an explicit tag. Raises Refused for other tags and wrong values."""
    if tag in ("!", f"{_TAG}str"):
        return text
    if tag not in _TYPES:
        raise Refused(line, "tag", f"The tag {tag} is not read.", "plain YAML without tags")
    value = resolve(text, line)
    if type(value) not in _TYPES[tag]:
        raise Refused(
            line, "scalar", f"{text[:40]!r} is no {tag.removeprefix(_TAG)}.", "a value that fits its tag"
        )
    return value


def _based(text: str, line: int) -> Scalar:
    if len(text) > 1000:  # above any float, and not worth computing
        return _finite(math.inf, text, line)
    number = int(text, 0)
    return number if number < 1 << 63 else _finite(float(number), text, line)


def _finite(number: float, text: str, line: int) -> float:
    if math.isinf(number):
        raise Refused(line, "scalar", f"The number {text[:20]}… is too large.", "quotes around it, if it is text")
    return number

"""What is wrong with a filled-in form, in the words of the people who fill it in."""

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_SAID: Final[Mapping[str, str]] = {
    "missing": "This is needed.",
    "string_type": "This is needed.",
    "string_too_short": "At least {min_length} characters, please.",
    "string_too_long": "At most {max_length} characters, please.",
    "too_short": "Choose at least {min_length}.",
    "too_long": "Choose at most {max_length}.",
    "int_parsing": "A whole number, please.",
    "int_from_float": "A whole number, please.",
    "float_parsing": "A number, please.",
    "greater_than_equal": "{ge:g} or more, please.",
    "less_than_equal": "{le:g} or less, please.",
    "date_from_datetime_parsing": "A day such as 2026-12-24, please.",
    "bool_parsing": "Yes or no, please.",
}


def faults_of(error: ValidationError) -> dict[str, str]:
    """What is said beside each field; "" stands for the form as a whole."""
    return {str(each["loc"][0]) if each["loc"] else "": _said(each) for each in error.errors(include_url=False)}


def _said(each: ErrorDetails) -> str:
    said = _SAID.get(each["type"])
    return said.format(**each.get("ctx", {})) if said else each["msg"].removeprefix("Value error, ")

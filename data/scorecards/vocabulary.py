"""The words of expressions: facts and their types, what the catalog says of an entity, and functions."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal

from data.ports.facts import Value

Type = Literal["number", "text", "truth", "time", "duration", "list"]
"""Of values: a number is a float, a time seconds since 1970, a duration seconds, a list one of texts."""

FactType = Literal["number", "text", "truth", "time"]

FACT_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}(?:\.[a-z0-9_]{1,40}){0,3}")

FACTS: Final[Mapping[str, FactType]] = {
    "catalog.owner": "truth",  # the owner that is stated is in the catalog
    "catalog.description": "truth",
    "catalog.docs": "truth",  # a documentation annotation, a page in docs/, or a link to docs
    "catalog.api_definitions": "truth",  # every API that it provides has a definition that reads
    "catalog.tags": "number",
    "catalog.lifecycle": "text",
    "catalog.tier": "number",
    "readme.present": "truth",
    "readme.runbook": "truth",  # a heading that names a runbook
    "oncall.rotation": "truth",
    "oncall.gap_hours": "number",  # in the next 14 days
    "coverage": "number",  # percent of lines
    "vulnerabilities.critical": "number",
    "vulnerabilities.high": "number",
    "slo.count": "number",
    "slo.missing": "number",  # endpoints of its APIs without an SLO
    "slo.budget": "number",  # percent of the error budget that is left, of the worst SLO
    "deployment.at": "time",  # the last one in production
    "deployment.version": "text",
    "template.name": "text",
    "template.version": "text",
    "template.current": "truth",  # nothing newer of its golden path is published, or of another template in use
}
"""What the collectors of the house tell. Others are declared in the scorecards file, under `facts:`."""

ATTRIBUTES: Final[Mapping[str, tuple[str, Type]]] = {
    "entity.kind": ("kind", "text"),
    "entity.name": ("name", "text"),
    "entity.namespace": ("namespace", "text"),
    "entity.type": ("type", "text"),
    "entity.lifecycle": ("lifecycle", "text"),
    "entity.owner": ("owner", "text"),
    "entity.system": ("system", "text"),
    "entity.description": ("description", "text"),
    "entity.tags": ("tags", "list"),
}
"""Name in expressions -> field of the entity and its type; always known."""

FUNCTIONS: Final[Mapping[str, tuple[tuple[Type | Literal["any"], ...], Type | Literal["same"]]]] = {
    "age": (("time",), "duration"),
    "known": (("any",), "truth"),
    "default": (("any", "any"), "same"),
    "contains": (("text", "text"), "truth"),
    "starts_with": (("text", "text"), "truth"),
    "ends_with": (("text", "text"), "truth"),
    "min": (("any", "any"), "same"),
    "max": (("any", "any"), "same"),
}
"""Function -> types of its arguments and of its result."""


def typed(value: Value, type_: FactType) -> float | str | bool | None:
    """A fact as expressions see it; None when it is not of its type, which makes it unknown."""
    if type_ == "truth":
        return value if isinstance(value, bool) else None
    if type_ == "number":
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if not isinstance(value, str):
        return None
    return value if type_ == "text" else _moment(value)


def _moment(text: str) -> float | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()

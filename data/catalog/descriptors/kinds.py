"""What Backstage says to the kind of a document: taken, refused or none of its own."""

from functools import cache
from typing import Any, Literal, NamedTuple

from pydantic import TypeAdapter, ValidationError

from data.catalog.descriptors.flaws import Flaw, missing
from data.catalog.descriptors.specs import SPECS, VERSIONS, McpServer
from data.documents.checking import sentence
from data.documents.values import Path


class Verdict(NamedTuple):
    """What Backstage's check of a kind says; "ignored" means that the kind or apiVersion is not one of its own."""

    outcome: Literal["accepted", "refused", "ignored"]
    flaws: list[Flaw]


IGNORED = Verdict("ignored", [])
ACCEPTED = Verdict("accepted", [])

_EXPECTED: dict[Path, str] = {
    ("spec", "owner"): "a group, such as team-a, or user:name",
    ("spec", "lifecycle"): "text, such as experimental, production or deprecated",
    ("spec", "type"): "text, such as service, website or library",
    ("spec", "definition"): "the text of the API's definition, or $text with the file that has it",
    ("spec", "children"): "a list of groups; [] when there are none",
    ("spec", "memberOf"): "a list of groups; [] when there are none",
}


def verdict(document: dict[str, Any]) -> Verdict:
    """Check the spec of a document, whose envelope is another matter, by the rules of its kind."""
    kind, version = document.get("kind"), document.get("apiVersion")
    if not isinstance(kind, str) or version not in VERSIONS.get(kind, ()):
        return IGNORED
    if "spec" not in document:
        return Verdict("refused", [missing(("spec",), "spec", f"the fields of a {kind}")])
    spec = document["spec"]
    try:
        _adapter(_spec_name(kind, spec)).validate_python(spec)
    except ValidationError as error:
        return Verdict("refused", _flaws(error))
    return ACCEPTED


def _spec_name(kind: str, spec: Any) -> str:
    is_server = kind == "API" and isinstance(spec, dict) and spec.get("type") == "mcp-server"
    return "McpServer" if is_server else kind


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(McpServer if name == "McpServer" else SPECS[name])


def _flaws(error: ValidationError) -> list[Flaw]:
    found: dict[Path, Flaw] = {}
    for problem in error.errors(include_url=False):
        path = ("spec", *_without_unions(problem["loc"]))
        message, expected = sentence(problem, path)
        found.setdefault(path, Flaw(path, _code(path), message, _EXPECTED.get(path, expected)))
    return list(found.values())


def _without_unions(location: Path) -> Path:
    return tuple(
        step for step in location if isinstance(step, int) or not (step in ("str", "bool") or "[" in step)
    )


def _code(path: Path) -> str:
    """The code of a flaw is the field of spec that has it, where people look for that."""
    field = path[1] if len(path) > 1 else ""
    return str(field) if field in ("owner", "lifecycle", "type") else "spec"

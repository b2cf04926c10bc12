"""A document against a pydantic model: the value, or all faults with their lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from data.documents.values import Document, Fault, Path
from data.durations import say_duration
from data.secrets import without_secrets

M = TypeVar("M", bound=BaseModel)

UNREPEATED: Final = "unrepeated"
"""The type of an error (PydanticCustomError) about a value that may be a secret: it is not told again."""

_WANTED = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "dict": "a mapping of keys to values",
    "model": "a mapping of keys to values",
    "dataclass": "a mapping of keys to values",
}

_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}

_LENGTHS = {
    "string_too_short": ("is empty", "text"),
    "string_too_long": ("is too long", "at most {max_length} characters"),
    "too_short": ("has too few entries", "at least {min_length}"),
    "too_long": ("has too many entries", "at most {max_length}"),
}

_TAGS = ("entry_type", "union_tag_invalid", "union_tag_not_found")


def one(documents: Sequence[Document | Fault], holding: str) -> Document | list[Fault]:
    """The only document of a file, or why it is not that; `holding` is what such a file begins with."""
    faults = [each for each in documents if isinstance(each, Fault)]
    found = [each for each in documents if isinstance(each, Document)]
    if not documents:
        return [Fault(1, "schema", "The file is empty, or holds comments only.", holding)]
    if not faults and len(found) > 1:
        where = f"A second document begins in line {found[1].line}."
        return [Fault(found[1].line, "schema", where, "one document, without a line of ---")]
    return faults or found[0]


def check(model: type[M], document: Document) -> M | list[Fault]:
    """The document as the model, or every fault at once, in sentences that the author understands.

    Keys that stand twice are faults here: a configuration must say one thing only.
    """
    try:
        value = model.model_validate(document.value)
    except ValidationError as error:
        return sorted([*document.noted, *_faults(model, error, document)], key=lambda fault: fault.line)
    return list(document.noted) or value


def sentence(problem: ErrorDetails, path: Path) -> tuple[str, str]:
    """What is wrong at the path, and what was expected, for the author."""
    where = dotted(path) or "The document"
    kind = problem["type"]
    if kind == "missing":
        return f"{where} is missing.", f"the key {path[-1]} with a value"
    if kind == "extra_forbidden":
        return f"{where} is not a known key.", ""
    stem, _, how = kind.rpartition("_")
    if how in ("type", "parsing") and stem in _WANTED:
        return f"{where} is {described(problem['input'])}.", _WANTED[stem]
    if kind in _LENGTHS:
        said, wanted = _LENGTHS[kind]
        return f"{where} {said}.", wanted.format(**problem["ctx"])
    return _of_no_type(where, problem) if kind in _TAGS else _not_valid(where, problem)


def _not_valid(where: str, problem: ErrorDetails) -> tuple[str, str]:
    if problem["type"] == "value_error" and isinstance(problem["input"], Mapping):
        return f"{where}: {_wanted(problem)}.", ""
    value = "" if problem["type"] == UNREPEATED else f": {without_secrets(described(problem['input']))}"
    return f"{where} is not valid{value}.", _wanted(problem)


def _wanted(problem: ErrorDetails) -> str:
    """What would be right, in our words."""
    kind, context = problem["type"], problem.get("ctx", {})
    if kind in _BOUNDS:
        word, name = _BOUNDS[kind]
        bound = context[name]
        return f"{word} {say_duration(int(bound)) if isinstance(problem['input'], str) else bound}"
    if kind == "literal_error":
        return str(context["expected"]).replace("'", "")
    if kind == "string_pattern_mismatch":
        return f"text of the form {context['pattern'].removeprefix('^').removesuffix('$')}"
    return problem["msg"].removeprefix("Value error, ")


def _of_no_type(where: str, problem: ErrorDetails) -> tuple[str, str]:
    """An entry whose `type` says which model it is, and does not."""
    entry, types = problem["input"], problem["msg"]
    if problem["type"] != "entry_type":
        tags = str(problem["ctx"].get("expected_tags", "the kind of this entry"))
        types = tags.replace("'", "").replace(", ", " or ")
    if not isinstance(entry, Mapping):
        return f"{where} is {described(entry)}.", f"a mapping with the key type: {types}"
    return f"{where}.type is {described(entry['type'])}." if "type" in entry else f"{where} has no type.", types


def described(value: object) -> str:
    """The value as its author sees it, one line, cut."""
    if value is None:
        return "empty"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, bool):
        return f"the word {str(value).lower()} without quotes"
    if isinstance(value, int | float):
        return f"the number {value}"
    text = " ".join(str(value).split())
    return f"“{text}”" if len(text) <= 60 else f"“{text[:60]}…” ({len(text)} characters)"


def dotted(path: Iterable[str | int]) -> str:
    """`metadata.links[2].url`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _faults(model: type[BaseModel], error: ValidationError, document: Document) -> Iterator[Fault]:
    seen: set[Path] = set()
    for problem in error.errors(include_url=False):
        path = _path_inside(document.value, problem["loc"], missing=problem["type"] == "missing")
        if path not in seen:
            seen.add(path)
            message, expected = sentence(problem, path)
            if problem["type"] == "extra_forbidden":
                expected = _nearest_key(model, problem["loc"])
            yield Fault(document.lines.nearest(path, document.line), "schema", message, expected)


def _path_inside(value: Any, location: Iterable[str | int], *, missing: bool) -> Path:
    """The location without the names of union members, which pydantic puts between the keys.

    The last step is kept when it is the name of what is missing.
    """
    steps = list(location)
    path: list[str | int] = []
    for position, step in enumerate(steps):
        inside = isinstance(value, dict) and step in value
        inside |= isinstance(value, list) and isinstance(step, int) and step < len(value)
        if inside:
            value = value[step]
        elif not missing or position < len(steps) - 1 or not isinstance(value, dict):
            continue
        path.append(step)
    return tuple(path)


def _nearest_key(model: type[BaseModel], location: tuple[str | int, ...]) -> str:
    models = {model}
    for step in location[:-1]:
        inner = {found for known in models for found in _models_in(_annotation(known, step))}
        models = inner or {known for known in models if _is_of_type(known, step)} or models
    keys = sorted({field.alias or name for known in models for name, field in known.model_fields.items()})
    close = get_close_matches(str(location[-1]), keys, n=1)
    return f"did you mean {close[0]}?" if close else "one of " + ", ".join(keys)


def _is_of_type(model: type[BaseModel], tag: str | int) -> bool:
    """Whether the key `type` of this member of a union may have the value."""
    return "type" in model.model_fields and tag in get_args(model.model_fields["type"].annotation)


def _annotation(model: type[BaseModel], step: str | int) -> Any:
    return next((f.annotation for n, f in model.model_fields.items() if step in (n, f.alias)), None)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)

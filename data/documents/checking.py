"""A document against a pydantic model: the value, or all faults with their lines."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from data.documents.values import Document, Fault, Path

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

_LENGTHS = {
    "string_too_short": ("is empty", "text"),
    "string_too_long": ("is too long", "at most {max_length} characters"),
    "too_short": ("has too few entries", "at least {min_length}"),
    "too_long": ("has too many entries", "at most {max_length}"),
}


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
        return f"{where} is missing.", f"a value for {path[-1]}"
    if kind == "extra_forbidden":
        return f"{where} is not a known key.", ""
    stem, _, how = kind.rpartition("_")
    if how in ("type", "parsing") and stem in _WANTED:
        return f"{where} is {described(problem['input'])}.", _WANTED[stem]
    if kind == "entry_type":
        return _of_no_type(where, problem["input"], problem["msg"])
    if kind in _LENGTHS:
        said, wanted = _LENGTHS[kind]
        return f"{where} {said}.", wanted.format(**problem["ctx"])
    input_ = "" if kind == UNREPEATED else f": {described(problem['input'])}"
    return f"{where} is not valid{input_}.", problem["msg"].removeprefix("Value error, ")


def _of_no_type(where: str, entry: object, types: str) -> tuple[str, str]:
    """An entry whose `type` says which model it is, and does not."""
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
        path = _path_inside(document.value, problem["loc"])
        if path not in seen:
            seen.add(path)
            message, expected = sentence(problem, path)
            if problem["type"] == "extra_forbidden":
                expected = _nearest_key(model, problem["loc"])
            yield Fault(document.lines.nearest(path, document.line), "schema", message, expected)


def _path_inside(value: Any, location: Iterable[str | int]) -> Path:
    """The location without the names of union members, which pydantic puts between the keys."""
    steps = list(location)
    path: list[str | int] = []
    for position, step in enumerate(steps):
        inside = isinstance(value, dict) and step in value
        inside |= isinstance(value, list) and isinstance(step, int) and step < len(value)
        if inside:
            value = value[step]
        elif position < len(steps) - 1 or not isinstance(value, dict):
            continue
        path.append(step)
    return tuple(path)


def _nearest_key(model: type[BaseModel], location: tuple[str | int, ...]) -> str:
    models = {model}
    for step in location[:-1]:
        inner = {found for known in models for found in _models_in(_annotation(known, step))}
        models = inner or models
    keys = sorted({field.alias or name for known in models for name, field in known.model_fields.items()})
    close = get_close_matches(str(location[-1]), keys, n=1)
    return f"did you mean {close[0]}?" if close else "one of " + ", ".join(keys)


def _annotation(model: type[BaseModel], step: str | int) -> Any:
    return next((f.annotation for n, f in model.model_fields.items() if step in (n, f.alias)), None)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)

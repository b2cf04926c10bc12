"""What a template asks, as fields of a form, and back as the texts that its system takes."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import orjson
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    create_model,
)
from pydantic_core import SchemaError

from data.ports.workspaces import Parameter, Template
from workflows.action import Form
from workflows.fields import Edition, Long, Menu, Option

PREFIX = "p."  # of the fields, so that no template can take the name of another field
LONGEST = 1000  # characters of one value
MOST = 60  # parameters that a modal can hold beside the other fields


def grown(base: type[Form], template: Template, preset: str) -> type[Form]:
    """The form with a field for each parameter; what a preset says is filled in."""
    chosen = next((one.values for one in template.presets if one.id == preset), {})
    edition = Edition(f"{template.name} {template.version} {preset}")
    fields: dict[str, Any] = {}
    for one in template.parameters[:MOST]:
        default = chosen.get(one.name, one.default)
        info = Field(
            ... if one.required and not default else _default(one, default),
            title=one.title[:150],
            description=_hint(one) or None,
            validate_default=True,
        )
        fields[PREFIX + one.name] = (Annotated[_type(one), edition, *_looks(one)], info)
    return create_model(base.__name__, __base__=base, **fields)


def values_of(form: Mapping[str, Any]) -> dict[str, str]:
    """The texts that the system takes, out of the frozen values of a form; what was left empty is left out."""
    given = {name.removeprefix(PREFIX): value for name, value in form.items() if name.startswith(PREFIX)}
    return {name: _text(value) for name, value in given.items() if value not in ("", None)}


def preset_of(template: Template, values: Mapping[str, str], preset: str) -> str:
    """The preset that was chosen, if everything is still as it says."""
    found = next((one for one in template.presets if one.id == preset), None)
    return preset if found and all(values.get(name) == value for name, value in found.values.items()) else ""


def _type(one: Parameter) -> Any:
    if one.kind == "bool":
        return bool
    if one.kind == "list":
        return Annotated[list[str], BeforeValidator(_split)]
    if one.choices:
        return Annotated[str, AfterValidator(_among(one))]
    if one.kind == "number":
        return Annotated[float, Field(ge=one.minimum, le=one.maximum)]
    return Annotated[str, Field(max_length=LONGEST), AfterValidator(_matching(one))]


def _looks(one: Parameter) -> tuple[object, ...]:
    if one.choices:
        options = [Option(choice.value, choice.label or choice.value, choice.hint) for choice in one.choices]
        return (Menu(lambda _idp, _snapshot, _person, _values: options),)
    return (Long(),) if one.long else ()


def _hint(one: Parameter) -> str:
    said = [one.hint[:300], "Several, separated by commas." if one.kind == "list" and not one.choices else ""]
    said.append("" if one.mutable else "This cannot be changed later.")
    return " ".join(filter(None, said))


def _default(one: Parameter, text: str) -> Any:
    if one.kind == "bool":
        return text == "true"
    if one.kind == "list":
        items = _split(text)
        return items if one.choices else ", ".join(map(str, items))
    if one.kind == "number" and not one.choices:
        return text or None
    return text


def _split(value: object) -> Any:
    """A JSON array, or words between commas."""
    if not isinstance(value, str):
        return value
    if value.startswith("["):
        try:
            return orjson.loads(value)
        except ValueError:
            pass
    return [word.strip() for word in value.split(",") if word.strip()]


def _among(one: Parameter) -> Callable[[str], str]:
    offered = {choice.value for choice in one.choices}

    def check(value: str) -> str:
        if value and value not in offered:
            raise ValueError("Choose what is offered here.")
        return value

    return check


def _matching(one: Parameter) -> Callable[[str], str]:
    """The template's own pattern. pydantic's engine is of RE2's kind: no pattern can make it hang."""

    def check(value: str) -> str:
        if not (one.pattern and value):
            return value
        try:
            TypeAdapter(Annotated[str, StringConstraints(pattern=one.pattern)]).validate_python(value)
        except ValidationError:
            raise ValueError(one.fault or f"This must match {one.pattern[:100]}.") from None
        except SchemaError:
            return value  # a pattern that only its system understands: it says so itself
        return value

    return check


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return orjson.dumps(value).decode() if isinstance(value, list) else str(value)

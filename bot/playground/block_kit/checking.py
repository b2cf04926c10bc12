"""Checks a payload against Block Kit's rules: one walk over the tables of limits."""

from collections.abc import Container, Iterator, Mapping
from typing import Any

from bot.playground.block_kit.limits import ALL_BLOCKS, OPEN, SHAPES
from bot.playground.block_kit.rules import RULES, payload_faults
from bot.playground.block_kit.shapes import Field

Faults = Iterator[str]


def faults_of(payload: Any, files: Container[str] | None = None) -> list[str]:
    """Why Slack would refuse this message, view, block, element or object; empty when it would not.

    Each reason names its place as a JSON pointer. With `files`, an image's `slack_file` has to be one of them.
    """
    if not isinstance(payload, dict):
        return ["must be an object [json-pointer:/]"]
    name = _shape_of(payload)
    if not name:
        return [f"unsupported type: {payload.get('type')} [json-pointer:/type]"]
    return list(_object(name, payload, "")) or list(payload_faults(name, payload, files))


# An object without a type is known by a field that only it has.
_MARKS = (
    ("deny", "confirm"),
    ("trigger_actions_on", "dispatch"),
    ("customizable_input_parameters", "trigger"),
    ("trigger", "workflow"),
    ("label", "option_group"),
    ("exclude_bot_users", "filter"),
    ("include", "filter"),
    ("color", "attachment"),
    ("fallback", "attachment"),
)


def _shape_of(payload: Mapping[str, Any]) -> str:
    kind = payload.get("type")
    if kind is not None:
        if kind == "image" and "block_id" in payload:
            return "image_block"
        return kind if isinstance(kind, str) and kind in SHAPES else ""
    for mark, name in _MARKS:
        if mark in payload:
            return name
    if "value" in payload:
        return "parameter" if "name" in payload else "rich_option"
    return "message"


def _object(name: str, value: Mapping[str, Any], path: str) -> Faults:
    faults = list(_own_fields(name, value, path))
    yield from faults
    if name in RULES and not faults:  # the rules may rely on every field having its form
        for fault in RULES[name](value):
            yield f"{fault} [json-pointer:{path or '/'}]"


def _own_fields(name: str, value: Mapping[str, Any], path: str) -> Faults:
    shape = SHAPES[name]
    if name not in OPEN:
        for key in value.keys() - shape.keys():
            yield f"invalid additional property: {key} [json-pointer:{path or '/'}]"
    for key, field in shape.items():
        if value.get(key) is not None:
            yield from _field(field, value[key], f"{path}/{key}")
        elif field.need:
            yield f"missing required field: {key} [json-pointer:{path or '/'}]"


def _field(field: Field, value: Any, path: str) -> Faults:
    if field.kind == "any":
        return
    if not isinstance(value, _TYPES[field.kind]) or (field.kind == "number" and isinstance(value, bool)):
        yield f"must be a {_NAMES[field.kind]} [json-pointer:{path}]"
        return
    if field.kind in _WALKS:
        yield from _WALKS[field.kind](field, value, path)


def _text(field: Field, value: Mapping[str, Any], path: str) -> Faults:
    kind = value.get("type")
    if kind not in field.of:
        yield f"must be a text object of type {' or '.join(field.of)} [json-pointer:{path}/type]"
        return
    yield from _object(str(kind), value, path)
    if isinstance(value.get("text"), str) and field.most != 3000:  # 3000 is every text object's own limit
        yield from _bounds(field, len(value["text"]), "character", f"{path}/text")


def _string(field: Field, value: str, path: str) -> Faults:
    if field.of and value not in field.of:
        yield f"must be one of {', '.join(field.of)} [json-pointer:{path}]"
    yield from _bounds(field, len(value), "character", path)


def _number(field: Field, value: float, path: str) -> Faults:
    if field.least is not None and value < field.least:
        yield f"must be at least {field.least:g} [json-pointer:{path}]"
    if field.most is not None and value > field.most:
        yield f"must be at most {field.most:g} [json-pointer:{path}]"


def _one(field: Field, value: Mapping[str, Any], path: str) -> Faults:
    name = _named(field.of, value)
    if name:
        yield from _object(name, value, path)
    else:
        yield f"unsupported type: {value.get('type')} [json-pointer:{path}/type]"


def _named(shapes: tuple[str, ...], value: Mapping[str, Any]) -> str:
    """Which of the shapes an object claims to be."""
    if len(shapes) == 1 and "type" not in SHAPES[shapes[0]]:
        return shapes[0]
    kind = value.get("type")
    if shapes == ("task",) or (kind == "raw_text" and "data_text" in shapes):
        return "task" if shapes == ("task",) else "data_text"
    if kind == "image" and shapes == ALL_BLOCKS:
        return "image_block"
    return str(kind) if kind in shapes else ""


def _many(field: Field, value: list[Any], path: str) -> Faults:
    yield from _bounds(field, len(value), "item", path)
    for index, item in enumerate(value):
        yield from _field(field.each or Field("one", of=field.of), item, f"{path}/{index}")


def _bounds(field: Field, size: int, unit: str, path: str) -> Faults:
    if field.least is not None and size < field.least:
        yield f"must be more than {field.least - 1:g} {unit}s [json-pointer:{path}]"
    if field.most is not None and size > field.most:
        yield f"must be less than {field.most + 1:g} {unit}s, has {size} [json-pointer:{path}]"


_TYPES: Mapping[str, Any] = {
    "text": dict,
    "one": dict,
    "many": list,
    "string": str,
    "number": (int, float),
    "flag": bool,
}
_NAMES = {"text": "text object", "one": "object", "many": "list", "string": "string", "number": "number"}
_NAMES["flag"] = "boolean"
_WALKS: Mapping[str, Any] = {
    "text": _text,
    "one": _one,
    "many": _many,
    "string": _string,
    "number": _number,
}

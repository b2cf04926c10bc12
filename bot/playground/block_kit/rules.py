"""Block Kit's rules that concern more than one field."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

from bot.playground.block_kit.limits import MESSAGES_ONLY
from bot.playground.elements import walk

MARKDOWN_SUM = 12_000
DATA_TABLE_SUM = 20_000

Value = Mapping[str, Any]


def _section(value: Value) -> Iterator[str]:
    if not value.get("text") and not value.get("fields"):
        yield "a section needs text or fields"


def _choices(value: Value) -> Iterator[str]:
    if ("options" in value) == ("option_groups" in value):
        yield "exactly one of options and option_groups is needed"


def _image(value: Value) -> Iterator[str]:
    if ("image_url" in value) == ("slack_file" in value):
        yield "exactly one of image_url and slack_file is needed"
    if "image_url" in value and not str(value["image_url"]).startswith(("https://", "http://")):
        yield "image_url must be a valid URL"


def _number_input(value: Value) -> Iterator[str]:
    if "is_decimal_allowed" not in value:
        yield "missing required field: is_decimal_allowed"
    try:
        low, high = float(value.get("min_value", "-inf")), float(value.get("max_value", "inf"))
    except (TypeError, ValueError):
        yield "min_value and max_value must be numbers"
        return
    if low > high:
        yield "min_value must not exceed max_value"


def _text_input(value: Value) -> Iterator[str]:
    if value.get("min_length", 0) > value.get("max_length", 3000):
        yield "min_length must not exceed max_length"


def _segment(value: Value) -> Iterator[str]:
    number = value.get("value")
    if isinstance(number, int | float) and number <= 0:
        yield "a segment's value must be more than 0"


def _rows(value: Value) -> list[list[Value]]:
    rows = value.get("rows")
    return [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []


def _table(value: Value) -> Iterator[str]:
    widths = {len(row) for row in _rows(value)}
    if len(widths) > 1:
        yield "every row needs the same number of cells"
    settings = value.get("column_settings")
    if settings is not None and widths and len(settings) not in widths:
        yield "column_settings must be as many as there are columns"


def _data_table(value: Value) -> Iterator[str]:
    rows = _rows(value)
    if len({len(row) for row in rows}) > 1:
        yield "every row needs the same number of cells"
    total = sum(len(str(cell.get("text", ""))) for row in rows for cell in row if isinstance(cell, dict))
    if total > DATA_TABLE_SUM:
        yield f"all cells together must be less than {DATA_TABLE_SUM + 1} characters, have {total}"


def _own_action_ids(value: Value) -> Iterator[str]:
    """Within one block no two elements may share an action id."""
    elements = value.get("elements")
    ids = Counter(e["action_id"] for e in elements or () if isinstance(e, dict) and e.get("action_id"))
    for ident in (ident for ident, count in ids.items() if count > 1):
        yield f"action_id {ident!r} already exists for another component in this block"


def _modal(value: Value) -> Iterator[str]:
    yield from _view(value)
    if not value.get("submit") and any(b.get("type") == "input" for b in _blocks(value)):
        yield "submit is required when an input block is in a modal"


def _view(value: Value) -> Iterator[str]:
    for block in _blocks(value):
        if block.get("type") in MESSAGES_ONLY:
            yield f"unsupported block in a view: {block['type']}"
    ids = Counter(b["block_id"] for b in _blocks(value) if b.get("block_id"))
    for ident in (ident for ident, count in ids.items() if count > 1):
        yield f"block_id {ident!r} already exists for another block"


def _message(value: Value) -> Iterator[str]:
    blocks = [b for holder in (value, *_attachments(value)) for b in _blocks(holder)]
    if sum(b.get("type") == "table" for b in blocks) > 1:
        yield "only one table is allowed in a message"
    if sum(len(str(b.get("text", ""))) for b in blocks if b.get("type") == "markdown") > MARKDOWN_SUM:
        yield f"all markdown blocks together must be less than {MARKDOWN_SUM + 1} characters"


def _blocks(value: Value) -> list[Any]:
    blocks = value.get("blocks")
    return [b for b in blocks if isinstance(b, dict)] if isinstance(blocks, list) else []


def _attachments(value: Value) -> Iterable[Any]:
    return (a for a in value.get("attachments") or () if isinstance(a, dict))


RULES: Mapping[str, Callable[[Value], Iterator[str]]] = {
    "section": _section,
    "static_select": _choices,
    "multi_static_select": _choices,
    "image": _image,
    "image_block": _image,
    "number_input": _number_input,
    "plain_text_input": _text_input,
    "segment": _segment,
    "table": _table,
    "data_table": _data_table,
    "actions": _own_action_ids,
    "context_actions": _own_action_ids,
    "modal": _modal,
    "home": _view,
    "message": _message,
}


def payload_faults(name: str, payload: Value, files: Container[str] | None) -> Iterator[str]:
    """Rules about a well-formed payload as a whole: files exist, at most one element takes the focus."""
    for index, block in enumerate(_blocks(payload)):
        ident = block["slack_file"].get("id") if "slack_file" in block else None
        if ident and files is not None and ident not in files:
            yield f"invalid slack file: {ident} [json-pointer:/blocks/{index}/slack_file]"
    if name in {"modal", "home"} and sum(bool(e.get("focus_on_load")) for _, e in walk(_blocks(payload))) > 1:
        yield "focus_on_load may be true for one element only [json-pointer:/blocks]"

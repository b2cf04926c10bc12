"""Interactive elements: finding them in blocks, and the state that a person's input gives them."""

import re
from collections.abc import Iterator
from typing import Any

from bot.playground.errors import SlackError
from bot.playground.state import JSON

_PLAIN = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
    "file_input": "files",
}
_ONE = {"static_select", "external_select", "radio_buttons", "overflow"}
_MANY = {"multi_static_select", "multi_external_select", "checkboxes"}
Values = dict[str, dict[str, JSON]]  # block id -> action id -> state
BUTTONS = {"button", "icon_button", "workflow_button", "feedback_buttons"}


def walk(blocks: list[JSON]) -> Iterator[tuple[JSON, JSON]]:
    """Every interactive element with the block it is in, also in the blocks inside blocks."""
    for block in blocks:
        inner = [*(block.get("elements") or ()), *(block.get("actions") or ())]
        inner += [block[key] for key in ("element", "accessory") if isinstance(block.get(key), dict)]
        for element in inner:
            if element.get("type") == "card":
                yield from walk([element])
            elif "action_id" in element:
                yield block, element
        yield from walk(block.get("child_blocks") or [])


def find(blocks: list[JSON], wanted: str) -> tuple[JSON, JSON]:
    """The element whose action id, value, label or block id is `wanted`.

    Raises LookupError naming what there is.
    """
    there = list(walk(blocks))
    for names in (_action, _value, _label, _block):
        for block, element in there:
            if wanted == names(block, element):
                return block, element
    known = ", ".join(f"{_action(b, e)} ({_label(b, e) or e.get('type')})" for b, e in there)
    raise LookupError(f"nothing here is called {wanted!r}; there is: {known or 'nothing'}")


Wanted = str | tuple[str, str]


def found(blocks: list[JSON], wanted: Wanted) -> tuple[JSON, JSON]:
    """As `find`, or exactly by (block id, action id). Raises LookupError."""
    if isinstance(wanted, str):
        return find(blocks, wanted)
    for block, element in walk(blocks):
        if (_block(block, element), _action(block, element)) == wanted:
            return block, element
    raise LookupError(f"there is no element {wanted[1]!r} in the block {wanted[0]!r}")


def _action(_block: JSON, element: JSON) -> str:
    return str(element.get("action_id", ""))


def _value(_block: JSON, element: JSON) -> str:
    return str(element.get("value", ""))


def _label(block: JSON, element: JSON) -> str:
    text = element.get("text") or block.get("label") or {}
    return str(text.get("text", "")) if isinstance(text, dict) else ""


def _block(block: JSON, _element: JSON) -> str:
    return str(block.get("block_id", ""))


def options_of(element: JSON) -> list[JSON]:
    """The options that an element itself carries, groups flattened, and those that it begins with: an external
    select has no others before somebody types."""
    grouped = [o for group in element.get("option_groups") or () for o in group.get("options", ())]
    start = [element["initial_option"]] if element.get("initial_option") else element.get("initial_options")
    return [*(element.get("options") or ()), *grouped, *(start or ())]


def state_of(element: JSON, value: Any, offered: list[JSON]) -> JSON:
    """The entry in `state.values` for what a person put in; `offered` are the options of an external select,
    or the uploaded files.

    For selects, `value` is an option's value or label (a list for multi selects). Raises SlackError
    unknown_option.
    """
    kind = element["type"]
    if kind in BUTTONS:
        return {"type": kind}
    if kind in _ONE:
        return {"type": kind, "selected_option": _option(element, value, offered) if value else None}
    if kind in _MANY:
        return {"type": kind, "selected_options": [_option(element, v, offered) for v in value or ()]}
    if kind == "file_input":
        return {"type": kind, "files": [file for file in offered if file["id"] in (value or ())]}
    return {"type": kind, _PLAIN[kind]: value if value != "" else None}


def _option(element: JSON, value: Any, offered: list[JSON]) -> JSON:
    for option in [*options_of(element), *offered]:
        if value in {option.get("value"), option["text"]["text"]}:
            return option
    raise SlackError("unknown_option", value=value)


def initial_state(blocks: list[JSON]) -> Values:
    """The state of a view that nobody has touched, from its initial values."""
    values: Values = {}
    for block, element in walk(blocks):
        if element["type"] not in BUTTONS and element["type"] != "overflow":
            values.setdefault(block["block_id"], {})[element["action_id"]] = _initial(element)
    return values


def merged(start: Values, filled: Values) -> Values:
    """`filled` over `start`, element by element; what `start` does not have was of another page of the form."""
    return {
        block: {action: filled.get(block, {}).get(action, state) for action, state in row.items()}
        for block, row in start.items()
    }


def _initial(element: JSON) -> JSON:
    kind = element["type"]
    if kind in _ONE:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in _MANY:
        return {"type": kind, "selected_options": element.get("initial_options") or []}
    key = _PLAIN[kind]
    initial = element.get(key.replace("selected", "initial") if key.startswith("selected") else "initial_value")
    return {"type": kind, key: initial if initial is not None else ([] if key.endswith("s") else None)}


def content_of(state: JSON) -> Any:
    """What a state entry holds, whatever its kind."""
    return next((value for key, value in state.items() if key != "type"), None)


def input_errors(blocks: list[JSON], values: Values) -> dict[str, str]:
    """What Slack's own client says before it sends a form: block id -> sentence."""
    errors = {}
    for block, element in walk(blocks):
        if block["type"] == "input":
            content = content_of(values.get(block["block_id"], {}).get(element["action_id"], {}))
            if fault := _input_fault(element, content, bool(block.get("optional"))):
                errors[block["block_id"]] = fault
    return errors


def _input_fault(element: JSON, content: Any, optional: bool) -> str:
    if content in (None, "", []):
        return "" if optional else "Please complete this required field."
    if element["type"] == "file_input" and len(content) > (most := element.get("max_files", 10)):
        return f"Please attach at most {most} files."
    if not isinstance(content, str):
        return ""
    if element["type"] in _CHECKS:
        return _CHECKS[element["type"]](element, content)
    return ""


def _text_fault(element: JSON, content: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(content) < least:
        return f"Please enter at least {least} characters."
    return f"Please enter at most {most} characters." if len(content) > most else ""


def _number_fault(element: JSON, content: str) -> str:
    decimal = element.get("is_decimal_allowed")
    if not re.fullmatch(r"-?\d+(\.\d+)?" if decimal else r"-?\d+", content):
        return "Please enter a number." if decimal else "Please enter a whole number."
    if "min_value" in element and float(content) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(content) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return ""


def _email_fault(_element: JSON, content: str) -> str:
    return "" if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", content) else "Please enter a valid email address."


def _url_fault(_element: JSON, content: str) -> str:
    return "" if re.fullmatch(r"https?://\S+", content) else "Please enter a valid URL."


_CHECKS = {
    "plain_text_input": _text_fault,
    "number_input": _number_fault,
    "email_text_input": _email_fault,
    "url_text_input": _url_fault,
}

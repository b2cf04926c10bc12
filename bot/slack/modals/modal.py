"""A form as a modal: made from the form's fields, read back into values, with faults at the fields."""

import zlib
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from pydantic.fields import FieldInfo

from bot.slack.drawing.views import Block, within
from bot.slack.modals.modal_fields import (
    ACTION,
    OPTION_VALUE,
    OPTIONS,
    Filling,
    element,
    marker,
    may_be_kept,
    option,
    read,
    triggers,
)
from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.errors import Conflict, Invalid
from workflows.action import Action, Form, FormFaults
from workflows.fields import Edition, FromCatalog, Menu
from workflows.requests.submitting import REASON_LENGTH

FORM = "form"  # the callback ids of a form, and of one page of several
PAGE = "page"
REASON = "reason"
METADATA = 3000  # characters that a view keeps for us

View = dict[str, Any]


def form_view(filling: Filling, action: Action, reason: str, key: str = "") -> View:
    """The modal that asks for an action. `key` is what makes its submission one request, kept over redraws."""
    asked = [field_block(filling, name, info) for name, info in filling.fields().items()]
    return {
        **frame(FORM, action.title, "Next"),
        "private_metadata": pack({"action": action.name, "fixed": filling.kept(), "key": key}),
        "blocks": [*asked, reason_field(reason, optional=bool(action.reason))],
    }


def read_form(
    view: Mapping[str, Any], form_for: Callable[[Mapping[str, Any]], type[Form]], colleague: Callable[[str], str]
) -> tuple[dict[str, Any], str]:
    """The values and the reason that a modal holds now. Fixed values come from what we kept in it.

    `form_for` gives the form for what is filled in; what belongs to another edition of a field is left out.
    """
    fixed = unpack(view).get("fixed", {})
    found = {name: (version, read(one, colleague)) for name, version, one in _elements(view)}
    given = {name: value for name, (_, value) in found.items() if value is not None}
    reason = str(given.pop(REASON, ""))
    fields = form_for({**fixed, **given}).model_fields
    values = {name: value for name, value in fixed.items() if name in fields and may_be_kept(fields[name])}
    for name, value in given.items():
        edition = marker(fields[name], Edition) if name in fields else None
        if name in fields and (edition is None or found[name][0] == _crc(edition.text)):
            values[name] = value
    return values, reason


def read_fields(view: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The values and the reason in a modal as they stand there, whatever its form; for forms without people."""
    given = {name: read(one, str) for name, _, one in _elements(view)}
    reason = str(given.pop(REASON, None) or "")
    return {name: value for name, value in given.items() if value is not None}, reason


def text_of(view: Mapping[str, Any]) -> str:
    """What was written into a modal that asks for one text."""
    return next((str(found.get("value") or "") for name, _, found in _elements(view) if name == REASON), "")


def check_menus(filling: Filling) -> None:
    """Refuse what the server did not offer. Raises FormFaults."""
    faults = {}
    for name, info in filling.fields().items():
        value = filling.values.get(name)
        if value is None or marker(info, Menu) is None:
            continue
        offered = {one.value for one in filling.menu(info)}
        if not set(value if isinstance(value, list) else [value]) <= offered:
            faults[name] = "Choose what is offered here."
    if faults:
        raise FormFaults(faults)


def errors(view: Mapping[str, Any], faults: Mapping[str, str]) -> dict[str, str]:
    """Faults at the blocks of their fields; those of fields that are not shown at the reason, or the last."""
    ids = {
        block_name(block["block_id"]): block["block_id"]
        for block in view.get("blocks", ())
        if ":" in block.get("block_id", "")
    }
    said: dict[str, str] = {}
    for name, fault in faults.items():
        at = ids.get(name) or ids.get(REASON) or next(reversed(ids.values()))
        said[at] = f"{said[at]} {fault}" if at in said else fault
    return {at: within(fault, 300) for at, fault in said.items()}


def unpack(view: Mapping[str, Any]) -> dict[str, Any]:
    """What we kept in a view. It is no authority: everything in it is checked again."""
    try:
        kept = orjson.loads(view.get("private_metadata") or "{}")
    except ValueError:
        raise Conflict("This form is too old.", "Open it again.") from None
    return kept if isinstance(kept, dict) else {}


def suggest(snapshot: Snapshot, action: Action, name: str, typed: str) -> list[Block]:
    """Choices for a field with type-ahead: what matches by name first, then by what is written about it."""
    info = action.form.model_fields.get(name)
    wanted = marker(info, FromCatalog) if info else None
    if wanted is None:
        return []
    found: dict[str, Entity] = {}
    if typed.strip():
        match = snapshot.resolve(typed, wanted.kinds)
        found = {one.ref: one for one in match.candidates if one.kind in wanted.kinds}
    for kind in wanted.kinds:
        found |= {
            hit.ref: hit for hit in snapshot.search(f"kind:{kind} {typed}", OPTIONS).hits if hit.ref not in found
        }
    return [option(one.ref, one.label, one.ref) for one in found.values() if len(one.ref) <= OPTION_VALUE][
        :OPTIONS
    ]


def reason_view(callback: str, title: str, label_: str, submit: str, kept: Mapping[str, Any]) -> View:
    """A modal that asks for one text, such as why something is denied."""
    text: Block = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": REASON_LENGTH,
        "action_id": f"{ACTION}:{REASON}",
    }
    ask = {"type": "input", "block_id": f"f:{REASON}:0", "label": _text(label_), "element": text}
    return {**frame(callback, title, submit), "private_metadata": pack(kept), "blocks": [ask]}


def frame(callback: str, title: str, submit: str, close: str = "Cancel") -> View:
    """A modal without its blocks."""
    buttons = {"submit": _text(submit)} if submit else {}
    return {
        "type": "modal",
        "callback_id": callback,
        "title": _text(within(title, 24)),
        "close": _text(close),
        **buttons,
    }


def field_block(filling: Filling, name: str, info: FieldInfo) -> Block:
    """The input of one field."""
    made: Block = {
        "type": "input",
        "block_id": f"f:{name}:{_version(filling, info)}",
        "label": _text(info.title or name.replace("_", " ").capitalize()),
        "element": element(filling, name, info),
        "optional": not info.is_required(),
    }
    if name in triggers(filling.form):
        made["dispatch_action"] = True
    if info.description:
        made["hint"] = _text(info.description)
    return made


def _version(filling: Filling, info: FieldInfo) -> str:
    """Moves with the choices of a dependent menu: Slack keeps what was chosen as long as the id stays."""
    menu, edition = marker(info, Menu), marker(info, Edition)
    if edition:
        return _crc(edition.text)
    return _crc(repr(filling.menu(info))) if menu and menu.depends else "0"


def _crc(text: str) -> str:
    return f"{zlib.crc32(text.encode()):x}"


def block_name(id: str) -> str:
    """The field of a block: its id is `f:field:version`."""
    return id.removeprefix("f:").rpartition(":")[0]


def reason_field(reason: str, optional: bool) -> Block:
    """The input for why something is asked."""
    text: Block = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": REASON_LENGTH,
        "action_id": f"{ACTION}:{REASON}",
    }
    if reason:
        text["initial_value"] = reason[:REASON_LENGTH]
    hint = _text("A ticket and a sentence. Those who agree read it, and the audit keeps it.")
    made: Block = {"type": "input", "block_id": f"f:{REASON}:0", "label": _text("Why"), "element": text}
    return made | ({"optional": True} if optional else {"hint": hint})


def _elements(view: Mapping[str, Any]) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Each field with the version of its block and what is in it."""
    state = (view.get("state") or {}).get("values") or {}
    return [
        (action_id.removeprefix(f"{ACTION}:"), block_id.rpartition(":")[2], found)
        for block_id, block in state.items()
        for action_id, found in block.items()
        if action_id.startswith(f"{ACTION}:")
    ]


def pack(kept: Mapping[str, Any]) -> str:
    """What a view keeps for us. Raises Invalid when it is too much."""
    packed = orjson.dumps(kept).decode()
    if len(packed) > METADATA:
        raise Invalid("This is more than a form can hold.", "Shorten the reason.")
    return packed


def _text(text: str) -> Block:
    return {"type": "plain_text", "text": text}

"""One field of a form as an element of a modal, and what the person put into it. Both are pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic.fields import FieldInfo

from bot.slack.drawing.views import Block, within
from commands.parts.texts.refs import label
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from workflows.action import Form
from workflows.fields import Colleague, Fixed, FromCatalog, Long, Menu, Option, Redraws, Shown

OPTIONS = 100  # of one menu
OPTION_TEXT = 75
OPTION_VALUE = 150
INPUT_LENGTH = 3000
ACTION = "field"

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Filling:
    """Who fills in which form, and what is in it so far: `values` by field, as they would be submitted.

    `accounts` has the accounts of the people among the values, as far as they are known.
    """

    idp: Idp
    snapshot: Snapshot
    person: str
    form: type[Form]
    values: Mapping[str, Any]
    accounts: Mapping[str, str] = field(default_factory=dict)

    def fields(self) -> Mapping[str, FieldInfo]:
        """The fields that are asked now."""
        return {name: info for name, info in self.form.model_fields.items() if self._asked(name, info)}

    def kept(self) -> Mapping[str, Any]:
        """Values that are settled, so that their fields are not asked: Fixed ones, people without an account."""
        asked = self.fields()
        settled = [n for n, info in self.form.model_fields.items() if may_be_kept(info) and n not in asked]
        return {name: self.values[name] for name in settled if self.values.get(name)}

    def account(self, name: str) -> str:
        """The account of the person in a field, "" when there is nobody or it is not known."""
        value = str(self.values.get(name) or "")
        return value[1:] if value.startswith("@") else self.accounts.get(value, "")

    def menu(self, info: FieldInfo) -> Sequence[Option]:
        """What may be chosen now, empty for a field that is no menu."""
        menu = marker(info, Menu)
        if menu:
            return menu.options(self.idp, self.snapshot, self.person, self.values)[:OPTIONS]
        words = get_args(info.annotation) if get_origin(info.annotation) is Literal else ()
        return [Option(str(word), str(word)) for word in words]

    def _asked(self, name: str, info: FieldInfo) -> bool:
        shown = marker(info, Shown)
        if marker(info, Colleague) and self.values.get(name) and not self.account(name):
            return False
        return marker(info, Fixed) is None and (shown is None or shown.when(self.values))


def marker(info: FieldInfo, kind: type[M]) -> M | None:
    """The marker of this kind on a field."""
    return next((one for one in info.metadata if isinstance(one, kind)), None)


def may_be_kept(info: FieldInfo) -> bool:
    """Whether a view may carry the value of a field that it does not ask for."""
    return marker(info, Fixed) is not None or marker(info, Colleague) is not None


def triggers(form: type[Form]) -> frozenset[str]:
    """The fields after whose change the form is drawn anew."""
    found = {name for name, info in form.model_fields.items() if marker(info, Redraws)}
    for info in form.model_fields.values():
        menu, shown = marker(info, Menu), marker(info, Shown)
        found |= {*(menu.depends if menu else ()), *(shown.depends if shown else ())}
    return frozenset(found)


def element(filling: Filling, name: str, info: FieldInfo) -> Block:
    """The element that asks for a field, with what is filled in so far."""
    value = filling.values.get(name)
    made: Block = {"action_id": f"{ACTION}:{name}"}
    if marker(info, FromCatalog):
        return made | _from_catalog(filling.snapshot, info, value)
    if marker(info, Colleague):
        account = filling.account(name)
        return made | {"type": "users_select"} | ({"initial_user": account} if account else {})
    menu = filling.menu(info)
    if menu or marker(info, Menu) is not None:
        return made | _menu(menu, value, _many(info))
    return made | _plain(info, value)


def read(element: Mapping[str, Any], colleague: Callable[[str], str]) -> Any:
    """What the person put in, None when nothing. `colleague` gives the person behind an account."""
    match element.get("type"):
        case "static_select" | "external_select":
            return (element.get("selected_option") or {}).get("value")
        case "multi_static_select" | "multi_external_select":
            return [option["value"] for option in element.get("selected_options") or ()] or None
        case "checkboxes":
            return bool(element.get("selected_options"))
        case "datepicker":
            return element.get("selected_date")
        case "users_select":
            account = element.get("selected_user")
            return colleague(account) if account else None
    return element.get("value") or None


def option(value: str, text: str, hint: str = "") -> Block:
    """One choice of a menu."""
    made: Block = {"text": {"type": "plain_text", "text": within(text, OPTION_TEXT)}, "value": value}
    return made | ({"description": {"type": "plain_text", "text": within(hint, OPTION_TEXT)}} if hint else {})


def _many(info: FieldInfo) -> bool:
    return get_origin(info.annotation) is list


def _from_catalog(snapshot: Snapshot, info: FieldInfo, value: Any) -> Block:
    chosen = [ref for ref in (value if isinstance(value, list) else [value]) if ref and snapshot.get(ref)]
    options = [option(ref, label(snapshot, ref), ref) for ref in chosen if len(ref) <= OPTION_VALUE]
    made: Block = {"min_query_length": 0, "placeholder": {"type": "plain_text", "text": "Type a few letters"}}
    if _many(info):
        return made | {"type": "multi_external_select"} | ({"initial_options": options} if options else {})
    return made | {"type": "external_select"} | ({"initial_option": options[0]} if options else {})


def _menu(menu: Sequence[Option], value: Any, many: bool) -> Block:
    options = [option(*one) for one in menu if len(one.value) <= OPTION_VALUE]
    if not options:
        return {"type": "static_select", "options": [option("-", "nothing can be chosen")]}
    wanted = value if isinstance(value, list) else [str(value)]
    chosen = [one for one in options if one["value"] in wanted]
    made: Block = {"type": "multi_static_select" if many else "static_select", "options": options}
    if many:
        return made | ({"initial_options": chosen} if chosen else {})
    if len(options) == 1:
        chosen = options
    return made | ({"initial_option": chosen[0]} if chosen else {})


def _kind(info: FieldInfo) -> Any:
    """The type of a field; that of `date | None` is date."""
    members = [one for one in get_args(info.annotation) if one is not type(None)]
    return members[0] if len(members) == 1 else info.annotation


def _plain(info: FieldInfo, value: Any) -> Block:
    given = {} if value in (None, "") else value
    kind = _kind(info)
    if kind is bool:
        box = option("yes", info.title or "Yes")
        return {"type": "checkboxes", "options": [box]} | ({"initial_options": [box]} if value else {})
    if kind in (int, float):
        made: Block = {"type": "number_input", "is_decimal_allowed": kind is float}
        return made | ({"initial_value": str(value)} if given else {})
    if kind is date:
        return {"type": "datepicker"} | ({"initial_date": str(value)} if given else {})
    longest = next((one.max_length for one in info.metadata if getattr(one, "max_length", None)), INPUT_LENGTH)
    made = {"type": "plain_text_input", "multiline": marker(info, Long) is not None}
    made["max_length"] = min(longest, INPUT_LENGTH)
    return made | ({"initial_value": str(value)[: made["max_length"]]} if given else {})

"""Forms as modals and back: every kind of field, what is filled in, what was never offered."""

from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from bot.playground.block_kit.checking import faults_of
from bot.slack.modals import modal
from bot.slack.modals.modal_fields import Filling
from data.errors import Conflict, Invalid
from tests.workflows.house import CHECKOUT, LEDGER, snapshot
from workflows.action import Action, Form, FormFaults
from workflows.fields import Colleague, Fixed, FromCatalog, Long, Menu, Option, Shown, Values

CATALOG = snapshot()


def sizes(_idp: Any, _snapshot: Any, _person: str, values: Values) -> list[Option]:
    return [Option(f"{values.get('color', 'red')}-{size}", size) for size in ("small", "large")]


class Everything(Form):
    """One field of each kind."""

    name: Annotated[str, Field(title="Name", description="What it is called.", max_length=40)]
    text: Annotated[str, Long()] = ""
    color: Literal["red", "blue"] = "red"
    size: Annotated[str, Menu(sizes, depends=("color",))] = ""
    count: Annotated[int, Field(ge=1)] = 3
    share: float = 0.5
    loud: Annotated[bool, Field(title="Tell everybody")] = False
    day: date | None = None
    when: date = date(2026, 3, 2)
    target: Annotated[str, FromCatalog(("Component",))] = ""
    more: Annotated[list[str], FromCatalog()] = Field(default_factory=list)
    person: Annotated[str, Colleague()] = ""
    secret: Annotated[str, Fixed()] = ""
    extra: Annotated[str, Shown(lambda values: values.get("color") == "blue", depends=("color",))] = ""


ACTION = Action("everything", "Everything there is to fill in", Everything, None, None, "p", ())  # type: ignore[arg-type]  # only the form is looked at


def filling(**values: Any) -> Filling:
    return Filling(None, CATALOG, "user:default/ann", Everything, values)  # type: ignore[arg-type]  # these menus ask nothing of it


def view(reason: str = "", **values: Any) -> dict[str, Any]:
    made = modal.form_view(filling(**values), ACTION, reason, "k")
    assert faults_of(made) == []
    return made


def blocks(made: dict[str, Any]) -> dict[str, Any]:
    return {block["block_id"].split(":")[1]: block for block in made["blocks"]}


def sent(made: dict[str, Any], **elements: dict[str, Any]) -> dict[str, Any]:
    """The view as Slack sends it with this filled in."""
    values = {
        block["block_id"]: {block["element"]["action_id"]: {"type": block["element"]["type"], **elements[name]}}
        for name, block in blocks(made).items()
        if name in elements
    }
    return made | {"state": {"values": values}}


def test_each_kind_of_field_has_its_element() -> None:
    kinds = {name: block["element"]["type"] for name, block in blocks(view()).items()}
    assert kinds == {
        "name": "plain_text_input",
        "text": "plain_text_input",
        "color": "static_select",
        "size": "static_select",
        "count": "number_input",
        "share": "number_input",
        "loud": "checkboxes",
        "day": "datepicker",
        "when": "datepicker",
        "target": "external_select",
        "more": "multi_external_select",
        "person": "users_select",
        "reason": "plain_text_input",
    }


def test_titles_hints_limits_and_what_is_needed() -> None:
    name = blocks(view())["name"]
    assert (name["label"]["text"], name["hint"]["text"], name["element"]["max_length"]) == (
        "Name",
        "What it is called.",
        40,
    )
    assert not name["optional"]
    assert blocks(view())["text"]["optional"]
    assert blocks(view())["text"]["element"]["multiline"]


def test_what_is_known_is_filled_in() -> None:
    made = blocks(
        view("INC-1", name="n", color="blue", count=7, loud=True, target=CHECKOUT, more=[CHECKOUT, LEDGER])
    )
    assert made["name"]["element"]["initial_value"] == "n"
    assert made["color"]["element"]["initial_option"]["value"] == "blue"
    assert made["count"]["element"]["initial_value"] == "7"
    assert made["loud"]["element"]["initial_options"]
    assert made["target"]["element"]["initial_option"]["value"] == CHECKOUT
    assert len(made["more"]["element"]["initial_options"]) == 2
    assert made["reason"]["element"]["initial_value"] == "INC-1"


def test_dependent_fields_come_go_and_change_their_choices() -> None:
    red, blue = blocks(view(color="red")), blocks(view(color="blue"))
    assert "extra" not in red
    assert "extra" in blue
    assert red["size"]["element"]["options"][0]["value"] == "red-small"
    assert blue["size"]["element"]["options"][0]["value"] == "blue-small"
    assert red["size"]["block_id"] != blue["size"]["block_id"]  # Slack keeps a choice as long as the id stays
    assert red["name"]["block_id"] == blue["name"]["block_id"]
    assert red["color"]["dispatch_action"]
    assert "dispatch_action" not in red["name"]


def test_what_was_filled_in_is_read_back() -> None:
    made = view(secret="kept")
    filled = sent(
        made,
        name={"value": "n"},
        color={"selected_option": {"value": "blue"}},
        count={"value": "7"},
        loud={"selected_options": [{"value": "yes"}]},
        when={"selected_date": "2026-12-24"},
        target={"selected_option": {"value": CHECKOUT}},
        more={"selected_options": [{"value": CHECKOUT}]},
        person={"selected_user": "U1"},
        reason={"value": " why "},
    )
    values, reason = modal.read_form(filled, lambda _: Everything, lambda account: f"person of {account}")
    assert reason == " why "
    form = Everything.model_validate(values)
    assert (form.name, form.color, form.count, form.loud, form.when) == ("n", "blue", 7, True, date(2026, 12, 24))
    assert (form.target, form.more, form.person, form.secret) == (CHECKOUT, [CHECKOUT], "person of U1", "kept")


def test_what_is_left_empty_is_left_to_the_default() -> None:
    values, reason = modal.read_form(sent(view(), text={"value": None}, target={}), lambda _: Everything, str)
    assert values == {}
    assert reason == ""


def test_a_field_that_the_form_does_not_have_is_not_read_out_of_what_a_client_claims() -> None:
    forged = view() | {"private_metadata": '{"fixed": {"secret": "s", "name": "forged", "admin": true}}'}
    values, _ = modal.read_form(forged, lambda _: Everything, str)
    assert values == {"secret": "s"}


def test_somebody_who_was_named_is_chosen_or_kept_never_forgotten() -> None:
    ben = "user:default/ben"
    known = Filling(None, CATALOG, "user:default/ann", Everything, {"person": ben}, {ben: "U2"})  # type: ignore[arg-type]  # as above
    assert blocks(modal.form_view(known, ACTION, ""))["person"]["element"]["initial_user"] == "U2"
    assert blocks(view(person="@U3"))["person"]["element"]["initial_user"] == "U3"
    unknown = view(person=ben)
    assert "person" not in blocks(unknown)
    assert modal.read_form(unknown, lambda _: Everything, str)[0] == {"person": ben}


def test_only_what_is_offered_can_be_chosen() -> None:
    modal.check_menus(filling(color="red", size="red-large"))
    with pytest.raises(FormFaults, match="size"):
        modal.check_menus(filling(color="red", size="blue-large"))


def test_faults_stand_at_their_fields_and_else_at_the_reason() -> None:
    made = view()
    said = modal.errors(made, {"name": "Too long.", "target": "Gone.", "nowhere": "Lost.", "": "Odd."})
    ids = blocks(made)
    assert said[ids["name"]["block_id"]] == "Too long."
    assert said[ids["reason"]["block_id"]] == "Lost. Odd."
    assert set(said) <= {block["block_id"] for block in made["blocks"]}


def test_type_ahead_offers_what_is_called_so_and_of_the_right_kind() -> None:
    assert [one["value"] for one in modal.suggest(CATALOG, ACTION, "target", "chec")] == [CHECKOUT]
    assert [one["value"] for one in modal.suggest(CATALOG, ACTION, "target", "chekout")] == [CHECKOUT]
    everything = {one["value"] for one in modal.suggest(CATALOG, ACTION, "target", "")}
    assert everything == {CHECKOUT, LEDGER}
    assert modal.suggest(CATALOG, ACTION, "name", "chec") == []
    assert modal.suggest(CATALOG, ACTION, "nothing", "chec") == []


@pytest.mark.parametrize("kept", ["{", "[]", "null", "1", '"x"'])
def test_what_a_view_keeps_may_be_anything(kept: str) -> None:
    if kept == "{":
        with pytest.raises(Conflict, match="too old"):
            modal.unpack({"private_metadata": kept})
    else:
        assert modal.unpack({"private_metadata": kept}) == {}


def test_more_than_a_view_can_keep_is_a_sentence() -> None:
    with pytest.raises(Invalid, match="more than a form can hold"):
        modal.pack({"reason": "x" * 3000})

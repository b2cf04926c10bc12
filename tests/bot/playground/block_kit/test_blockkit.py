"""The validator takes what Slack takes and refuses what Slack refuses."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.block_kit.checking import faults_of
from bot.playground.block_kit.limits import SHAPES

JSON = dict[str, Any]


def plain(length: int = 1) -> JSON:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int = 1) -> JSON:
    return {"type": "mrkdwn", "text": "x" * length}


def button(**more: Any) -> JSON:
    return {"type": "button", "action_id": "a", "text": plain(), **more}


def confirm(**more: Any) -> JSON:
    parts = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}
    return button(confirm={**parts, **more})


def option(**more: Any) -> JSON:
    return {"text": plain(), "value": "v", **more}


def options(count: int) -> list[JSON]:
    return [option(value=str(number)) for number in range(count)]


def select(**more: Any) -> JSON:
    return {"type": "static_select", "action_id": "a", "placeholder": plain(), **more}


def group(**more: Any) -> JSON:
    return {"label": plain(), "options": options(1), **more}


def table(rows: int, columns: int, **more: Any) -> JSON:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows, **more}


def modal(**more: Any) -> JSON:
    return {"type": "modal", "title": plain(), "blocks": [{"type": "divider"}], **more}


def image(**more: Any) -> JSON:
    return {"type": "image", "block_id": "b", "image_url": "https://a.example/i.png", "alt_text": "a", **more}


def form(element: JSON, **more: Any) -> JSON:
    return {"type": "input", "label": plain(), "element": {"action_id": "a", **element}, **more}


TEXT_INPUT = {"type": "plain_text_input"}


def section(**more: Any) -> JSON:
    return {"type": "section", **more}


def video(**more: Any) -> JSON:
    return {
        "type": "video",
        "alt_text": "a",
        "title": plain(),
        "thumbnail_url": "https://a.example/t.png",
        "video_url": "https://a.example/v",
        **more,
    }


# One payload for each case of the registry's list of what has to be refused.
INVALID: dict[str, JSON] = {
    "text-empty": plain(0),
    "text-too-long": plain(3001),
    "button-action-id-too-long": button(action_id="x" * 256),
    "button-text-too-long": button(text=plain(76)),
    "button-url-too-long": button(url="https://" + "x" * 3000),
    "button-value-too-long": button(value="x" * 2001),
    "confirmation-title-too-long": confirm(title=plain(101)),
    "confirmation-text-too-long": confirm(text=plain(301)),
    "confirmation-confirm-too-long": confirm(confirm=plain(31)),
    "confirmation-deny-too-long": confirm(deny=plain(31)),
    "option-text-too-long": select(options=[option(text=plain(76))]),
    "option-value-too-long": select(options=[option(value="x" * 151)]),
    "option-url-too-long": select(options=[option(url="😀" * 3001)]),
    "option-description-too-long": select(options=[option(description=plain(76))]),
    "option-group-label-too-long": select(option_groups=[group(label=plain(76))]),
    "option-group-empty": select(option_groups=[group(options=[])]),
    "option-group-too-many-options": select(option_groups=[group(options=options(101))]),
    "select-placeholder-too-long": select(options=options(1), placeholder=plain(151)),
    "select-too-many-options": select(options=options(101)),
    "select-too-many-option-groups": select(option_groups=[group()] * 101),
    "overflow-empty": {"type": "overflow", "action_id": "a", "options": []},
    "overflow-too-many-options": {"type": "overflow", "action_id": "a", "options": options(6)},
    "checkboxes-empty": {"type": "checkboxes", "action_id": "a", "options": []},
    "checkboxes-too-many-options": {"type": "checkboxes", "action_id": "a", "options": options(11)},
    "radio-buttons-empty": {"type": "radio_buttons", "action_id": "a", "options": []},
    "radio-buttons-too-many-options": {"type": "radio_buttons", "action_id": "a", "options": options(11)},
    "url-source-url-empty": {"type": "url", "url": "", "text": "t"},
    "url-source-url-too-long": {"type": "url", "url": "x" * 3001, "text": "t"},
    "table-too-many-rows": table(101, 1),
    "table-ragged-rows": {"type": "table", "rows": [table(1, 1)["rows"][0], table(1, 2)["rows"][0]]},
    "table-column-settings-mismatch": table(1, 2, column_settings=[{"align": "left"}]),
    "file-input-max-files-too-small": form({"type": "file_input", "max_files": 0}),
    "file-input-max-files-too-large": form({"type": "file_input", "max_files": 11}),
    "plain-text-input-max-length-too-large": form({**TEXT_INPUT, "max_length": 3001}),
    "actions-too-many-elements": {"type": "actions", "elements": [button(action_id=str(n)) for n in range(26)]},
    "context-too-many-elements": {"type": "context", "elements": [mrkdwn()] * 11},
    "header-text-too-long": {"type": "header", "text": plain(151)},
    "image-url-too-long": image(image_url="https://" + "x" * 3000),
    "image-alt-text-too-long": image(alt_text="x" * 2001),
    "input-label-too-long": form(TEXT_INPUT, label=plain(2001)),
    "input-hint-too-long": form(TEXT_INPUT, hint=plain(2001)),
    "markdown-empty": {"type": "markdown", "text": ""},
    "markdown-too-long": {"type": "markdown", "text": "x" * 12_001},
    "section-text-too-long": section(text=mrkdwn(3001)),
    "section-too-many-fields": section(fields=[mrkdwn()] * 11),
    "section-field-too-long": section(fields=[mrkdwn(2001)]),
    "video-alt-text-empty": video(alt_text=""),
    "video-alt-text-too-long": video(alt_text="x" * 201),
    "video-title-too-long": video(title=plain(201)),
    "video-author-name-too-long": video(author_name="x" * 51),
    "video-description-too-long": video(description=plain(201)),
    "video-provider-name-too-long": video(provider_name="x" * 51),
    "view-missing-blocks": modal(blocks=[]),
    "view-too-many-blocks": modal(blocks=[{"type": "divider"}] * 101),
    "view-private-metadata-too-long": modal(private_metadata="x" * 3001),
    "view-callback-id-too-long": modal(callback_id="x" * 256),
    "view-title-too-long": modal(title=plain(25)),
    "view-close-too-long": modal(close=plain(25)),
    "view-submit-too-long": modal(submit=plain(25)),
    "section-missing-content": section(),
    "static-select-options-and-groups": select(options=options(1), option_groups=[group()]),
    "image-url-and-slack-file": image(slack_file={"id": "F0"}),
    "number-input-inverted-range": form(
        {"type": "number_input", "is_decimal_allowed": False, "min_value": "2", "max_value": "1"}
    ),
    "context-invalid-element": {"type": "context", "elements": [button()]},
    "input-invalid-element": form(button()),
    "block-id-too-long": section(text=mrkdwn(), block_id="x" * 256),
    "button-accessibility-label-too-long": button(accessibility_label="x" * 76),
    # Not in the registry, but refused by Slack:
    "message-of-51-blocks": {"text": "t", "blocks": [{"type": "divider"}] * 51},
    "two-buttons-of-one-action-id": {"type": "actions", "elements": [button(), button()]},
    "two-blocks-of-one-id-in-a-view": modal(blocks=[{"type": "divider", "block_id": "b"}] * 2),
    "input-without-submit": modal(blocks=[form(TEXT_INPUT)]),
    "table-in-a-view": modal(blocks=[table(1, 1)]),
    "two-tables-in-a-message": {"blocks": [table(1, 1), table(1, 1)]},
    "markdown-too-long-together": {"blocks": [{"type": "markdown", "text": "x" * 6001}] * 2},
    "mrkdwn-in-a-header": {"type": "header", "text": mrkdwn()},
    "unknown-field": button(colour="red"),
    "unknown-block": {"blocks": [{"type": "sections"}]},
    "unknown-style": button(style="default"),
    "wrong-type": section(text="just a string"),
    "image-url-of-another-scheme": image(image_url="javascript:alert(1)"),
    "two-elements-with-focus": modal(
        submit=plain(),
        blocks=[form({**TEXT_INPUT, "focus_on_load": True}), form({**TEXT_INPUT, "focus_on_load": True})],
    ),
}

# The smallest change that makes a case valid proves that the case fails for its own reason.
AT_THE_LIMIT: list[JSON] = [
    plain(3000),
    button(text=plain(75), value="x" * 2000, accessibility_label="x" * 75),
    confirm(title=plain(100), text=plain(300), confirm=plain(30), deny=plain(30)),
    select(options=options(100)),
    select(option_groups=[group(options=options(100))] * 100),
    {"type": "overflow", "action_id": "a", "options": options(5)},
    {"type": "actions", "elements": [button(action_id=str(n)) for n in range(25)]},
    {"type": "header", "text": plain(150)},
    section(text=mrkdwn(3000), fields=[mrkdwn(2000)] * 10),
    table(100, 20, column_settings=[{"align": "left"}] * 20),
    modal(title=plain(24), blocks=[form(TEXT_INPUT)] * 100, submit=plain(24), private_metadata="x" * 3000),
    {"text": "t", "blocks": [{"type": "divider"}] * 50},
    {"blocks": [{"type": "markdown", "text": "x" * 6000}] * 2},
    video(),
    image(),
]


@pytest.mark.parametrize("case", INVALID)
def test_refuses(case: str) -> None:
    assert faults_of(INVALID[case])


@pytest.mark.parametrize("payload", AT_THE_LIMIT, ids=lambda p: str(p.get("type", "message")))
def test_takes_what_is_exactly_at_the_limit(payload: JSON) -> None:
    assert faults_of(payload) == []


def test_takes_every_valid_fixture_of_the_registry(shared: Path) -> None:
    folder = shared / "specs/slackblocks-spec/valid"
    refused = {f.name: faults for f in folder.iterdir() if (faults := faults_of(json.loads(f.read_text())))}
    assert len(list(folder.iterdir())) == 100
    assert refused == {}


def test_has_a_case_for_everything_that_the_registry_refuses(shared: Path) -> None:
    manifest = json.loads((shared / "specs/slackblocks-spec/invalid-manifest.json").read_text())
    newer = (Path(__file__).parent / "test_blockkit_newer.py").read_text()
    covered = INVALID.keys() | set(re.findall(r'^    "([a-z-]+)":', newer, re.MULTILINE))
    assert {case["id"] for case in manifest["cases"]} <= covered


def test_a_reason_says_what_and_where() -> None:
    (fault,) = faults_of({"text": "t", "blocks": [section(text=mrkdwn(), accessory=button(text=plain(80)))]})
    assert fault == "must be less than 76 characters, has 80 [json-pointer:/blocks/0/accessory/text/text]"


def test_a_file_that_was_not_uploaded_is_refused() -> None:
    message = {"blocks": [{"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a"}]}
    assert faults_of(message, files={"F1"}) == []
    assert faults_of(message, files=set())


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


@given(_JSON, st.sampled_from(sorted(SHAPES)), st.text(max_size=8))
def test_no_payload_breaks_it(value: Any, kind: str, key: str) -> None:
    faults_of(value)
    faults_of({"type": kind, key: value})
    for name in ("blocks", "elements", "rows", "text", "options", "fields", "chart", "attachments", "type"):
        faults_of({"type": kind, name: value})
        faults_of({"blocks": [{"type": kind, name: value}]})

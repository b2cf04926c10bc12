"""Block Kit's limits, second half: blocks, views, attachments and messages.

The numbers are those of the registry in the open-source project slackblocks and of the official Slack SDKs.
"""

from collections.abc import Mapping

from bot.playground.block_kit.limits_elements import ELEMENTS, OBJECTS, RICH_TEXT
from bot.playground.block_kit.shapes import (
    ANY,
    Shape,
    choice,
    each,
    flag,
    many,
    mrkdwn,
    number,
    one,
    plain,
    string,
)

_BLOCK = {"type": string(), "block_id": string(255)}
_SELECTS = tuple(name for name in ELEMENTS if name.endswith("_select"))
_PICKERS = ("datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons")
_INPUTS = tuple(name for name in ELEMENTS if name.endswith("_input"))
_ACTIONS = ("button", "workflow_button", "overflow", "rich_text_input", *_SELECTS, *_PICKERS)
_SOURCE = {"image_url": string(3000), "slack_file": one("slack_file"), "alt_text": string(2000, need=True)}

BLOCKS: Mapping[str, Shape] = {
    "section": {
        **_BLOCK,
        "text": mrkdwn(),
        "fields": each(mrkdwn(2000), 1, 10),
        "accessory": one("image", *_ACTIONS),
        "expand": flag(),
    },
    "divider": {**_BLOCK},
    "header": {**_BLOCK, "text": plain(150, True), "level": number(1, 4)},
    "context": {**_BLOCK, "elements": many("image", "plain_text", "mrkdwn", least=1, most=10, need=True)},
    "actions": {**_BLOCK, "elements": many(*_ACTIONS, least=1, most=25, need=True)},
    "context_actions": {
        **_BLOCK,
        "elements": many("feedback_buttons", "icon_button", least=1, most=5, need=True),
    },
    "image_block": {**_BLOCK, **_SOURCE, "title": plain(2000)},
    "input": {
        **_BLOCK,
        "label": plain(2000, True),
        "element": one(*_INPUTS, *_SELECTS, *_PICKERS, need=True),
        "hint": plain(2000),
        "optional": flag(),
        "dispatch_action": flag(),
    },
    "file": {**_BLOCK, "external_id": string(need=True), "source": choice("remote", need=True)},
    "markdown": {**_BLOCK, "text": string(12_000, True, 1)},
    "rich_text": {
        **_BLOCK,
        "elements": many(
            "rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote", need=True
        ),
    },
    "video": {
        **_BLOCK,
        "alt_text": string(200, True, 1),
        "title": plain(200, True),
        "title_url": string(),
        "thumbnail_url": string(need=True),
        "video_url": string(need=True),
        "author_name": string(50),
        "description": plain(200),
        "provider_icon_url": string(),
        "provider_name": string(50),
    },
    "table": {
        **_BLOCK,
        "rows": each(many("raw_text", "raw_number", "rich_text", most=20), 1, 100, need=True),
        "column_settings": many("column", most=20),
    },
    "data_table": {
        **_BLOCK,
        "rows": each(many("data_text", "raw_number", "rich_text", least=1, most=20), 2, 201, need=True),
        "caption": string(need=True, least=1),
        "page_size": number(1, 100),
        "row_header_column_index": number(0, 19),
    },
    "data_visualization": {
        **_BLOCK,
        "title": string(50, need=True),
        "chart": one("pie", "line", "bar", "area", need=True),
    },
    "alert": {
        **_BLOCK,
        "text": mrkdwn(200, True),
        "level": choice("default", "info", "warning", "error", "success"),
    },
    "card": {
        **_BLOCK,
        "hero_image": one("image"),
        "icon": one("image"),
        "slack_icon": one("icon"),
        "title": mrkdwn(150),
        "subtitle": mrkdwn(150),
        "body": mrkdwn(200),
        "subtext": mrkdwn(200),
        "actions": many("button", most=3),
    },
    "carousel": {**_BLOCK, "elements": many("card", least=1, most=10, need=True)},
    "plan": {**_BLOCK, "title": string(need=True), "tasks": many("task", most=50)},
    "task_card": {
        **_BLOCK,
        "task_id": string(need=True),
        "title": string(need=True),
        "details": one("rich_text"),
        "output": one("rich_text"),
        "sources": many("url"),
        "status": choice("pending", "in_progress", "complete", "error"),
    },
}

_BLOCK_NAMES = tuple(name for name in BLOCKS if name != "image_block")
_POINTS = many("point", least=1, most=20, need=True)
_AXES = {"series": many("series", least=1, most=12, need=True), "axis_config": one("axes", need=True)}

PARTS: Mapping[str, Shape] = {
    "raw_text": {"type": string(), "text": string(need=True)},
    "data_text": {"type": string(), "text": string(None, True, 1)},
    "raw_number": {"type": string(), "value": number(need=True), "text": string()},
    "column": {"align": choice("left", "center", "right"), "is_wrapped": flag()},
    "pie": {"type": string(), "segments": many("segment", least=1, most=12, need=True)},
    "segment": {"label": string(20, need=True), "value": number(need=True)},
    "line": {"type": string(), **_AXES},
    "bar": {"type": string(), **_AXES},
    "area": {"type": string(), **_AXES},
    "series": {"name": string(20, need=True), "data": _POINTS},
    "point": {"label": string(20, need=True), "value": number(need=True)},
    "axes": {
        "categories": each(string(20), 1, 20, need=True),
        "x_label": string(50),
        "y_label": string(50),
    },
    "task": {**BLOCKS["task_card"]},
    "container": {
        **_BLOCK,
        "title": mrkdwn(150, True),
        "subtitle": mrkdwn(150),
        "icon": one("image"),
        "child_blocks": many(*_BLOCK_NAMES, least=1, most=10, need=True),
        "width": choice("standard", "wide", "full"),
        "is_collapsible": flag(),
        "default_collapsed": flag(),
        "has_header_divider": flag(),
    },
}

ALL_BLOCKS = (*_BLOCK_NAMES, "image", "container")
_VIEW = {
    "type": string(),
    "callback_id": string(255),
    "external_id": string(255),
    "private_metadata": string(3000),
}

TOPS: Mapping[str, Shape] = {
    "modal": {
        **_VIEW,
        "blocks": many(*ALL_BLOCKS, least=1, most=100, need=True),
        "title": plain(24, True),
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": flag(),
        "notify_on_close": flag(),
        "submit_disabled": flag(),
    },
    "home": {**_VIEW, "blocks": many(*ALL_BLOCKS, least=1, most=100, need=True)},
    "message": {
        "text": string(40_000),
        "blocks": many(*ALL_BLOCKS, most=50),
        "attachments": many("attachment", most=100),
        "metadata": ANY,
    },
    "attachment": {"blocks": many(*ALL_BLOCKS, most=50), "color": string(), "fallback": string()},
}

SHAPES: Mapping[str, Shape] = {**OBJECTS, **RICH_TEXT, **ELEMENTS, **BLOCKS, **PARTS, **TOPS}

# Messages and attachments have many older fields that are no business of Block Kit.
OPEN = frozenset({"message", "attachment"})
# Blocks that Slack documents for messages only.
MESSAGES_ONLY = frozenset({"markdown", "table", "context_actions", "file"})

"""Block Kit's limits, first half: composition objects, interactive elements and rich text.

The numbers are those of the registry in the open-source project slackblocks and of the official Slack SDKs.
"""

from collections.abc import Mapping

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

_ID = {"type": string(), "action_id": string(255), "focus_on_load": flag(), "confirm": one("confirm")}
_PLACEHOLDER = plain(150)
_OPTION = {"value": string(150, need=True), "description": mrkdwn(75), "url": string(3000)}

OBJECTS: Mapping[str, Shape] = {
    "plain_text": {"type": string(), "text": string(3000, True, 1), "emoji": flag()},
    "mrkdwn": {"type": string(), "text": string(3000, True, 1), "verbatim": flag()},
    "confirm": {
        "title": plain(100, True),
        "text": mrkdwn(300, True),
        "confirm": plain(30, True),
        "deny": plain(30, True),
        "style": choice("primary", "danger"),
    },
    "option": {"text": plain(75, True), **_OPTION},
    "rich_option": {"text": mrkdwn(75, True), **_OPTION},
    "option_group": {"label": plain(75, True), "options": many("option", least=1, most=100, need=True)},
    "filter": {
        "include": each(choice("im", "mpim", "private", "public"), 1),
        "exclude_external_shared_channels": flag(),
        "exclude_bot_users": flag(),
    },
    "dispatch": {"trigger_actions_on": each(choice("on_enter_pressed", "on_character_entered"), 1, need=True)},
    "slack_file": {"id": string(), "url": string()},
    "icon": {"type": string(), "name": string(need=True)},
    "parameter": {"name": string(need=True), "value": string(need=True)},
    "trigger": {"url": string(3000, need=True), "customizable_input_parameters": many("parameter")},
    "workflow": {"trigger": one("trigger", need=True)},
    "url": {"type": string(), "url": string(3000, True, 1), "text": string(need=True)},
    "feedback_button": {
        "text": plain(75, True),
        "value": string(2000, need=True),
        "accessibility_label": string(75),
    },
}

_INPUT = {**_ID, "placeholder": _PLACEHOLDER, "dispatch_action_config": one("dispatch")}
_MULTI = {**_ID, "placeholder": _PLACEHOLDER, "max_selected_items": number(1)}
_SINGLE = {**_ID, "placeholder": _PLACEHOLDER}
_STATIC = {"options": many("option", most=100), "option_groups": many("option_group", most=100)}
_CHANNEL = {"response_url_enabled": flag()}
_CONVERSATION = {"default_to_current_conversation": flag(), "filter": one("filter")}

ELEMENTS: Mapping[str, Shape] = {
    "button": {
        "type": string(),
        "action_id": string(255),
        "text": plain(75, True),
        "url": string(3000),
        "value": string(2000),
        "style": choice("primary", "danger"),
        "confirm": one("confirm"),
        "accessibility_label": string(75),
        "agent_prompt": string(4000),
    },
    "workflow_button": {
        "type": string(),
        "action_id": string(255),
        "text": plain(75, True),
        "workflow": one("workflow", need=True),
        "style": choice("primary", "danger"),
        "accessibility_label": string(75),
    },
    "icon_button": {
        "type": string(),
        "action_id": string(255),
        "icon": string(need=True),
        "text": plain(75, True),
        "value": string(2000),
        "confirm": one("confirm"),
        "accessibility_label": string(75),
        "visible_to_user_ids": each(string(), most=10),
    },
    "feedback_buttons": {
        "type": string(),
        "action_id": string(255),
        "positive_button": one("feedback_button", need=True),
        "negative_button": one("feedback_button", need=True),
    },
    "image": {
        "type": string(),
        "image_url": string(3000),
        "slack_file": one("slack_file"),
        "alt_text": string(2000, need=True),
        "image_width": number(),
        "image_height": number(),
        "image_bytes": number(),
    },
    "overflow": {
        "type": string(),
        "action_id": string(255),
        "options": many("option", least=1, most=5, need=True),
        "confirm": one("confirm"),
    },
    "checkboxes": {
        **_ID,
        "options": many("rich_option", least=1, most=10, need=True),
        "initial_options": many("rich_option", least=1),
    },
    "radio_buttons": {
        **_ID,
        "options": many("rich_option", least=1, most=10, need=True),
        "initial_option": one("rich_option"),
    },
    "static_select": {**_SINGLE, **_STATIC, "initial_option": one("option")},
    "external_select": {**_SINGLE, "min_query_length": number(0), "initial_option": one("option")},
    "users_select": {**_SINGLE, "initial_user": string()},
    "channels_select": {**_SINGLE, **_CHANNEL, "initial_channel": string()},
    "conversations_select": {**_SINGLE, **_CHANNEL, **_CONVERSATION, "initial_conversation": string()},
    "multi_static_select": {**_MULTI, **_STATIC, "initial_options": many("option", least=1)},
    "multi_external_select": {
        **_MULTI,
        "min_query_length": number(0),
        "initial_options": many("option", least=1),
    },
    "multi_users_select": {**_MULTI, "initial_users": each(string())},
    "multi_channels_select": {**_MULTI, "initial_channels": each(string())},
    "multi_conversations_select": {**_MULTI, **_CONVERSATION, "initial_conversations": each(string())},
    "datepicker": {**_SINGLE, "initial_date": string()},
    "timepicker": {**_SINGLE, "initial_time": string(), "timezone": string()},
    "datetimepicker": {**_ID, "initial_date_time": number(1_000_000_000, 9_999_999_999)},
    "plain_text_input": {
        **_INPUT,
        "initial_value": string(3000),
        "multiline": flag(),
        "min_length": number(0, 3000),
        "max_length": number(1, 3000),
    },
    "email_text_input": {**_INPUT, "initial_value": string()},
    "url_text_input": {**_INPUT, "initial_value": string()},
    "number_input": {
        **_INPUT,
        "is_decimal_allowed": flag(),
        "initial_value": string(),
        "min_value": ANY,
        "max_value": ANY,
    },
    "rich_text_input": {**_INPUT, "initial_value": ANY},
    "file_input": {**_ID, "filetypes": each(string()), "max_files": number(1, 10)},
}

_MARKED = {"type": string(), "style": ANY}
_INLINE = ("text", "link", "user", "channel", "usergroup", "emoji", "broadcast", "date", "color", "team")
_RICH_LINE = {"type": string(), "elements": many(*_INLINE, need=True), "border": number(0)}

RICH_TEXT: Mapping[str, Shape] = {
    "text": {**_MARKED, "text": string(need=True)},
    "link": {**_MARKED, "url": string(need=True), "text": string(), "unsafe": flag()},
    "user": {**_MARKED, "user_id": string(need=True)},
    "channel": {**_MARKED, "channel_id": string(need=True)},
    "usergroup": {**_MARKED, "usergroup_id": string(need=True)},
    "team": {**_MARKED, "team_id": string(need=True)},
    "emoji": {**_MARKED, "name": string(need=True), "unicode": string(), "skin_tone": number()},
    "broadcast": {**_MARKED, "range": choice("here", "channel", "everyone", need=True)},
    "date": {
        **_MARKED,
        "timestamp": number(need=True),
        "format": string(need=True),
        "url": string(),
        "fallback": string(),
    },
    "color": {**_MARKED, "value": string(need=True)},
    "rich_text_section": _RICH_LINE,
    "rich_text_quote": _RICH_LINE,
    "rich_text_preformatted": {**_RICH_LINE, "language": string()},
    "rich_text_list": {
        "type": string(),
        "elements": many("rich_text_section", need=True),
        "style": choice("bullet", "ordered", need=True),
        "indent": number(0, 8),
        "offset": number(0),
        "border": number(0),
    },
}

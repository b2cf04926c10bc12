"""The Web API: which method is which function, who may call it, and what it answers."""

from collections.abc import Callable, Mapping

from bot.playground import api_assistant, api_chat, api_files, api_objects, api_people, api_views
from bot.playground.args import Args
from bot.playground.core import Core
from bot.playground.errors import SlackError
from bot.playground.state import JSON

Method = Callable[[Core, Args], JSON]

# Method -> function and the scope of the bot token that Slack asks for ("" is none, or depends on the channel).
METHODS: Mapping[str, tuple[Method, str]] = {
    "auth.test": (api_people.auth_test, ""),
    "bots.info": (api_people.bots_info, "users:read"),
    "team.info": (api_people.team_info, "team:read"),
    "apps.connections.open": (api_people.open_connection, ""),
    "users.info": (api_people.users_info, "users:read"),
    "users.list": (api_people.users_list, "users:read"),
    "users.lookupByEmail": (api_people.lookup_by_email, "users:read.email"),
    "usergroups.list": (api_people.usergroups_list, "usergroups:read"),
    "usergroups.users.list": (api_people.usergroups_users_list, "usergroups:read"),
    "conversations.info": (api_people.conversations_info, "channels:read"),
    "conversations.list": (api_people.conversations_list, "channels:read"),
    "conversations.members": (api_people.conversations_members, "channels:read"),
    "conversations.open": (api_people.conversations_open, "im:write"),
    "conversations.join": (api_people.conversations_join, "channels:read"),
    "conversations.history": (api_people.conversations_history, ""),
    "conversations.replies": (api_people.conversations_replies, ""),
    "chat.postMessage": (api_chat.post_message, "chat:write"),
    "chat.postEphemeral": (api_chat.post_ephemeral, "chat:write"),
    "chat.update": (api_chat.update, "chat:write"),
    "chat.delete": (api_chat.delete, "chat:write"),
    "chat.getPermalink": (api_chat.get_permalink, ""),
    "chat.scheduleMessage": (api_chat.schedule_message, "chat:write"),
    "chat.deleteScheduledMessage": (api_chat.delete_scheduled_message, "chat:write"),
    "chat.unfurl": (api_chat.unfurl, "links:write"),
    "chat.startStream": (api_chat.start_stream, "chat:write"),
    "chat.appendStream": (api_chat.append_stream, "chat:write"),
    "chat.stopStream": (api_chat.stop_stream, "chat:write"),
    "reactions.add": (api_chat.add_reaction, "reactions:write"),
    "reactions.remove": (api_chat.remove_reaction, "reactions:write"),
    "views.open": (api_views.open_view, ""),
    "views.push": (api_views.push, ""),
    "views.update": (api_views.update, ""),
    "views.publish": (api_views.publish, ""),
    "files.getUploadURLExternal": (api_files.get_upload_url, "files:write"),
    "files.completeUploadExternal": (api_files.complete_upload, "files:write"),
    "files.info": (api_files.info, "files:read"),
    "files.delete": (api_files.delete, "files:write"),
    "canvases.create": (api_objects.create_canvas, "canvases:write"),
    "canvases.edit": (api_objects.edit_canvas, "canvases:write"),
    "entity.presentDetails": (api_objects.present_details, ""),
    "assistant.threads.setStatus": (api_assistant.set_status, ""),
    "assistant.threads.setTitle": (api_assistant.set_title, ""),
    "assistant.threads.setSuggestedPrompts": (api_assistant.set_suggested_prompts, ""),
}


def call(core: Core, method: str, token: str, args: Args) -> JSON:
    """What Slack answers to a call; never raises SlackError."""
    try:
        function = _allowed(core, method, token)
        return function(core, args)
    except SlackError as refused:
        return refused.as_slack()


def _allowed(core: Core, method: str, token: str) -> Method:
    if method not in METHODS:
        raise SlackError("unknown_method", req_method=method)
    if not token:
        raise SlackError("not_authed")
    if token not in {core.bot_token, core.app_token}:
        raise SlackError("invalid_auth")
    function, scope = METHODS[method]
    if (method == "apps.connections.open") != (token == core.app_token):
        raise SlackError("not_allowed_token_type")
    if scope:
        core.must_have(scope)
    return function

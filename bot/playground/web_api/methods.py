"""The Web API: which method is which function, who may call it, and what it answers."""

from collections.abc import Callable, Mapping

from bot.playground.core import Core
from bot.playground.errors import SlackError
from bot.playground.state import JSON
from bot.playground.web_api import assistant, chat, files, objects, people, views
from bot.playground.web_api.args import Args

Method = Callable[[Core, Args], JSON]

# Method -> function and the scope of the bot token that Slack asks for ("" is none, or depends on the channel).
METHODS: Mapping[str, tuple[Method, str]] = {
    "auth.test": (people.auth_test, ""),
    "bots.info": (people.bots_info, "users:read"),
    "team.info": (people.team_info, "team:read"),
    "apps.connections.open": (people.open_connection, ""),
    "users.info": (people.users_info, "users:read"),
    "users.list": (people.users_list, "users:read"),
    "users.lookupByEmail": (people.lookup_by_email, "users:read.email"),
    "usergroups.list": (people.usergroups_list, "usergroups:read"),
    "usergroups.users.list": (people.usergroups_users_list, "usergroups:read"),
    "conversations.info": (people.conversations_info, "channels:read"),
    "conversations.list": (people.conversations_list, "channels:read"),
    "conversations.members": (people.conversations_members, "channels:read"),
    "conversations.open": (people.conversations_open, "im:write"),
    "conversations.join": (people.conversations_join, "channels:read"),
    "conversations.history": (people.conversations_history, ""),
    "conversations.replies": (people.conversations_replies, ""),
    "chat.postMessage": (chat.post_message, "chat:write"),
    "chat.postEphemeral": (chat.post_ephemeral, "chat:write"),
    "chat.update": (chat.update, "chat:write"),
    "chat.delete": (chat.delete, "chat:write"),
    "chat.getPermalink": (chat.get_permalink, ""),
    "chat.scheduleMessage": (chat.schedule_message, "chat:write"),
    "chat.deleteScheduledMessage": (chat.delete_scheduled_message, "chat:write"),
    "chat.unfurl": (chat.unfurl, "links:write"),
    "chat.startStream": (chat.start_stream, "chat:write"),
    "chat.appendStream": (chat.append_stream, "chat:write"),
    "chat.stopStream": (chat.stop_stream, "chat:write"),
    "reactions.add": (chat.add_reaction, "reactions:write"),
    "reactions.remove": (chat.remove_reaction, "reactions:write"),
    "views.open": (views.open_view, ""),
    "views.push": (views.push, ""),
    "views.update": (views.update, ""),
    "views.publish": (views.publish, ""),
    "files.getUploadURLExternal": (files.get_upload_url, "files:write"),
    "files.completeUploadExternal": (files.complete_upload, "files:write"),
    "files.info": (files.info, "files:read"),
    "files.delete": (files.delete, "files:write"),
    "canvases.create": (objects.create_canvas, "canvases:write"),
    "canvases.edit": (objects.edit_canvas, "canvases:write"),
    "entity.presentDetails": (objects.present_details, ""),
    "assistant.threads.setStatus": (assistant.set_status, ""),
    "assistant.threads.setTitle": (assistant.set_title, ""),
    "assistant.threads.setSuggestedPrompts": (assistant.set_suggested_prompts, ""),
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

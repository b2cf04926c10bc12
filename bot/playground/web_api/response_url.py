"""Answers through a response_url or in the acknowledgement of a command or an interaction."""

from bot.playground.core import Core, Hook
from bot.playground.state import JSON, Message, by_bot
from bot.playground.web_api.args import Args
from bot.playground.web_api.chat import message_body


def respond(core: Core, hook: Hook, payload: JSON) -> Message | None:
    """Do what the payload says: a new message, a replacement or a deletion.

    Raises SlackError invalid_blocks, no_text.
    """
    with core.workspace.lock:
        shown = hook.message
        if payload.get("delete_original") and shown is not None:
            core.workspace.remove(shown)
            return None
        args = Args(payload)
        body = message_body(core, args)
        if payload.get("replace_original") and shown is not None:
            core.workspace.change(shown, {"blocks": [], "attachments": [], **body})
            return shown
        return _new_message(core, hook, args, body)


def _new_message(core: Core, hook: Hook, args: Args, body: JSON) -> Message:
    channel = core.workspace.channel(hook.channel)
    public = args.text("response_type") == "in_channel"
    if thread := args.text("thread_ts") or hook.thread:
        body["thread_ts"] = thread
    if not public:
        body["is_ephemeral"] = True
    return core.workspace.post(channel, by_bot(body), only_for="" if public else hook.user, asked=hook.asked)

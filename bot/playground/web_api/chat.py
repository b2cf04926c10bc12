"""The Web API's chat.* methods and reactions."""

from typing import Any

from bot.playground.block_kit import checking
from bot.playground.core import Core
from bot.playground.errors import SlackError
from bot.playground.modals import with_ids
from bot.playground.people import APP, BOT, BOT_USER, TEAM
from bot.playground.state import JSON, Channel, Message, by_bot, new_id
from bot.playground.web_api.args import Args

TEXT_LIMIT = 40_000


def post_message(core: Core, args: Args) -> JSON:
    """chat.postMessage"""
    with core.workspace.lock:
        channel = may_write(core, args.need("channel"))
        body = message_body(core, args)
        _add_thread(channel, args, body)
        message = core.workspace.post(channel, by_bot(body))
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": message.as_slack()}


def _add_thread(channel: Channel, args: Args, body: JSON) -> None:
    thread = args.text("thread_ts")
    if not thread:
        return
    if thread not in channel.messages:
        raise SlackError("thread_not_found")
    root = channel.messages[thread]
    body["thread_ts"] = root.thread or root.ts
    if args.flag("reply_broadcast"):
        body["subtype"] = "thread_broadcast"


def post_ephemeral(core: Core, args: Args) -> JSON:
    """chat.postEphemeral"""
    with core.workspace.lock:
        channel = may_write(core, args.need("channel"))
        user = core.workspace.person(args.need("user"))
        if user.id not in channel.members:
            raise SlackError("user_not_in_channel")
        body = message_body(core, args)
        if thread := args.text("thread_ts"):
            body["thread_ts"] = thread
        message = core.workspace.post(channel, by_bot({**body, "is_ephemeral": True}), only_for=user.id)
    return {"ok": True, "message_ts": message.ts}


def update(core: Core, args: Args) -> JSON:
    """chat.update"""
    with core.workspace.lock:
        message = own_message(core, args.need("channel"), args.need("ts"), "cant_update_message")
        body = message_body(core, args)
        if "blocks" not in args and "attachments" not in args and "text" in args:
            body |= {"blocks": [], "attachments": []}
        core.workspace.change(message, {**body, "edited": {"user": BOT_USER, "ts": core.workspace.next_ts()}})
    return {
        "ok": True,
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": message.as_slack(),
    }


def delete(core: Core, args: Args) -> JSON:
    """chat.delete"""
    with core.workspace.lock:
        message = own_message(core, args.need("channel"), args.need("ts"), "cant_delete_message")
        core.workspace.remove(message)
    return {"ok": True, "channel": message.channel, "ts": message.ts}


def get_permalink(core: Core, args: Args) -> JSON:
    """chat.getPermalink"""
    channel = core.workspace.channel(args.need("channel"))
    ts = args.need("message_ts")
    if ts not in channel.messages:
        raise SlackError("message_not_found")
    thread = channel.messages[ts].thread
    suffix = f"?thread_ts={thread}&cid={channel.id}" if thread and thread != ts else ""
    return {
        "ok": True,
        "channel": channel.id,
        "permalink": f"{core.url}/archives/{channel.id}/p{ts.replace('.', '')}{suffix}",
    }


def schedule_message(core: Core, args: Args) -> JSON:
    """chat.scheduleMessage: kept, and posted when its time has come (see Scheduled)"""
    channel = may_write(core, args.need("channel"))
    body = message_body(core, args)
    at = args.number("post_at")
    if at <= core.workspace.clock():
        raise SlackError("time_in_past")
    ident = new_id("Q")
    core.schedule(ident, at, lambda: core.workspace.post(channel, by_bot(body)))
    return {"ok": True, "channel": channel.id, "scheduled_message_id": ident, "post_at": at, "message": body}


def delete_scheduled_message(core: Core, args: Args) -> JSON:
    """chat.deleteScheduledMessage"""
    if not core.unschedule(args.need("scheduled_message_id")):
        raise SlackError("invalid_scheduled_message_id")
    return {"ok": True}


def unfurl(core: Core, args: Args) -> JSON:
    """chat.unfurl: attach a preview to a link that somebody posted"""
    with core.workspace.lock:
        channel = core.workspace.channel(args.need("channel"))
        message = channel.messages.get(args.need("ts"))
        if message is None:
            raise SlackError("cannot_unfurl_message")
        unfurls: dict[str, JSON] = args.json("unfurls") or {}
        faults = [fault for one in unfurls.values() for fault in checking.faults_of(one)]
        refuse(faults, "cannot_unfurl_url")
        added = [{"from_url": url, "app_unfurl_url": url, "bot_id": BOT, **one} for url, one in unfurls.items()]
        core.workspace.change(message, {"attachments": [*message.body.get("attachments", ()), *added]})
    return {"ok": True}


def start_stream(core: Core, args: Args) -> JSON:
    """chat.startStream: a reply that grows"""
    answer = post_message(core, Args({**args, "text": args.text("markdown_text") or "…"}))
    return {"ok": True, "channel": answer["channel"], "ts": answer["ts"]}


def append_stream(core: Core, args: Args) -> JSON:
    """chat.appendStream"""
    with core.workspace.lock:
        message = own_message(core, args.need("channel"), args.need("ts"), "message_not_in_streaming_state")
        text = message.text.removesuffix("…") + args.text("markdown_text")
        core.workspace.change(message, {"text": text})
    return {"ok": True, "channel": message.channel, "ts": message.ts}


def stop_stream(core: Core, args: Args) -> JSON:
    """chat.stopStream"""
    answer = append_stream(core, args)
    if blocks := args.json("blocks"):
        with core.workspace.lock:
            message = own_message(core, args.need("channel"), args.need("ts"), "message_not_found")
            refuse(checking.faults_of({"blocks": blocks}))
            core.workspace.change(message, {"blocks": with_ids(blocks)})
    return answer


def add_reaction(core: Core, args: Args) -> JSON:
    """reactions.add"""
    return _react(core, args, add=True)


def remove_reaction(core: Core, args: Args) -> JSON:
    """reactions.remove"""
    return _react(core, args, add=False)


def _react(core: Core, args: Args, add: bool) -> JSON:
    with core.workspace.lock:
        message = core.workspace.channel(args.need("channel")).messages.get(args.need("timestamp"))
        if message is None:
            raise SlackError("message_not_found")
        toggle_reaction(core, message, args.need("name").strip(":"), BOT_USER, add)
    return {"ok": True}


def toggle_reaction(core: Core, message: Message, name: str, user: str, add: bool) -> None:
    """Add or take away one person's reaction. Raises already_reacted and no_reaction."""
    users = {r["name"]: list(r["users"]) for r in message.body.get("reactions", ())}
    if (user in users.get(name, ())) == add:
        raise SlackError("already_reacted" if add else "no_reaction")
    users[name] = [*users.get(name, ()), user] if add else [u for u in users[name] if u != user]
    rows = [{"name": n, "users": us, "count": len(us)} for n, us in users.items() if us]
    core.workspace.change(message, {"reactions": rows})


def may_write(core: Core, name: str) -> Channel:
    """The channel, if the app may post there."""
    channel = core.workspace.channel(name)
    if channel.archived:
        raise SlackError("is_archived")
    public = channel.kind == "public" and "chat:write.public" in core.scopes
    if BOT_USER not in channel.members and not public:
        raise SlackError("not_in_channel" if channel.kind == "public" else "channel_not_found")
    return channel


def own_message(core: Core, channel: str, ts: str, code: str) -> Message:
    message = core.workspace.channel(channel).messages.get(ts)
    if message is None or message.only_for:
        raise SlackError("message_not_found")
    if not message.from_bot:
        raise SlackError(code)
    return message


def message_body(core: Core, args: Args) -> JSON:
    """The content of a message after every check that Slack makes of it."""
    body: dict[str, Any] = {"text": args.text("text")}
    for key in ("blocks", "attachments", "metadata"):
        if key in args:
            body[key] = args.json(key)
    if (
        not body["text"]
        and not body.get("blocks")
        and not body.get("attachments")
        and not args.text("markdown_text")
    ):
        raise SlackError("no_text")
    if len(body["text"]) > TEXT_LIMIT:
        raise SlackError("msg_too_long")
    refuse(checking.faults_of(body, core.workspace.files))
    if body.get("blocks"):
        body["blocks"] = with_ids(body["blocks"])
    if markdown := args.text("markdown_text"):
        body |= {"text": markdown, "blocks": with_ids([{"type": "markdown", "text": markdown}])}
    return {**body, "app_id": APP, "team": TEAM}


def refuse(faults: list[str], code: str = "invalid_blocks") -> None:
    """Raise invalid_blocks with the reasons where Slack puts them."""
    if faults:
        raise SlackError(
            code, errors=faults, response_metadata={"messages": [f"[ERROR] {fault}" for fault in faults]}
        )

"""The Web API's methods about people, channels and the app itself."""

import secrets

from bot.playground.core import Core
from bot.playground.errors import SlackError
from bot.playground.people import APP, BOT, BOT_USER, TEAM, UserGroup
from bot.playground.state import JSON, Channel
from bot.playground.web_api.args import Args, page_of


def auth_test(core: Core, _args: Args) -> JSON:
    """auth.test"""
    who = {"user": "idp", "user_id": BOT_USER, "team": core.workspace.company.name, "team_id": TEAM, "bot_id": BOT}
    return {"ok": True, "url": f"{core.url}/", "is_enterprise_install": False, **who}


def bots_info(_core: Core, args: Args) -> JSON:
    """bots.info"""
    if args.text("bot") not in {"", BOT}:
        raise SlackError("bot_not_found")
    bot = {
        "id": BOT,
        "deleted": False,
        "name": "idp",
        "updated": 0,
        "app_id": APP,
        "user_id": BOT_USER,
        "icons": {},
    }
    return {"ok": True, "bot": bot}


def team_info(core: Core, _args: Args) -> JSON:
    """team.info"""
    return {"ok": True, "team": {"id": TEAM, "name": core.workspace.company.name, "domain": "local-simulation"}}


def open_connection(core: Core, _args: Args) -> JSON:
    """apps.connections.open: an address for one Socket Mode connection"""
    ticket = secrets.token_urlsafe(24)
    core.tickets.add(ticket)
    return {"ok": True, "url": f"{core.url.replace('http', 'ws', 1)}/socket?ticket={ticket}&app_id={APP}"}


def users_info(core: Core, args: Args) -> JSON:
    """users.info"""
    return {"ok": True, "user": _public(core, core.workspace.person(args.need("user")).as_slack())}


def users_list(core: Core, args: Args) -> JSON:
    """users.list"""
    return page_of([_public(core, p.as_slack()) for p in core.workspace.people.values()], args, "members")


def lookup_by_email(core: Core, args: Args) -> JSON:
    """users.lookupByEmail"""
    email = args.need("email").lower()
    for person in core.workspace.people.values():
        if person.email.lower() == email and person.kind not in {"deleted", "stranger"}:
            return {"ok": True, "user": _public(core, person.as_slack())}
    raise SlackError("users_not_found")


def _public(core: Core, user: JSON) -> JSON:
    """Without the scope for it, Slack leaves the e-mail address out."""
    if "users:read.email" not in core.scopes:
        user["profile"].pop("email", None)
    return user


def usergroups_list(core: Core, args: Args) -> JSON:
    """usergroups.list"""
    groups = [_group(core, g, args.flag("include_users")) for g in core.workspace.groups.values()]
    return {"ok": True, "usergroups": groups}


def usergroups_users_list(core: Core, args: Args) -> JSON:
    """usergroups.users.list"""
    group = core.workspace.groups.get(args.need("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"ok": True, "users": [core.workspace.person(name).id for name in group.people]}


def _group(core: Core, group: UserGroup, users: bool) -> JSON:
    row: JSON = {"id": group.id, "team_id": TEAM, "handle": group.handle, "name": group.name, "date_delete": 0}
    ids = [core.workspace.person(name).id for name in group.people]
    return {**row, "user_count": len(ids), **({"users": ids} if users else {})}


def conversations_info(core: Core, args: Args) -> JSON:
    """conversations.info"""
    return {"ok": True, "channel": channel_json(_visible(core, args.need("channel")))}


def conversations_list(core: Core, args: Args) -> JSON:
    """conversations.list"""
    kinds = {k.strip().removesuffix("_channel") for k in (args.text("types") or "public_channel").split(",")}
    channels = [c for c in core.workspace.channels.values() if c.kind in kinds and _sees(c)]
    if args.flag("exclude_archived"):
        channels = [c for c in channels if not c.archived]
    return page_of([channel_json(c) for c in channels], args, "channels")


def conversations_members(core: Core, args: Args) -> JSON:
    """conversations.members"""
    return page_of(sorted(_visible(core, args.need("channel")).members), args, "members")


def conversations_open(core: Core, args: Args) -> JSON:
    """conversations.open: the DM with one person"""
    names = [n for n in args.text("users").split(",") if n]
    if len(names) != 1:
        raise SlackError("users_list_not_supplied" if not names else "method_not_supported_for_channel_type")
    person = core.workspace.person(names[0])
    if person.kind in {"deleted", "bot"}:
        raise SlackError("user_disabled" if person.kind == "deleted" else "cannot_dm_bot")
    channel = core.workspace.direct(person.id)
    return {"ok": True, "channel": channel_json(channel) if args.flag("return_im") else {"id": channel.id}}


def conversations_join(core: Core, args: Args) -> JSON:
    """conversations.join"""
    with core.workspace.lock:
        channel = _visible(core, args.need("channel"))
        if channel.archived:
            raise SlackError("is_archived")
        channel.members.add(BOT_USER)
    return {"ok": True, "channel": channel_json(channel)}


def conversations_history(core: Core, args: Args) -> JSON:
    """conversations.history: newest first, without replies and ephemerals"""
    channel = _readable(core, args)
    rows = [m.as_slack() for m in channel.messages.values() if not m.only_for and m.thread in {"", m.ts}]
    answer = page_of(rows[::-1], args, "messages")
    return {**answer, "has_more": bool(answer["response_metadata"]["next_cursor"])}


def conversations_replies(core: Core, args: Args) -> JSON:
    """conversations.replies: a thread, oldest first"""
    channel = _readable(core, args)
    ts = args.need("ts")
    if ts not in channel.messages:
        raise SlackError("thread_not_found")
    root = channel.messages[ts].thread or ts
    rows = [m.as_slack() for m in channel.messages.values() if not m.only_for and root in {m.ts, m.thread}]
    answer = page_of(rows, args, "messages")
    return {**answer, "has_more": bool(answer["response_metadata"]["next_cursor"])}


def _readable(core: Core, args: Args) -> Channel:
    """A channel whose kind the token may read the history of."""
    channel = _visible(core, args.need("channel"))
    core.must_have(f"{_KINDS.get(channel.kind, 'channels')}:history")
    return _member_of(core, args)


_KINDS = {"im": "im", "private": "groups"}


def _member_of(core: Core, args: Args) -> Channel:
    channel = _visible(core, args.need("channel"))
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _sees(channel: Channel) -> bool:
    return channel.kind == "public" or BOT_USER in channel.members


def _visible(core: Core, name: str) -> Channel:
    channel = core.workspace.channel(name)
    if not _sees(channel):
        raise SlackError("channel_not_found")
    return channel


def channel_json(channel: Channel) -> JSON:
    """A conversation as Slack describes it."""
    if channel.kind == "im":
        user = next(iter(channel.members - {BOT_USER}))
        return {"id": channel.id, "is_im": True, "user": user, "is_archived": False, "is_org_shared": False}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_private": channel.kind == "private",
        "is_im": False,
        "is_mpim": False,
        "is_member": BOT_USER in channel.members,
        "is_archived": channel.archived,
        "is_general": channel.name == "general",
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_org_shared": False,
        "num_members": len(channel.members),
        "context_team_id": TEAM,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }

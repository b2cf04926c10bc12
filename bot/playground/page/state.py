"""What the page shows to the person whom one acts as."""

from collections.abc import Mapping
from dataclasses import asdict

from bot.playground.core import Core
from bot.playground.page.tour import Step, Tour
from bot.playground.people import BOT_USER, Person
from bot.playground.state import JSON, Channel, File, Message, Workspace

PAGE = 200


def snapshot(core: Core, tour: Tour, name: str) -> JSON:
    """Everything but the messages. Without a name, the first person."""
    with core.workspace.lock:
        me = core.workspace.person(name) if name else core.workspace.company.people[0]
        core.workspace.direct(me.id)
        modal, home = core.modals.top(me.id), core.modals.homes.get(me.id)
        return {
            "seq": core.workspace.seq,
            "me": me.id,
            "bot": BOT_USER,
            "workspace": core.workspace.company.name,
            "people": [_person(p) for p in core.workspace.people.values()],
            "actors": [p.id for p in core.workspace.company.people if p.kind not in {"bot", "deleted"}],
            "groups": [{"id": g.id, "handle": g.handle} for g in core.workspace.groups.values()],
            "channels": [_channel(c) for c in core.workspace.channels.values() if _may_see(me, c)],
            "modal": {**modal.as_slack(), "depth": len(core.modals.stacks[me.id])} if modal else None,
            "home": home.as_slack() if home else None,
            "assistant": core.prompts,
            "traffic": [e.as_json() for e in core.traffic.all()[-PAGE:]],
            "tour": _tour(core.workspace, tour),
            "shortcuts": [asdict(shortcut) for shortcut in tour.shortcuts],
        }


def _tour(workspace: Workspace, tour: Tour) -> JSON:
    steps = [_step(workspace, step) for step in tour.steps]
    return {"command": tour.command, "verbs": list(tour.verbs), "names": list(tour.names), "steps": steps}


def _step(workspace: Workspace, step: Step) -> JSON:
    """With the channel's name: whoever reads the tour need not see the channel."""
    who = workspace.person(step.user)
    channel = workspace.channel(step.channel, who.id)
    place = "a message to idp" if channel.kind == "im" else f"#{channel.name}"
    row = {"title": step.title, "text": step.text, "why": step.why}
    return {**row, "user": who.id, "channel": channel.id, "place": place}


def _person(person: Person) -> JSON:
    row = {"id": person.id, "name": person.name, "real_name": person.real_name}
    return {**row, "role": person.role, "kind": person.kind}


def _may_see(person: Person, channel: Channel) -> bool:
    if person.kind in {"guest", "single-channel-guest", "stranger"} or channel.kind != "public":
        return person.id in channel.members
    return True


def may_open(workspace: Workspace, person: Person, file: File) -> bool:
    """Whether it is the person's own file, or is shared or shown where they read; else it does not exist."""
    shown = (workspace.channels[id] for id in file.channels)
    return file.user == person.id or file.in_view or any(_may_see(person, channel) for channel in shown)


def _channel(channel: Channel) -> JSON:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "topic": channel.topic,
        "shared": channel.shared,
        "archived": channel.archived,
        "members": len(channel.members),
        "app": BOT_USER in channel.members,
    }


def messages(workspace: Workspace, query: Mapping[str, str]) -> JSON:
    """Up to 200 messages of a channel before a time stamp, or of a thread; oldest first."""
    with workspace.lock:
        me = workspace.person(query.get("as", ""))
        channel = workspace.channel(query.get("channel", ""), me.id)
        if not _may_see(me, channel):
            return {"messages": [], "more": False}
        seen = [m for m in channel.messages.values() if m.only_for in {"", me.id}]
        wanted = _chosen(seen, query)
        return {"messages": [m.as_shown() for m in wanted[-PAGE:]], "more": len(wanted) > PAGE}


def _chosen(seen: list[Message], query: Mapping[str, str]) -> list[Message]:
    if thread := query.get("thread"):
        return [m for m in seen if thread in {m.ts, m.thread}]
    before = query.get("before") or "9"
    return [m for m in seen if m.ts < before and shown_in_channel(m)]


def shown_in_channel(message: Message) -> bool:
    """Replies stay in their thread unless they are broadcast."""
    return message.thread in {"", message.ts} or message.body.get("subtype") == "thread_broadcast"

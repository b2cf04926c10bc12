"""What the simulated workspace knows: channels, messages, files, and the feed of what changed."""

import re
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.playground.errors import SlackError
from bot.playground.people import APP, BOT, BOT_USER, TEAM, Company, Person, Place, UserGroup

JSON = dict[str, Any]


@dataclass(slots=True)
class Message:
    """One message as Slack's own JSON in `body`.

    `only_for` is the user id of an ephemeral's only reader, `asked` the command that it answers, for the page.
    """

    channel: str
    ts: str
    body: JSON
    only_for: str = ""
    asked: str = ""

    @property
    def text(self) -> str:
        return str(self.body.get("text", ""))

    @property
    def blocks(self) -> list[JSON]:
        return list(self.body.get("blocks") or ())

    @property
    def thread(self) -> str:
        return str(self.body.get("thread_ts", ""))

    @property
    def from_bot(self) -> bool:
        return self.body.get("user") == BOT_USER

    def as_slack(self) -> JSON:
        return {**self.body, "ts": self.ts}

    def as_shown(self) -> JSON:
        """What the page gets."""
        return {**self.as_slack(), "asked": self.asked}


@dataclass(slots=True)
class Channel:
    """A channel or, with `kind` "im", the direct messages of one person with the app."""

    id: str
    name: str
    kind: str = "public"
    members: set[str] = field(default_factory=set)
    archived: bool = False
    shared: bool = False
    topic: str = ""
    messages: dict[str, Message] = field(default_factory=dict)


@dataclass(slots=True)
class File:
    """An upload; `data` is empty until the second step of it is done."""

    id: str
    name: str
    title: str = ""
    alt: str = ""
    length: int = 0
    data: bytes | None = None
    user: str = BOT_USER
    channels: set[str] = field(default_factory=set)  # where it is shared, or shown by a message
    in_view: bool = False  # shown by a modal or a Home


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened; `user` names its only witness, "" means everybody may see it."""

    seq: int
    kind: str
    user: str
    data: JSON


class Workspace:
    """Plain, synchronous and thread-safe: every public method may be called from any thread.

    `clock` gives seconds since the epoch, so that tests can let trigger and response URLs expire.
    """

    def __init__(self, company: Company, clock: Callable[[], float] = time.time) -> None:
        self.company = company
        self.clock = clock
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.people: dict[str, Person] = {}
        self.groups: dict[str, UserGroup] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.feed: deque[Change] = deque(maxlen=5000)
        self._last_ts = 0
        self._seq = 0
        self.reset()

    def reset(self) -> None:
        """Everything as it was at the start."""
        with self.lock:
            bot = Person(BOT_USER, "idp", "idp", role="Internal developer platform", kind="bot")
            self.people = {person.id: person for person in (*self.company.people, bot)}
            self.groups = {group.id: group for group in self.company.groups}
            self.channels = {place.id: self._channel(place) for place in self.company.places}
            self.files = {}
            self.tell("reset", "", {})

    def _channel(self, place: Place) -> Channel:
        members = {person.id for person in self._named(place.people)}
        if place.bot:
            members.add(BOT_USER)
        kind = "private" if place.private else "public"
        return Channel(place.id, place.name, kind, members, place.archived, place.shared, place.topic)

    def _named(self, names: Iterable[str]) -> Iterator[Person]:
        for name in names:
            if name == "*":
                yield from (p for p in self.company.people if p.kind in {"member", "admin"})
            else:
                yield self.person(name)

    def person(self, name: str) -> Person:
        """By id or by handle. Raises SlackError user_not_found."""
        with self.lock:
            if found := self.people.get(name):
                return found
            for person in self.people.values():
                if person.name == name:
                    return person
        raise SlackError("user_not_found")

    def channel(self, name: str, user: str = "") -> Channel:
        """By id, by name with or without #, a user id (their DM), or "dm" (that of `user`).

        Raises channel_not_found.
        """
        with self.lock:
            if found := self.channels.get(name):
                return found
            if name in self.people or (name == "dm" and user):
                return self.direct(self.person(user if name == "dm" else name).id)
            for channel in self.channels.values():
                if channel.name == name.removeprefix("#") and channel.kind != "im":
                    return channel
        raise SlackError("channel_not_found")

    def direct(self, user: str) -> Channel:
        """The DM of a person with the app, made when it is first needed."""
        with self.lock:
            ident = "D0" + user[2:]
            if ident not in self.channels:
                self.channels[ident] = Channel(ident, self.people[user].name, "im", {user, BOT_USER})
            return self.channels[ident]

    def next_ts(self) -> str:
        """A time stamp that no other message has: seconds with six digits of a second."""
        with self.lock:
            self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def post(self, channel: Channel, body: JSON, only_for: str = "", asked: str = "") -> Message:
        """Add a message and tell everybody who may see it."""
        with self.lock:
            ts = self.next_ts()
            message = Message(channel.id, ts, {"type": "message", "team": TEAM, **body}, only_for, asked)
            channel.messages[ts] = message
            self._show_files(message)
            self._count_reply(channel, message)
            self.tell("message", only_for, {"channel": channel.id, "message": message.as_shown()})
            return message

    def _count_reply(self, channel: Channel, message: Message) -> None:
        root = channel.messages.get(message.thread)
        if root is None or root is message or message.only_for:
            return
        users = list(dict.fromkeys([*root.body.get("reply_users", ()), message.body.get("user", "")]))
        count = int(root.body.get("reply_count", 0)) + 1
        root.body |= {"thread_ts": root.ts, "reply_count": count, "latest_reply": message.ts, "reply_users": users}
        self.tell("changed", root.only_for, {"channel": channel.id, "message": root.as_shown()})

    def _show_files(self, message: Message) -> None:
        """Whoever may read the message may open the files that it shows; a link to a file shows nothing."""
        for ident in shown_files([message.body.get("files"), message.blocks, message.body.get("attachments")]):
            if file := self.files.get(ident):
                file.channels.add(message.channel)

    def change(self, message: Message, body: JSON) -> None:
        """Replace parts of a message."""
        with self.lock:
            message.body |= body
            self._show_files(message)
            self.tell("changed", message.only_for, {"channel": message.channel, "message": message.as_shown()})

    def remove(self, message: Message) -> None:
        """Delete a message."""
        with self.lock:
            self.channels[message.channel].messages.pop(message.ts, None)
            self.tell("deleted", message.only_for, {"channel": message.channel, "ts": message.ts})

    def tell(self, kind: str, user: str, data: JSON) -> None:
        """Append to the feed and wake whoever waits for it."""
        with self.changed:
            self._seq += 1
            self.feed.append(Change(self._seq, kind, user, data))
            self.changed.notify_all()

    @property
    def seq(self) -> int:
        return self._seq

    def encode(self, typed: str) -> str:
        """What Slack makes of typed text: & < > escaped, @name and #channel turned into mentions.

        Mentions that are encoded already stay as they are.
        """
        with self.lock:
            handles = {p.name: f"<@{p.id}>" for p in self.people.values()}
            handles |= {g.handle: f"<!subteam^{g.id}>" for g in self.groups.values()}
            rooms = {c.name: f"<#{c.id}|{c.name}>" for c in self.channels.values() if c.kind != "im"}
        parts = re.split(r"(<(?:@[UW]|#C|!subteam\^)[^<>\s]*>)", typed)
        return "".join(
            p if p.startswith("<") and i % 2 else _typed(p, handles, rooms) for i, p in enumerate(parts)
        )


def _typed(text: str, handles: dict[str, str], rooms: dict[str, str]) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"(?<![\w/])@([a-z0-9._-]*[a-z0-9])", lambda m: handles.get(m[1], m[0]), text)
    return re.sub(r"(?<![\w/&])#([\w-]+)", lambda m: rooms.get(m[1], m[0]), text)


def shown_files(content: Any) -> Iterator[str]:
    """The ids of the files that are attached to a message, or that pictures in its blocks show."""
    if isinstance(content, dict):
        if "url_private" in content:
            yield str(content["id"])
        yield from (str(value.get("id")) for key, value in content.items() if key == "slack_file")
        yield from shown_files(list(content.values()))
    elif isinstance(content, list):
        for part in content:
            yield from shown_files(part)


def new_id(prefix: str) -> str:
    """An id in the form of Slack's own, such as F0A1B2C3D4E."""
    return prefix + "0" + secrets.token_hex(4).upper()


def by_bot(body: JSON) -> JSON:
    """A message body as the app's own."""
    return {"user": BOT_USER, "bot_id": BOT, "app_id": APP, **body}

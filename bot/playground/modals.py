"""Views: the stack of modals that each person sees, the app's Home, and the triggers that open them."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.playground.errors import SlackError
from bot.playground.people import APP, BOT, TEAM
from bot.playground.state import JSON, Workspace, new_id

STACK = 3


@dataclass(slots=True)
class View:
    """A modal or a Home as Slack describes it in `body`; `inputs` is its state: block id -> action id -> value."""

    id: str
    user: str
    body: JSON
    root: str = ""
    previous: str = ""
    hash: str = ""
    inputs: dict[str, dict[str, JSON]] = field(default_factory=dict)

    def as_slack(self) -> JSON:
        return {
            **self.body,
            "id": self.id,
            "team_id": TEAM,
            "state": {"values": self.inputs},
            "hash": self.hash,
            "root_view_id": self.root or self.id,
            "previous_view_id": self.previous or None,
            "app_id": APP,
            "app_installed_team_id": TEAM,
            "bot_id": BOT,
        }


@dataclass(slots=True)
class Trigger:
    """Leave to open one modal, for as long as Slack is patient."""

    user: str
    born: float
    view: str = ""
    used: bool = False


class Modals:
    """The views of a workspace. `patience` are the seconds that a trigger lasts."""

    def __init__(self, workspace: Workspace, patience: float) -> None:
        self.workspace, self.patience = workspace, patience
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}

    def reset(self) -> None:
        self.stacks, self.homes, self.triggers = {}, {}, {}

    def trigger(self, user: str, view: str = "") -> str:
        """A new trigger id for something that this person just did."""
        ident = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        with self.workspace.lock:
            self.triggers[ident] = Trigger(user, self.workspace.clock(), view)
        return ident

    def exchange(self, ident: str) -> Trigger:
        """Use a trigger up. Raises SlackError with Slack's code when it is unknown, used or too old."""
        trigger = self.triggers.get(ident)
        if trigger is None:
            raise SlackError("invalid_trigger_id" if ident else "invalid_arguments")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.workspace.clock() - trigger.born > self.patience:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def open(self, trigger_id: str, view: JSON) -> View:
        """A new modal in place of whatever the person had open."""
        with self.workspace.lock:
            trigger = self.exchange(trigger_id)
            self._unique(view)
            self.stacks[trigger.user] = []
            return self._add(trigger.user, view)

    def push(self, trigger_id: str, view: JSON) -> View:
        """A modal on top of the one in which the person just acted; at most three."""
        with self.workspace.lock:
            trigger = self.exchange(trigger_id)
            if not self.stacks.get(trigger.user):
                raise SlackError("not_found")
            self._unique(view)
            return self.push_for(trigger.user, view)

    def push_for(self, user: str, view: JSON) -> View:
        with self.workspace.lock:
            if len(self.stacks.get(user, ())) >= STACK:
                raise SlackError("push_limit_reached")
            return self._add(user, view)

    def _unique(self, view: JSON) -> None:
        external = view.get("external_id")
        if external and any(v.body.get("external_id") == external for v in self._all()):
            raise SlackError("duplicate_external_id")

    def _add(self, user: str, body: JSON) -> View:
        stack = self.stacks.setdefault(user, [])
        view = View(new_id("V"), user, complete(body))
        view.root = stack[0].id if stack else view.id
        view.previous = stack[-1].id if stack else ""
        stack.append(view)
        self._changed(view)
        return view

    def update(self, ident: str, external: str, body: JSON, hash_: str = "") -> View:
        """Replace a view's content; values of inputs that keep their block id and action id stay."""
        with self.workspace.lock:
            view = self.find(ident, external)
            if hash_ and hash_ != view.hash:
                raise SlackError("hash_conflict")
            view.body = complete({"external_id": view.body.get("external_id", ""), **body})
            self._changed(view)
            return view

    def publish(self, user: str, body: JSON, hash_: str = "") -> View:
        """Set a person's Home."""
        with self.workspace.lock:
            self.workspace.person(user)
            view = self.homes.get(user)
            if hash_ and view is not None and hash_ != view.hash:
                raise SlackError("hash_conflict")
            view = view or View(new_id("V"), user, {})
            view.body = complete(body)
            self.homes[user] = view
            self._changed(view)
            return view

    def find(self, ident: str, external: str = "") -> View:
        for view in self._all():
            if view.id == ident or (external and view.body.get("external_id") == external):
                return view
        raise SlackError("not_found")  # the word of Slack's reference for views.update; it has no view_not_found

    def _all(self) -> list[View]:
        return [v for stack in self.stacks.values() for v in stack] + list(self.homes.values())

    def top(self, user: str) -> View | None:
        with self.workspace.lock:
            stack = self.stacks.get(user)
            return stack[-1] if stack else None

    def close(self, view: View, every: bool = False) -> list[View]:
        """Take a modal (or the whole stack) away; returns what was taken."""
        with self.workspace.lock:
            stack = self.stacks.get(view.user, [])
            gone = list(reversed(stack)) if every else [v for v in stack if v is view]
            self.stacks[view.user] = [v for v in stack if v not in gone]
            self.workspace.tell("modal", view.user, {"view": self._shown(view.user)})
            return gone

    def _changed(self, view: View) -> None:
        view.hash = f"{self.workspace.next_ts()}.{secrets.token_hex(4)}"
        if view.body.get("type") == "home":
            self.workspace.tell("home", view.user, {"view": view.as_slack()})
        else:
            self.workspace.tell("modal", view.user, {"view": self._shown(view.user)})

    def _shown(self, user: str) -> JSON | None:
        top = self.top(user)
        return {**top.as_slack(), "depth": len(self.stacks[user])} if top else None


def complete(body: JSON) -> JSON:
    """A view with every field that Slack fills in: block ids, action ids and the empty strings."""
    defaults = {"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": False}
    view: dict[str, Any] = {**defaults, "notify_on_close": False, **body}
    view["blocks"] = with_ids(view.get("blocks") or [])
    return view


def with_ids(blocks: list[JSON]) -> list[JSON]:
    """Blocks with a block id each, and an action id for each interactive element that has none."""
    filled = []
    for given in blocks:
        block = {"block_id": secrets.token_urlsafe(4), **given}
        for key in ("element", "accessory"):
            if isinstance(block.get(key), dict) and block[key].get("type") != "image":
                block[key] = {"action_id": secrets.token_urlsafe(4), **block[key]}
        if block.get("type") in {"actions", "context_actions"}:
            block["elements"] = [{"action_id": secrets.token_urlsafe(4), **e} for e in block["elements"]]
        filled.append(block)
    return filled

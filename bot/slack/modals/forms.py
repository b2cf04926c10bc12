"""Modals from their opening to what they were sent for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bot.slack.deeds.carrying_out import Deeds, action_named
from bot.slack.drawing.views import Block
from bot.slack.modals import modal
from bot.slack.modals.modal import PAGE, REASON, View
from bot.slack.modals.modal_answers import faulty, refused
from bot.slack.modals.modal_fields import ACTION, Filling
from bot.slack.modals.preview import preview_view
from bot.slack.modals.wizard import Wizard
from bot.slack.outgoing.chat import Chat
from bot.slack.who.identity import Identities
from commands.parts.acts import OpenForm
from data.catalog.snapshot import Snapshot
from data.errors import Conflict, NotAllowed, UserError
from workflows.action import Action, Form, FormFaults
from workflows.eligibility import why_not
from workflows.requests.request import Actor

Body = dict[str, Any]

WHY = {
    "deny": ("Deny", "Why? The requester will read it.", "Deny"),
    "review": ("Close the review", "What was done, and is it in order?", "Close it"),
}


@dataclass(frozen=True, slots=True)
class Forms:
    """Opens, redraws and takes modals. What one says of itself is never believed, only what the person wrote."""

    deeds: Deeds
    identities: Identities
    chat: Chat
    wizard: Wizard

    def open(self, body: Body, wanted: OpenForm) -> None:
        """Open the form of an action, with what is known filled in."""
        actor = self.identities.looker(_account(body))
        self._open(body, actor, action_named(wanted.action), dict(wanted.values), wanted.reason)

    def open_kept(self, body: Body, actor: Actor, value: str) -> None:
        """The same, from a button that carries what was typed."""
        try:
            kept = orjson.loads(value)
            action, values, reason = kept["action"], dict(kept["values"]), str(kept["reason"])
        except (ValueError, KeyError, TypeError):
            raise Conflict("This button is too old.", "Ask again.") from None
        self._open(body, actor, action_named(action), values, reason)

    def ask_why(self, body: Body, deed: str, value: str) -> None:
        """Open the modal that asks for the reason of a deed."""
        title, label, submit = WHY[deed]
        self.chat.open_view(body["trigger_id"], modal.reason_view(deed, title, label, submit, {"about": value}))

    def redraw(self, body: Body) -> None:
        """Draw a form anew after a field changed on which others depend; what is filled in stays."""
        view = body["view"]
        action = action_named(modal.unpack(view).get("action"))
        actor = self.identities.looker(_account(body))
        if action.paged:
            self.wizard.redraw(body, actor)
            return
        values, reason = self._read(view, actor, action)
        filling = self._filling(actor, action, values)
        new = modal.form_view(filling, action, reason, str(modal.unpack(view).get("key") or ""))
        self.chat.update_view(view["id"], view.get("hash"), new)

    def back(self, body: Body) -> None:
        """The page before, in a form of several."""
        self.wizard.back(body, self.identities.looker(_account(body)))

    def submitted(self, body: Body) -> Body:
        """What Slack is to do with a form that was filled in: it is shown what would happen."""
        view = body["view"]
        try:
            actor = self.identities.looker(_account(body))
            if view.get("callback_id") == PAGE:
                return self.wizard.submitted(view, actor)
            return self._next(view, modal.unpack(view), actor)
        except FormFaults as faults:
            return faulty(view, faults.faults)
        except UserError as error:
            return refused(view, error)

    def suggestions(self, body: Body) -> list[Block]:
        """Choices while somebody types into a field."""
        self.identities.looker(_account(body))
        action = action_named(modal.unpack(body.get("view") or {}).get("action"))
        name = str(body.get("action_id", "")).removeprefix(f"{ACTION}:")
        return modal.suggest(self._snapshot(), action, name, str(body.get("value") or "")[:200])

    def _next(self, view: View, kept: Mapping[str, Any], actor: Actor) -> Body:
        """The form is filled in: show what would happen."""
        action = action_named(kept.get("action"))
        values, reason = self._read(view, actor, action)
        modal.check_menus(self._filling(actor, action, values))
        reason = reason.strip() or action.reason
        if not reason:
            raise FormFaults({REASON: "Say why; approvers and the audit need it."})
        asked = {"action": action.name, "values": values, "reason": reason}
        preview = self.deeds.preview(asked, actor)
        key = str(kept.get("key") or "") or f"view:{view.get('root_view_id') or view.get('id')}"
        return {"response_action": "push", "view": preview_view(preview, self._snapshot(), values, reason, key)}

    def _open(self, body: Body, actor: Actor, action: Action, values: dict[str, Any], reason: str) -> None:
        refused = why_not(self.deeds.idp, self._snapshot(), action, actor.person)
        if refused:
            raise NotAllowed(f"{action.title} is not for you. {refused}", "/idp actions lists what is.")
        if action.paged:
            self.wizard.open(body, actor, action, values, reason)
            return
        fields = action.form_for(self.deeds.idp, self._snapshot(), actor.person, values).model_fields
        known = {name: value for name, value in values.items() if name in fields}
        filling = self._filling(actor, action, known)
        self.chat.open_view(body["trigger_id"], modal.form_view(filling, action, reason))

    def _read(self, view: View, actor: Actor, action: Action) -> tuple[dict[str, Any], str]:
        def form_for(values: Mapping[str, Any]) -> type[Form]:
            return action.form_for(self.deeds.idp, self._snapshot(), actor.person, values)

        return modal.read_form(view, form_for, self._colleague)

    def _filling(self, actor: Actor, action: Action, values: Mapping[str, Any]) -> Filling:
        form = action.form_for(self.deeds.idp, self._snapshot(), actor.person, values)
        defaults = {
            name: info.default
            for name, info in form.model_fields.items()
            if not info.is_required() and info.default not in (None, "")
        }
        known = {**defaults, **values}
        people = [str(v) for v in known.values() if str(v).startswith("user:")]
        accounts = {person: account for person in people if (account := self.identities.account(person))}
        return Filling(self.deeds.idp, self._snapshot(), actor.person, form, known, accounts)

    def _colleague(self, account: str) -> str:
        return self.identities.looker(account).person

    def _snapshot(self) -> Snapshot:
        return self.deeds.idp.catalog.snapshot


def _account(body: Body) -> str:
    user = body.get("user")
    return str(user["id"] if isinstance(user, dict) else body["user_id"])

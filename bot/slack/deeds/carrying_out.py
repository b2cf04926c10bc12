"""What people do by pressing and typing: each deed is one call into the workflows, in the name of who did it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from bot.slack.deeds import checks, digests
from bot.slack.deeds.workspaces import WORKSPACE_PRESSES, WorkspacePress
from commands.parts.acts import Act
from commands.parts.reply import Md, Reply, md
from commands.parts.texts.refs import moment, person_name
from data.durations import say_duration
from data.errors import Conflict, Invalid, NotFound
from data.idp import Idp
from data.store import drafts
from data.store.drafts import FormDraft
from data.store.grants import Grant
from data.store.requests import Request
from workflows.access import extending
from workflows.action import Action, actions
from workflows.requests import request
from workflows.requests.request import Actor, Preview


@dataclass(frozen=True, slots=True)
class About:
    """What stands in a button: a number, and what is agreed to or how long. Nothing in it is an authority."""

    id: int
    rest: str = ""


def about(value: str) -> About:
    """Read a button. Raises Conflict for what no card of ours carries."""
    id, _, rest = value.partition(" ")
    if not (id.isascii() and id.isdigit() and len(id) < 12):
        raise Conflict("This button is too old.", "Look for the newest card.")
    return About(int(id), rest)


def action_named(name: object) -> Action:
    """The action that a form asks for. Raises NotFound."""
    found = actions().get(str(name))
    if found is None:
        raise NotFound("There is no such action any more.")
    return found


@dataclass(frozen=True, slots=True)
class Deeds:
    """Carries out. Every method raises UserError with its sentence; what is returned is the answer."""

    idp: Idp

    def press(self, deed: str, value: str, actor: Actor) -> Reply:
        """A button on a card."""
        if deed in digests.PRESSES:
            at = about(value)
            return digests.PRESSES[deed](self.idp, at.id, at.rest, actor)
        found = PRESSES.get(deed)
        if found is None:
            raise Conflict("This button is too old.", "Look for the newest card.")
        return found(self, about(value), actor)

    def act(self, act: Act, actor: Actor) -> Reply:
        """What a command asked for."""
        if act.verb == "digest":
            return digests.act(self.idp, act, actor)
        if act.verb == "delegate":
            return self._delegate(act, actor)
        if act.verb == "undelegate":
            request.end_delegation(self.idp, actor)
            return Reply(Md("Nobody approves in your place any more."))
        if act.check:
            return PRESSES[act.verb](
                self, About(act.request, " ".join(filter(None, (act.check, act.until)))), actor
            )
        rest = str(act.seconds) if act.seconds else " ".join(act.words)
        return PRESSES[act.verb](self, About(act.request, rest), actor)

    def send(self, kept: Mapping[str, Any], actor: Actor) -> Reply:
        """Make the request that a preview showed; a form of several pages stands in its draft."""
        if "draft" in kept:
            draft = self.draft(kept, actor)
            if kept.get("seen") != draft.digest:  # a preview that came late, or another window
                raise Conflict("What is filled in has changed since this preview.", "Go back and look again.")
            kept = {"action": draft.action, "values": dict(draft.given), "reason": draft.reason}
            kept |= {"key": f"draft:{draft.id}", "dry_run": draft.dry_run}
        if kept.get("dry_run"):
            raise Conflict("This was a dry run: nothing is made.")
        action = action_named(kept.get("action"))
        values, reason, key = kept.get("values"), str(kept.get("reason") or ""), str(kept.get("key") or "")
        if not isinstance(values, dict):
            raise Conflict("This form is too old.", "Open it again.")
        made = request.submit(self.idp, action, actor, values, reason=reason, key=key)
        return Reply(_sent(made))

    def draft(self, kept: Mapping[str, Any], actor: Actor) -> FormDraft:
        """What this person has filled into the form of several pages that a modal belongs to. Raises Conflict."""
        with self.idp.database.reading() as store:
            found = drafts.load(store, str(kept.get("draft") or ""))
        if found is None or found.person != actor.person:
            raise Conflict("This form is too old.", "Open it again.")
        return found

    def send_pressed(self, value: str, key: str, actor: Actor) -> Reply:
        """The same, from the button below an answer; `key` is the message, so that two presses are one request."""
        try:
            kept = orjson.loads(value)
        except ValueError:
            raise Conflict("This button is too old.", "Ask again.") from None
        return self.send({**kept, "key": key} if isinstance(kept, dict) else {}, actor)

    def preview(self, kept: Mapping[str, Any], actor: Actor) -> Preview:
        """What would happen; a refusal of the policy is raised."""
        values = kept.get("values")
        made = request.preview(
            self.idp, action_named(kept.get("action")), actor, values if isinstance(values, dict) else {}
        )
        if made.decision.effect == "refuse":
            raise Invalid(made.decision.reason)
        return made

    def deny(self, value: str, note: str, actor: Actor) -> Reply:
        """Deny, with the reason that the modal asked for."""
        at = about(value)
        denied = request.decide(self.idp, at.id, actor, False, note=note, fingerprint=at.rest)
        return Reply(md("Request #{} is denied.", denied.id))

    def review(self, value: str, note: str, actor: Actor) -> Reply:
        """Close the review of a break-glass."""
        from workflows.access.reviewing import close_review

        grant = close_review(self.idp, about(value).id, actor, note)
        return Reply(md("The review of #{} is closed.", grant.id))

    def approve(self, at: About, actor: Actor) -> Reply:
        made = request.decide(self.idp, at.id, actor, True, fingerprint=at.rest)
        if made.state == "pending":
            return Reply(md("Your approval of #{} counts; another one is needed.", made.id))
        return Reply(md("Request #{} is approved.", made.id))

    def look(self, at: About, actor: Actor) -> Reply:
        return Reply(md("The others see that you are looking at #{}.", request.look(self.idp, at.id, actor).id))

    def cancel(self, at: About, actor: Actor) -> Reply:
        return Reply(md("Request #{} is cancelled.", request.cancel(self.idp, at.id, actor).id))

    def retry(self, at: About, actor: Actor) -> Reply:
        return Reply(md("#{} runs again from the step that failed.", request.retry(self.idp, at.id, actor).id))

    def undo(self, at: About, actor: Actor) -> Reply:
        return Reply(md("What #{} has made is being taken away.", request.undo(self.idp, at.id, actor).id))

    def handover(self, at: About, actor: Actor) -> Reply:
        return Reply(md("#{} is handed over to the platform team.", request.hand_over(self.idp, at.id, actor).id))

    def go_on(self, at: About, actor: Actor) -> Reply:
        return Reply(md("#{} goes on.", request.go_on(self.idp, at.id, actor, at.rest).id))

    def stop_here(self, at: About, actor: Actor) -> Reply:
        stopped = request.go_on(self.idp, at.id, actor, at.rest, stop=True)
        return Reply(md("#{} stops here; what is there stays.", stopped.id))

    def done(self, at: About, actor: Actor) -> Reply:
        grant = extending.finish(self.idp, at.id, actor)
        return Reply(md("Thank you. Your access #{} is being taken away now.", grant.id))

    def extend(self, at: About, actor: Actor) -> Reply:
        if not at.rest.isdigit():
            raise Invalid("Say by how long, such as: extend 12 1h.")
        grant: Grant = extending.extend(self.idp, at.id, actor, int(at.rest))
        return Reply(
            md(
                "Your access #{} now ends {} ({} longer).",
                grant.id,
                moment(grant.due_at),
                say_duration(int(at.rest)),
            )
        )

    def _delegate(self, act: Act, actor: Actor) -> Reply:
        until = datetime.fromisoformat(act.until)
        request.delegate(self.idp, actor, act.person, until)
        who = person_name(self.idp.catalog.snapshot, act.person)
        return Reply(md("{} may approve in your place until {}.", who, moment(until)))


Press = Callable[[Deeds, About, Actor], Reply]


def _on_workspace(press: WorkspacePress) -> Press:
    return lambda deeds, at, actor: press(deeds.idp, at.id, at.rest, actor)


PRESSES: Mapping[str, Press] = {
    "approve": Deeds.approve,
    "look": Deeds.look,
    "cancel": Deeds.cancel,
    "retry": Deeds.retry,
    "undo": Deeds.undo,
    "handover": Deeds.handover,
    "goon": Deeds.go_on,
    "stophere": Deeds.stop_here,
    "done": Deeds.done,
    "extend": Deeds.extend,
    "claim": lambda deeds, at, actor: checks.claim(deeds.idp, at.rest, actor),
    "unclaim": lambda deeds, at, actor: checks.unclaim(deeds.idp, at.rest, actor),
    "snooze": lambda deeds, at, actor: checks.snooze(deeds.idp, at.rest, actor),
    "unexempt": lambda deeds, at, actor: checks.end_exemption(deeds.idp, at.id, actor),
    **{name: _on_workspace(press) for name, press in WORKSPACE_PRESSES.items()},
}


def _sent(made: Request) -> Md:
    if made.state == "pending":
        return md("Request #{} is sent; I tell you here when it is decided. {}", made.id, made.verdict)
    if made.state in {"approved", "running", "done"}:
        return md("Request #{} is on its way: {}", made.id, made.verdict)
    return md("Request #{} is {}.", made.id, made.state)

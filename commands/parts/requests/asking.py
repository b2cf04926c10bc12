"""Access in words: asked for, looked at, made longer, given back; what the verbs around it share."""

from collections.abc import Sequence
from typing import Any

from commands.parts.acts import Act, OpenForm
from commands.parts.ask import Ask
from commands.parts.reply import Button, Buttons, Md, Note, Part, Reply, Rows, Section, md
from commands.parts.requests.previews import form_button, packed, preview_parts
from commands.parts.texts.refs import label, moment
from commands.parts.typed.me import myself
from commands.parts.typed.naming import the_entity
from commands.parts.typed.numbers import duration_in, the_colleague, the_number
from data.durations import say_duration
from data.errors import Invalid
from data.store import grants
from data.store.grants import Grant
from workflows.access.prod_access import BREAK_GLASS, POLICY, PROD_ACCESS
from workflows.action import actions
from workflows.requests.request import Actor, preview

FILLERS = frozenset({"to", "for", "in", "on", "the"})
WHY = frozenset({"because", "reason:", "-", ":"})


def asked_for(ask: Ask, action: str, words: Sequence[str]) -> Reply:
    """The preview when everything is said, else the form."""
    values, rest = _read(ask, words, lengths=action == PROD_ACCESS.name)
    reason = " ".join(rest)
    if "for" in ask.flags and action == PROD_ACCESS.name:
        values["person"] = the_colleague(ask, ask.flags["for"])
    form = OpenForm(action, values, reason)
    complete = reason and set(values) >= ({"target", "duration"} if action == PROD_ACCESS.name else {"target"})
    return previewed(ask, form) if complete else as_form(form)


def _read(ask: Ask, words: Sequence[str], lengths: bool) -> tuple[dict[str, Any], list[str]]:
    """Target, environment and duration in any order after the target; the rest is the reason.

    Raises Invalid for a word that stands where an environment does and is none.
    """
    values: dict[str, Any] = {}
    rest = list(words)
    if rest:
        values["target"] = the_entity(ask, words=rest.pop(0)).ref
    policy = ask.idp.policies.get(POLICY)
    environments = policy.environments if policy else ("prod",)
    while rest:
        word = rest[0].lower()
        if word in environments and "environment" not in values:
            values["environment"] = word
        elif lengths and "duration" not in values and duration_in(word):
            values["duration"] = say_duration(duration_in(word))
        elif word not in FILLERS or "duration" in values:
            if lengths and not values.keys() & {"environment", "duration"} and duration_in("".join(rest[1:2])):
                raise Invalid(f"There is no environment {rest[0]}.", f"There are: {', '.join(environments)}.")
            break
        rest.pop(0)
    return values, rest[1:] if rest and rest[0].lower() in WHY else rest


def without_fillers(words: Sequence[str]) -> Sequence[str]:
    """Without "to" and the like in front of the name."""
    return words[1:] if len(words) > 1 and words[0].lower() in FILLERS else words


def previewed(ask: Ask, form: OpenForm) -> Reply:
    """What would happen, and the button that sends it."""
    made = preview(ask.idp, actions()[form.action], Actor(myself(ask).ref), form.values)
    parts = preview_parts(made, ask.snapshot, form.reason)
    kept, change = _kept(form), form_button(form, "Change\u2026", "")
    if made.decision.effect == "refuse":
        refused = md("{}: {}", made.draft.title, made.decision.reason)
        return Reply(refused, [*parts, Buttons([change])], kept, ok=False)
    send = Button("Send", deed="send", about=packed(form), style="primary")
    glass = made.draft.break_glass  # asked a second time, in the form
    buttons = [form_button(form, "Continue\u2026", "danger")] if glass else [send, change]
    told = Note(Md("Nothing is sent yet."))
    return Reply(md("{}: nothing is sent yet.", made.draft.title), [*parts, told, Buttons(buttons)], kept)


def as_form(form: OpenForm) -> Reply:
    """The form, opened where that is possible."""
    text = Md("Fill in the form; nothing is sent yet.")
    return Reply(text, [Section(text), Buttons([form_button(form)])], _kept(form), form=form)


def _kept(form: OpenForm) -> dict[str, Any]:
    return {"action": form.action, "values": dict(form.values), "reason": form.reason}


def held_by_me(ask: Ask, _words: Sequence[str]) -> Reply:
    """What I have, and for how long."""
    person = myself(ask)
    with ask.idp.database.reading() as store:
        held = grants.of_person(store, person.ref)
    data = {"grants": [_grant_data(grant) for grant in held]}
    if not held:
        return Reply(Md("You have no access that ends by itself."), (), data)
    text = md("You have access to {}.", ", ".join(label(ask.snapshot, grant.target) for grant in held))
    done = [Button(f"I\u2019m done with #{grant.id}", deed="done", about=str(grant.id)) for grant in held[:5]]
    parts: list[Part] = [Rows([_line(ask, grant) for grant in held]), Buttons(done)]
    return Reply(text, parts, data)


def _line(ask: Ask, grant: Grant) -> Md:
    until = md("until {}", moment(grant.due_at)) if grant.given_at else Md("being given")
    until = Md("being taken away") if grant.state == "ending" else until
    return md(
        "*{}* in {} \u00b7 {} \u00b7 #{}", label(ask.snapshot, grant.target), grant.environment, until, grant.id
    )


def _grant_data(grant: Grant) -> dict[str, Any]:
    until = grant.due_at.isoformat()
    return {
        "id": grant.id,
        "target": grant.target,
        "environment": grant.environment,
        "state": grant.state,
        "until": until,
    }


def extended(ask: Ask, words: Sequence[str]) -> Reply:
    """Make access longer: its number and by how long."""
    number, seconds = the_number(ask, words[0] if words else "?"), duration_in(words[1]) if len(words) > 1 else 0
    if not seconds:
        raise Invalid("Say by how long.", f"Such as: /idp access extend {number} 1h")
    return Reply(md("Making access #{} longer.", number), act=Act("extend", number, seconds=seconds))


def given_back(ask: Ask, words: Sequence[str]) -> Reply:
    """Give access back: its number."""
    number = the_number(ask, words[0] if words else "?")
    return Reply(md("Giving access #{} back.", number), act=Act("done", number))


def glass_broken(ask: Ask, words: Sequence[str]) -> Reply:
    """Ask for break-glass access; asked a second time in the form."""
    return asked_for(ask, BREAK_GLASS.name, without_fillers(words))

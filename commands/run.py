"""/idp actions and /idp run: everything that can be asked for, one form each."""

from commands.acts import OpenForm
from commands.ask import Ask, command
from commands.naming import the_entity
from commands.previews import form_button
from commands.reply import Button, Buttons, Md, Reply, Rows, Section, md
from data.errors import Invalid, NotFound
from workflows.action import Action
from workflows.action import actions as all_actions


@command("actions", group="ACT", order=13, usage="actions", example="actions")
def actions(ask: Ask) -> Reply:
    """Everything that can be asked for.

    --json: actions [{name, title, policy}].
    """
    found = _offered(ask)
    lines = [md("*{}* \u00b7 `/idp run {}`", one.title, one.name) for one in found]
    data = {"actions": [{"name": one.name, "title": one.title, "policy": one.policy_name} for one in found]}
    if not found:
        return Reply(Md("No policy is configured, so there is nothing to ask for."), (), data)
    buttons = Buttons([Button(one.title, f"run {one.name}") for one in found[:5]])
    return Reply(md("{} actions", len(found)), [Rows(lines), buttons], data)


@command(
    "run",
    group="ACT",
    order=14,
    usage="run <action> [<name>] [field=value \u2026]",
    example="run game-day checkout",
)
def run(ask: Ask) -> Reply:
    """Open the form of an action, with what was said filled in; nothing is sent by this.

    --json: action, values.
    """
    if not ask.words:
        raise Invalid("Say which action.", "/idp actions lists them.")
    action = next((one for one in _offered(ask) if one.name == ask.words[0].lower()), None)
    if action is None:
        raise NotFound(f"There is no action {ask.words[0]}.", "/idp actions lists them.")
    values: dict[str, str] = {}
    for word in ask.words[1:]:
        name, given, value = word.partition("=")
        if given and name in action.form.model_fields:
            values[name] = value
        elif "target" in action.form.model_fields and "target" not in values:
            values["target"] = the_entity(ask, words=word).ref
    text = md("{}: fill in the form; nothing is sent yet.", action.title)
    form = OpenForm(action.name, values)
    return Reply(
        text, [Section(text), Buttons([form_button(form)])], {"action": action.name, "values": values}, form=form
    )


def _offered(ask: Ask) -> list[Action]:
    """Only what a policy covers: without one it would be refused anyway."""
    return [one for one in all_actions().values() if one.policy_name in ask.idp.policies]

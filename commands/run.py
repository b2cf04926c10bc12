"""/idp run: one form for each action."""

from commands.parts.acts import OpenForm
from commands.parts.ask import Ask, command
from commands.parts.reply import Buttons, Reply, Section, md
from commands.parts.requests.previews import form_button
from commands.parts.typed.naming import the_entity
from commands.parts.typed.offers import offered, the_action
from data.errors import Invalid


@command(
    "run",
    group="ACT",
    order=10,
    usage="run <action> [<name>] [field=value \u2026]",
    example="run game-day checkout",
)
def run(ask: Ask) -> Reply:
    """Open the form of an action, with what was said filled in; nothing is sent by this.

    --json: action, values.
    """
    if not ask.words:
        mine = [one.action.name for one in offered(ask) if not one.because]
        raise Invalid("Say which action.", f"There are for you: {', '.join(mine) or 'none'}.")
    action = the_action(ask, ask.words[0])
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

"""/idp actions: everything that can be asked for."""

from commands.parts.ask import Ask, command
from commands.parts.reply import Button, Buttons, Md, Reply, Rows, md
from commands.parts.requests.offers import offered


@command("actions", group="ACT", order=13, usage="actions", example="actions")
def actions(ask: Ask) -> Reply:
    """Everything that can be asked for.

    --json: actions [{name, title, policy}].
    """
    found = offered(ask)
    lines = [md("*{}* \u00b7 `/idp run {}`", one.title, one.name) for one in found]
    data = {"actions": [{"name": one.name, "title": one.title, "policy": one.policy_name} for one in found]}
    if not found:
        return Reply(Md("No policy is configured, so there is nothing to ask for."), (), data)
    buttons = Buttons([Button(one.title, f"run {one.name}") for one in found[:5]])
    return Reply(md("{} actions", len(found)), [Rows(lines), buttons], data)

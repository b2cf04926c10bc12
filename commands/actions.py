"""/idp actions: everything that can be asked for."""

from collections.abc import Sequence

from commands.parts.ask import Ask, command
from commands.parts.reply import Button, Buttons, Md, Note, Part, Reply, Rows, Section, md
from commands.parts.texts.labels import plural
from commands.parts.typed.offers import Offer, offered
from workflows.action import Action


@command("actions", group="ACT", order=9, usage="actions [all]", example="actions")
def actions(ask: Ask) -> Reply:
    """What you can ask for; all shows what the policies refuse you as well, and why.

    --json: actions [{name, title, policy}], refused [{name, title, policy, because}].
    """
    found = offered(ask)
    mine = [one.action for one in found if not one.because]
    refused = [one for one in found if one.because]
    told = [{**_data(one.action), "because": one.because} for one in refused]
    data = {"actions": [_data(one) for one in mine], "refused": told}
    if not found:
        return Reply(Md("No policy is configured, so there is nothing to ask for."), (), data)
    parts: list[Part] = []
    if mine:
        parts.append(Section(Md("*You can ask for*")))
        parts.append(Buttons([Button(one.title, f"run {one.name}") for one in mine]))
    if refused:
        parts += _refused(refused) if ask.subject.lower() == "all" else _counted(len(refused))
    return Reply(md("{} for you.", plural(len(mine), "action")), parts, data)


def _refused(refused: Sequence[Offer]) -> list[Part]:
    lines = [md("*{}*: {}", one.action.title, one.because) for one in refused]
    return [Section(Md("*Not for you*")), Rows(lines)]


def _counted(number: int) -> list[Part]:
    text = md("{} {} not for you.", f"{number} more", "is" if number == 1 else "are")
    return [Note(text), Buttons([Button("Why not?", "actions all")])]


def _data(one: Action) -> dict[str, object]:
    return {"name": one.name, "title": one.title, "policy": one.policy_name}

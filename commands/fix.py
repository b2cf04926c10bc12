"""/idp fix: what mends a failing check, as far as the bot can do it or show it."""

from typing import Any

from commands.parts.acts import OpenForm
from commands.parts.ask import Ask, command
from commands.parts.reply import Button, Buttons, Note, Part, Pre, Reply, Section, code, md
from commands.parts.requests.previews import form_button
from commands.parts.scorecards.scores import about, rule_data, rule_line
from commands.parts.texts.labels import label
from commands.parts.typed.checked import Check, the_check
from workflows.action import actions
from workflows.scorecards.exempting import EXEMPT
from workflows.scorecards.fixing import Remedy, remedy


@command("fix", group="IMPROVE", order=3, usage="fix <name> [<check>]", example="fix checkout coverage")
def fix(ask: Ask) -> Reply:
    """What mends a failing check: an action with a button, the lines for the catalog file, or where to begin.

    Without a check, the one that is most worth fixing. Nothing is changed by this.
    --json: entity, rule {…}, remedy {text, action, link, edit, path, line}.
    """
    check = the_check(ask, ask.words)
    found = remedy(ask.idp, ask.snapshot, check.entity, check.result.rule)
    data = {"entity": check.entity.ref, "rule": rule_data(check.result), "remedy": _data(found)}
    head = md("*{}*\n{}", label(check.entity), rule_line(ask, check.result))
    if check.result.outcome == "pass":
        text = md("{} of {} passes: nothing to fix.", check.result.rule.title, check.entity.name)
        card = Button("Score", f"score {check.entity.ref}")
        return Reply(text, [Section(head), Note(text), Buttons([card])], data)
    parts: list[Part] = [Section(head)]
    if check.result.rule.why:
        parts.append(Section(md("*Why*\n{}", check.result.rule.why)))
    parts.append(Section(md("*What to do*\n{}", found.text or "Nobody has written down how to fix it.")))
    if found.edit:
        parts += [Section(md("In {}, line {}:", code(found.path), found.line)), Pre(found.edit)]
    form = OpenForm(found.action, {"target": check.entity.ref}) if found.action in actions() else None
    parts.append(Buttons(_buttons(ask, check, found, form)))
    return Reply(
        md("{} of {}: {}", check.result.rule.title, check.entity.name, found.text), parts, data, form=form
    )


def _buttons(ask: Ask, check: Check, found: Remedy, form: OpenForm | None) -> list[Button]:
    ref, rule = check.entity.ref, check.result.rule.name
    buttons = [form_button(form, "Fix it")] if form else []
    if found.link:
        buttons.append(Button("Open the page", url=found.link))
    if check.result.claimed_by:
        buttons.append(Button("Let it go", deed="unclaim", about=about(ref, rule)))
    else:
        buttons.append(Button("Claim", deed="claim", about=about(ref, rule)))
    buttons.append(Button("Snooze for a week", deed="snooze", about=about(ref, rule)))
    if EXEMPT.policy_name in ask.idp.policies and check.result.aside != "exempt":
        buttons.append(form_button(OpenForm(EXEMPT.name, {"target": ref, "rule": rule}), "Exempt\u2026", ""))
    return [*buttons, Button("Score", f"score {ref}")]


def _data(found: Remedy) -> dict[str, Any]:
    return {
        "text": found.text,
        "action": found.action or None,
        "link": found.link or None,
        "edit": found.edit or None,
        "path": found.path or None,
        "line": found.line or None,
    }

"""What would happen if a form were sent."""

import orjson

from commands.parts.acts import OpenForm
from commands.parts.reply import Button, Fields, Md, Note, Part, Rows, Section, md
from commands.parts.texts.refs import label, people_names, person_name
from data.catalog.snapshot import Snapshot
from data.durations import say_duration
from data.errors import Invalid
from workflows.decision import Decision
from workflows.requests.request import Preview

BUTTON = 1900  # characters that a button may carry


def packed(form: OpenForm) -> str:
    """What a button carries that opens or sends a form; it is checked again as if typed anew. Raises Invalid."""
    kept = orjson.dumps({"action": form.action, "values": form.values, "reason": form.reason}).decode()
    if len(kept) > BUTTON:
        raise Invalid("This is more than a button can hold.", "Shorten the reason.")
    return kept


def form_button(form: OpenForm, label: str = "Open the form", style: str = "primary") -> Button:
    """Opens the form where it could not be opened at once."""
    return Button(label, deed="form", about=packed(form), style=style)


def preview_parts(preview: Preview, snapshot: Snapshot, reason: str) -> list[Part]:
    """What, for whom, how long, who must agree, and the risk."""
    draft, decision = preview.draft, preview.decision
    facts = [("What", md("*{}* ({})", label(snapshot, draft.target), draft.target))] if draft.target else []
    facts.append(("For", md("{}", person_name(snapshot, draft.beneficiary))))
    facts += [("Where", md("{}", draft.environment))] if draft.environment else []
    facts += (
        [("How long", md("{}, from when it is given", say_duration(draft.duration)))] if draft.duration else []
    )
    parts: list[Part] = (
        [Section(md("*{}*", draft.title)), Fields(facts)] if facts else [Section(md("*{}*", draft.title))]
    )
    parts.append(Section(md("*Why*\n{}", reason)))
    if draft.points:
        parts.append(Rows([md("\u2022 {}", point) for point in draft.points]))
    parts.append(Section(_agreement(decision, snapshot)))
    parts.append(Note(md("{}", decision.rule or "policy")))
    return parts


def _agreement(decision: Decision, snapshot: Snapshot) -> Md:
    """Who must agree."""
    lines = [md("*{}*", decision.reason)]
    for team in decision.teams:
        who = people_names(snapshot, tuple(sorted(team.members))) or "nobody"
        lines.append(md("\u2022 {}: {}", label(snapshot, team.ref) if team.ref else team.name, who))
    return Md("\n".join(lines))

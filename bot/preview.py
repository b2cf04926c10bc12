"""What would happen if a form were sent: in a modal, and in an answer."""

from collections.abc import Mapping
from typing import Any

from bot.modal import View, frame, pack
from bot.names import label, people_names
from bot.views import blocks
from commands.reply import Fields, Md, Note, Part, Rows, Section, md
from data.catalog.snapshot import Snapshot
from data.durations import say_duration
from workflows.decision import Decision
from workflows.request import Preview

SEND = "send"  # the callback id


def preview_view(preview: Preview, snapshot: Snapshot, values: Mapping[str, Any], reason: str, key: str) -> View:
    """What would happen, before it does; sending it is the second confirmation of break-glass."""
    glass = preview.draft.break_glass
    packed = pack({"action": preview.action.name, "values": dict(values), "reason": reason, "key": key})
    return {
        **frame(SEND, preview.action.title, "Break the glass" if glass else "Send", "Back"),
        "private_metadata": packed,
        "blocks": blocks(preview_parts(preview, snapshot, reason)),
    }


def preview_parts(preview: Preview, snapshot: Snapshot, reason: str) -> list[Part]:
    """What, for whom, how long, who must agree, and the risk."""
    draft, decision = preview.draft, preview.decision
    facts = [("What", md("*{}* ({})", label(snapshot, draft.target), draft.target))] if draft.target else []
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
    if draft.break_glass:
        parts.append(
            Section(Md("\U0001f6a8 *Everybody who would have been asked is told, and a review follows.*"))
        )
    parts.append(Note(md("{}", decision.rule or "policy")))
    return parts


def _agreement(decision: Decision, snapshot: Snapshot) -> Md:
    """Who must agree."""
    lines = [md("*{}*", decision.reason)]
    for team in decision.teams:
        who = people_names(snapshot, tuple(sorted(team.members))) or "nobody"
        lines.append(md("\u2022 {}: {}", label(snapshot, team.ref) if team.ref else team.name, who))
    return Md("\n".join(lines))

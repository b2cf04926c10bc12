"""Where golden paths, workspace templates and devcontainers do not agree."""

from typing import Final

from commands.parts.ask import Ask
from commands.parts.reply import Button, Buttons, Md, Note, Part, Reply, Rows, Section, md
from commands.parts.texts.labels import plural
from commands.parts.texts.refs import label
from workflows.workspaces.consistency import consistency

MOST: Final = 40


def consistency_reply(ask: Ask) -> Reply:
    """What `templates --consistency` answers."""
    found = consistency(ask.idp, ask.snapshot)
    data = {
        "checked": found.checked,
        "disagreements": [{"service": one.service, "problem": one.problem} for one in found.disagreements],
        "unknown": found.unknown,
    }
    notes = (
        [Note(md("Whether the workspace templates exist is not known: {}", found.unknown))]
        if found.unknown
        else []
    )
    if not found.disagreements:
        text = md(
            "✔ Golden path, workspace template and devcontainer agree in {}.", plural(found.checked, "service")
        )
        return Reply(text, [Section(text), *notes], data)
    services = list(dict.fromkeys(one.service for one in found.disagreements))
    text = md("{} of {} disagree with themselves.", len(services), plural(found.checked, "service"))
    lines = [md("*{}*: {}", label(ask.snapshot, one.service), one.problem) for one in found.disagreements]
    parts: list[Part] = [Section(md("*{}*", text)), Rows(lines[:MOST], max(0, len(lines) - MOST)), *notes]
    parts.append(
        Note(Md("Correct the annotation `coder.com/workspace-template`, the golden path or the devcontainer."))
    )
    return Reply(text, [*parts, Buttons([Button("Show", f"show {ref}") for ref in services[:1]])], data, ok=False)

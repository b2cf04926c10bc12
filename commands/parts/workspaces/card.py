"""What people see of one workspace: a card that goes from queued to ready, and one line of a list."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from commands.parts.reply import Button, Buttons, Fields, Md, Note, Part, Pre, Reply, Section, link, md
from commands.parts.texts.refs import clock, label, moment, person_name
from data.catalog.snapshot import Snapshot
from data.durations import say_duration
from data.store.requests import Request
from data.store.workspaces import Workspace

# Signs that every font has.
SIGNS = {
    "queued": "\u25f7",
    "pending": "\u25f7",
    "starting": "\u25b6",
    "running": "\u2714",
    "stopping": "\u25b6",
    "stopped": "\u25cb",
    "failed": "\u2718",
    "deleting": "\u25b6",
    "deleted": "\u25cb",
}
SAID = {
    "queued": "is queued\u2026",
    "pending": "is queued\u2026",
    "starting": "is building\u2026",
    "running": "is ready",
    "stopping": "is being stopped\u2026",
    "stopped": "is stopped",
    "failed": "failed to build",
    "deleting": "is being deleted\u2026",
    "deleted": "is deleted",
}
WANTED = {"running": "it will be started", "stopped": "it will be stopped", "deleted": "it will be deleted"}
DELETE = "Everything in it is lost, also what was not pushed."


def queued_reply(request: Request, snapshot: Snapshot) -> Reply:
    """A launch that was allowed, before anything is known of the workspace."""
    name = str(request.parameters.get("name", ""))
    head = md("{} *Workspace {}* {}", Md(SIGNS["queued"]), name, Md(SAID["queued"]))
    about = md(
        "for {} \u00b7 template {}", label(snapshot, request.target), request.parameters.get("template", "")
    )
    return Reply(md("Workspace {} is queued.", name), [Section(head), Note(about)])


def workspace_reply(row: Workspace, snapshot: Snapshot, extend_to: datetime | None, ending: bool = False) -> Reply:
    """The card of a workspace; `ending` says that little is left."""
    text = md("{} Workspace {} {}", Md(SIGNS[row.state]), row.name, Md(SAID[row.state]))
    head = md("{} *Workspace {}* {}", Md(SIGNS[row.state]), row.name, Md(SAID[row.state]))
    if ending and row.state == "running" and row.due_at:
        text = md("Your workspace {} stops by itself at {}.", row.name, clock(row.due_at))
        head = md("*{}* stops by itself at {}", row.name, clock(row.due_at))
    parts: list[Part] = [Section(head), Fields(_facts(row, snapshot))]
    parts += _trouble(row)
    parts.append(Note(_small_print(row, snapshot)))
    buttons = [*open_buttons(row), *deed_buttons(row, extend_to)]
    return Reply(text, [*parts, Buttons(buttons)] if buttons else parts)


def _facts(row: Workspace, snapshot: Snapshot) -> list[tuple[str, Md]]:
    facts = [("Service", md("{}", label(snapshot, row.target)))] if row.target else []
    facts.append(("Template", md("{}", row.template)))
    if row.state == "running":
        ends = md("{}", moment(row.due_at)) if row.due_at else Md("not by itself")
        facts.append(("Stops", md("{} (asked for)", ends) if row.extend_to else ends))
    if row.cost is not None and row.state != "deleted":
        facts.append(("Cost", md("{}", price(row.cost))))
    if row.building_since:
        facts.append(("Since", moment(row.building_since)))
    return facts


def _trouble(row: Workspace) -> list[Part]:
    parts: list[Part] = []
    if row.wanted and row.state not in ("deleting", "deleted"):
        parts.append(Section(md("_As soon as that is possible {}._", Md(WANTED[row.wanted]))))
    if row.alarms and row.state in ("pending", "starting", "stopping", "deleting"):
        parts.append(Section(Md("This takes longer than usual; the platform team has been told.")))
    if row.error and row.state != "deleted":
        parts.append(Section(md("*What went wrong*\n{}", row.error)))
    if row.log and row.state == "failed":
        parts.append(Pre(row.log))
    return parts


def _small_print(row: Workspace, snapshot: Snapshot) -> Md:
    team = md(" \u00b7 team {}", label(snapshot, row.team)) if row.team else Md("")
    who = person_name(snapshot, row.owner) if row.owner else row.email
    return md("#{} \u00b7 launched for {}{}", row.id, who, team)


def open_buttons(row: Workspace) -> list[Button]:
    """Ways into a workspace that is ready."""
    if row.state != "running":
        return []
    ways = (("Open in VS Code", row.editor_url, "primary"), ("Open in browser", row.web_url, ""))
    return [Button(name, url=url, style=style) for name, url, style in ways if url]


def deed_buttons(row: Workspace, extend_to: datetime | None, named: bool = False) -> list[Button]:
    """What may be done with it in its state; `named` where several workspaces have their buttons together."""
    about, tail = str(row.id), f" {row.name}" if named else ""
    made: list[Button] = []
    stuck = row.alarms and row.state in ("pending", "starting")
    if row.state == "failed" or stuck:
        made.append(Button(f"Try again{tail}", deed="workspace-again", about=about, style="primary"))
    if row.state == "stopped":
        made.append(Button(f"Start{tail}", deed="workspace-start", about=about, style="primary"))
    if row.state == "running" and extend_to and row.due_at:
        by = say_duration(max(60, int((extend_to - row.due_at).total_seconds()) // 60 * 60))
        words = f"{row.id} {int(row.due_at.timestamp())}"
        made.append(Button(f"Extend{tail} {spaced(by)}", deed="workspace-extend", about=words))
    if row.state in ("running", "pending", "starting") and row.wanted != "stopped":
        made.append(Button(f"Stop{tail}" if named else "Stop now", deed="workspace-stop", about=about))
    if row.state not in ("deleting", "deleted") and row.wanted != "deleted":
        made.append(Button(f"Delete{tail}", deed="workspace-delete", about=about, style="danger", confirm=DELETE))
    return made


def spaced(duration: str) -> str:
    """2h as people read it on a button: 2 h."""
    units = (("h", " h "), ("m", " min "), ("d", " d "), ("w", " weeks "))
    for unit, words in units:
        duration = duration.replace(unit, words, 1) if unit in duration else duration
    return duration.strip()


def line(row: Workspace, snapshot: Snapshot, now: datetime, whose: bool) -> Md:
    """One workspace in a list: state, age, end, cost."""
    name = link(row.web_url, row.name) if row.web_url else md("{}", row.name)
    facts = [md("{} *{}*", Md(SIGNS[row.state]), name), _state(row)]
    if whose:
        facts.append(_whose(row, snapshot))
    if row.target:
        facts.append(md("for {}", label(snapshot, row.target)))
    facts.append(md("{} old", age(now - (row.created_at or row.recorded_at))))
    if row.due_at and row.state == "running":
        facts.append(md("stops {}", moment(row.due_at)))
    if row.cost is not None:
        facts.append(md("{}", price(row.cost)))
    return Md(" \u00b7 ".join([*facts, md("#{}", row.id)]))


def _state(row: Workspace) -> Md:
    said = "ready" if row.state == "running" else row.state
    return md("{}, {}", said, Md(WANTED[row.wanted])) if row.wanted else md("{}", said)


def _whose(row: Workspace, snapshot: Snapshot) -> Md:
    if row.owner and snapshot.get(row.owner):
        return md("{}", person_name(snapshot, row.owner))
    return md("{} (not in the directory)", row.email)


def price(cost: int) -> str:
    """What a day costs."""
    return f"{cost:,} {'credit' if cost == 1 else 'credits'} a day"


def age(span: Any) -> str:
    """How long ago, in one unit."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def data_of(row: Workspace) -> Mapping[str, Any]:
    """One workspace for machines."""
    return {
        "id": row.id,
        "name": row.name,
        "system": row.system,
        "template": row.template,
        "owner": row.owner or row.email,
        "service": row.target,
        "team": row.team,
        "state": row.state,
        "wanted": row.wanted,
        "created": (row.created_at or row.recorded_at).isoformat(),
        "stops": row.due_at.isoformat() if row.due_at else None,
        "cost": row.cost,
        "url": row.web_url,
        "error": row.error,
    }

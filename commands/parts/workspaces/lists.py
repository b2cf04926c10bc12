"""Workspaces in lists: whose, of which service, of which team; and what a full quota offers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from commands.parts.ask import Ask
from commands.parts.reply import Button, Buttons, Later, Md, Note, Part, Reply, Rows, Section, md
from commands.parts.texts.paging import begin, page
from commands.parts.texts.refs import clock
from commands.parts.workspaces.card import data_of, deed_buttons, line, open_buttons, price
from data.catalog.entity import Entity
from data.store.workspaces import Workspace
from workflows.workspaces.beside import of_service
from workflows.workspaces.limits import POLICY, extended
from workflows.workspaces.systems import called

MOST: Final = 20  # lines of a list
ON_CARD: Final = 3
WITH_BUTTONS: Final = 3  # workspaces whose buttons stand below a list
SILENT: Final = timedelta(minutes=5)  # after which a system counts as not answering


def listed(ask: Ask, rows: Sequence[Workspace], what: str, *, whose: bool) -> Reply:
    """A list with `what` as its heading; below it the buttons of the first few."""
    data = Later(lambda: {"workspaces": [dict(data_of(row)) for row in rows]})
    launch = Buttons([Button("Launch one", "workspace")])
    if not rows:
        return Reply(md("{}: none.", what), [Section(md("{}: none.", what)), launch], data)
    running = sum(row.state == "running" for row in rows)
    cost = sum(row.cost or 0 for row in rows)
    total = md("{}: {}, {} ready", what, len(rows), running)
    total = md("{}, {}", total, price(cost)) if cost else total
    some = rows[begin(ask) : begin(ask) + MOST]
    lines = [line(row, ask.snapshot, ask.now, whose) for row in some]
    parts: list[Part] = [Section(md("*{}*", total)), *page(ask, lines, len(rows))]
    parts += [Buttons(row_buttons(ask, row)) for row in some[:WITH_BUTTONS]]
    note = silent(ask, rows)
    return Reply(total, [*parts, Note(note)] if note else parts, data)


def row_buttons(ask: Ask, row: Workspace) -> list[Button]:
    """Everything that can be done with one of several workspaces."""
    opens = [button._replace(style="") for button in open_buttons(row)[:1]]
    named = [button._replace(label=f"Open {row.name}") for button in opens]
    deeds = deed_buttons(row, extended(ask.idp, row), named=True)
    return [
        *named,
        *(button._replace(style="" if button.style == "primary" else button.style) for button in deeds),
    ]


def silent(ask: Ask, rows: Sequence[Workspace]) -> Md | None:
    """Which system has not spoken for a while, and since when."""
    seen: dict[str, Workspace] = {}
    for row in rows:
        if row.seen_at and (row.system not in seen or row.seen_at < (seen[row.system].seen_at or row.seen_at)):
            seen[row.system] = row
    late = [row for row in seen.values() if row.seen_at and ask.now - row.seen_at > SILENT]
    said = [
        md("{} was last heard {}", called(ask.idp, row.system), clock(row.seen_at)) for row in late if row.seen_at
    ]
    return Md("; ".join(said)) if said else None


def full(ask: Ask, held: Sequence[Workspace], limit: int) -> Reply:
    """The quota is used up: which ones, each with a button that makes room."""
    said = md("{} of {} in use: stop one of these.", len(held), limit)
    lines = [line(row, ask.snapshot, ask.now, whose=False) for row in held]
    stops = [
        Button(f"Stop {row.name}", deed="workspace-stop", about=str(row.id), style="primary") for row in held[:10]
    ]
    parts: list[Part] = [Section(md("*{}*", said)), Rows(lines), Buttons(stops)]
    return Reply(said, parts, {"workspaces": [dict(data_of(row)) for row in held], "limit": limit}, ok=False)


def launchable(ask: Ask, entity: Entity) -> bool:
    """Whether the card of this entity offers to launch a workspace."""
    return bool(entity.kind == "Component" and ask.idp.workspaces and POLICY in ask.idp.policies)


def workspaces_part(ask: Ask, entity: Entity) -> list[Part]:
    """On the card of a service: the workspaces for it, the asker's own first with their buttons."""
    rows = of_service(ask.idp, entity.ref) if entity.kind == "Component" else []
    if not rows:
        return []
    me = _asker(ask)
    rows.sort(key=lambda row: row.owner != me)
    lines = [line(row, ask.snapshot, ask.now, whose=True) for row in rows[:ON_CARD]]
    head = Section(md("*Workspaces* ({})", len(rows)))
    own = [Buttons(row_buttons(ask, row)) for row in rows[:1] if me and row.owner == me]
    return [head, Rows(lines, len(rows) - len(lines), f"workspaces --service {entity.ref}"), *own]


def _asker(ask: Ask) -> str:
    """The person who asks, "" when the catalog does not know them."""
    match = ask.snapshot.resolve(ask.asker.email, ("User",)) if ask.asker.email else None
    return match.entity.ref if match and match.how == "email" and match.entity else ""

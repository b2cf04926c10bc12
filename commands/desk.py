"""/idp desk: everything that is mine on one page, as in the app's Home."""

from typing import Any

from commands.parts.ask import Ask, command
from commands.parts.reply import Button, Buttons, Md, Part, Reply, Section, md
from commands.parts.scorecards.desk import pieces
from commands.parts.texts.labels import display_name, plural
from commands.parts.typed.me import myself
from commands.parts.typed.offers import offered
from workflows.access.prod_access import PROD_ACCESS

VERBS = (
    ("Find a service", "help find"),
    ("Who is on call?", "oncall"),
    ("Ask for access", "access"),
    ("My scores", "score"),
    ("Actions", "actions"),
    ("Help", "help"),
)
OPENS = {"access": PROD_ACCESS.name}  # what is left out for those to whom the policy refuses it in any case


@command("desk", group="ASK", order=8, example="desk", aliases=("home", "my-desk"))
def desk(ask: Ask) -> Reply:
    """Your desk: what waits for you, your access with the time left, your next shift, your services with levels.

    The app's Home shows the same, and keeps it right while it is open.
    --json: person, approvals [number], grants [number], shift, services [{ref, levels}].
    """
    person = myself(ask)
    parts: list[Part] = []
    data: dict[str, Any] = {"person": person.ref}
    for made, facts in pieces(ask, person):
        parts += made
        data |= facts
    if not parts:
        parts.append(Section(Md("Nothing waits for you, and you own nothing in the catalog.")))
    closed = {one.action.name for one in offered(ask) if one.because}
    parts.append(Buttons([Button(label, words) for label, words in VERBS if OPENS.get(words) not in closed]))
    waiting, services = len(data.get("approvals", ())), len(data.get("services", ()))
    text = md(
        "{}: {} for you, {} yours.",
        display_name(person),
        f"{plural(waiting, 'request')} waiting",
        f"{plural(services, 'thing')} {'is' if services == 1 else 'are'}",
    )
    return Reply(text, parts, data)

"""/idp desk: everything that is mine on one page, as in the app's Home."""

from typing import Any

from commands.parts.ask import Ask, command
from commands.parts.reply import Button, Buttons, Md, Part, Reply, Section, md
from commands.parts.scorecards.desk import pieces
from commands.parts.texts.labels import display_name, plural
from commands.parts.typed.me import myself
from commands.parts.typed.offers import is_offered
from workflows.access.prod_access import PROD_ACCESS
from workflows.golden_paths.new_service import NEW_SERVICE
from workflows.workspaces.launching import WORKSPACE

VERBS = (
    ("Find a service", "help find"),
    ("Who is on call?", "oncall"),
    ("Ask for access", "access"),
    ("New service", "new-service"),
    ("Launch a workspace", "workspace"),
    ("My scores", "score"),
    ("Actions", "actions"),
    ("Help", "help"),
)
# What is left out where it does not exist, and for those to whom the policy refuses it in any case:
OPENS = {"access": PROD_ACCESS, "new-service": NEW_SERVICE, "workspace": WORKSPACE}


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
    parts.append(Buttons([Button(label, words) for label, words in VERBS if _opens(ask, words)]))
    waiting, services = len(data.get("approvals", ())), len(data.get("services", ()))
    text = md(
        "{}: {} for you, {} yours.",
        display_name(person),
        f"{plural(waiting, 'request')} waiting",
        f"{plural(services, 'thing')} {'is' if services == 1 else 'are'}",
    )
    return Reply(text, parts, data)


def _opens(ask: Ask, words: str) -> bool:
    there = {"new-service": ask.idp.golden_paths.all(), "workspace": ask.idp.workspaces}.get(words, True)
    return words not in OPENS or bool(there and is_offered(ask, OPENS[words]))

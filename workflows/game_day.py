"""A practice action of five steps: plan a game day for a service. Nothing outside the board is touched.

It shows what every action is made of: a form, a policy, and steps that look before they create and can be undone.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from data.catalog.snapshot import Snapshot
from data.errors import Conflict, Invalid, NotFound
from data.idp import Idp
from workflows.action import Action, Draft, Form, Step, Work
from workflows.authority import email, judge
from workflows.decision import Decision
from workflows.fields import FromCatalog, Long

POLICY = "game-day"


class GameDayForm(Form):
    """Which service practises, when, and what is to go wrong."""

    target: Annotated[str, FromCatalog(("Component", "System")), Field(title="Service")]
    day: Annotated[date, Field(title="Day")]
    scenario: Annotated[str, Long(), Field(title="What goes wrong", min_length=3, max_length=500)]


def _draft(idp: Idp, snapshot: Snapshot, requester: str, form: GameDayForm) -> Draft:
    entity = snapshot.get(form.target)
    if entity is None:
        raise NotFound(f"{form.target} is not in the catalog.")
    if form.day < idp.now().date():
        raise Invalid("The day is over already.")
    return Draft(
        title=f"Game day of {entity.name} on {form.day:%Y-%m-%d}",
        target=entity.ref,
        beneficiary=requester,
        email=email(snapshot, requester),
        points=("a note on the board for each step", "nothing in production is touched"),
    )


def _policy(idp: Idp, snapshot: Snapshot, requester: str, draft: Draft, escalated: bool) -> Decision:
    return judge(idp, snapshot, policy=POLICY, requester=requester, target=draft.target, escalated=escalated)


def _noted(work: Work, step: str, text: str) -> dict[str, Any]:
    """Make the note of a step, or find that it has been made."""
    name = f"{work.request.id}-{step}"
    found = work.idp.board.find(name)
    if found is None:
        work.idp.board.put(name, work.marker, text)
    elif found != work.marker:
        raise Conflict(f"The note {name} belongs to something else.")
    return {"note": name}


def _step(name: str, title: str) -> Step:
    def run(work: Work) -> dict[str, Any]:
        return _noted(work, name, f"{title}: {work.request.title}")

    def undo(work: Work) -> None:
        work.idp.board.remove(f"{work.request.id}-{name}", work.marker)

    return Step(name, title, run, undo=undo)


STEPS = (
    _step("reserve", "Reserve the day"),
    _step("scenario", "Write the scenario"),
    _step("invite", "Invite the owners"),
    _step("checklist", "Lay out the checklist"),
    _step("announce", "Put it on the calendar"),
)

GAME_DAY = Action("game-day", "Game day", GameDayForm, _draft, _policy, POLICY, STEPS)

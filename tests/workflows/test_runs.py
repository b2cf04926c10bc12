"""Runs that stop: retried from the step, undone, handed over; and starts that overtake each other."""

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

import workflows.requests.run
from data.errors import Conflict, Invalid, NotAllowed, Unavailable
from data.store import audit, requests
from data.store.requests import RunView
from tests.workflows.house import ANN, BEN, CAT, DAN, House
from workflows.action import Action, Work, actions
from workflows.reconciling import reconcile
from workflows.requests.request import Actor, decide, hand_over, retry, undo
from workflows.requests.run import run
from workflows.requests.unwinding import unwind


class Trouble:
    """Makes one step of the game day fail as long as it is set."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.calls: list[str] = []
        self.undone: list[str] = []
        self.stays = ""  # the step that cannot be undone


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch) -> Trouble:
    trouble, action = Trouble(), actions()["game-day"]

    def watched(step: Any) -> Any:
        def run_step(work: Work) -> Any:
            trouble.calls.append(step.name)
            if step.name == "invite" and trouble.error:
                raise trouble.error
            return step.run(work)

        def undo_step(work: Work) -> None:
            trouble.undone.append(step.name)
            if step.name == trouble.stays:
                raise Conflict("Somebody uses it.")
            step.undo(work)

        return replace(step, run=run_step, undo=undo_step)

    changed = replace(action, steps=tuple(watched(step) for step in action.steps))
    monkeypatch.setitem(cast("dict[str, Action]", actions()), "game-day", changed)
    return trouble


def approved(house: House) -> int:
    asked = house.submit("game-day")
    return decide(house.idp, asked.id, Actor(BEN), True).id


def view(house: House, id: int) -> RunView:
    with house.idp.database.reading() as store:
        found = requests.view(store, id)
    assert found
    return found


def notes(tmp_path: Path) -> list[str]:
    return sorted(file.stem.partition("-")[2] for file in (tmp_path / "board").glob("*.json"))


def test_a_failed_run_goes_on_from_the_step_that_failed(idle_house: House, trouble: Trouble) -> None:
    id = approved(idle_house)
    trouble.error = Invalid("Nobody is in the team.")
    run(idle_house.idp, id, 1)
    stopped = view(idle_house, id)
    assert (stopped.request.state, stopped.request.error) == ("failed", "Nobody is in the team.")
    assert [step.state for step in stopped.steps] == ["done", "done", "failed", "waiting", "waiting"]
    with pytest.raises(NotAllowed):
        retry(idle_house.idp, id, Actor(DAN))
    trouble.error = None
    again = retry(idle_house.idp, id, Actor(ANN))
    run(idle_house.idp, id, again.attempt)
    assert view(idle_house, id).request.state == "done"
    assert trouble.calls == ["reserve", "scenario", "invite", "invite", "checklist", "announce"]
    with pytest.raises(Conflict):
        retry(idle_house.idp, id, Actor(ANN))


def test_what_was_made_is_undone_and_nothing_else(idle_house: House, trouble: Trouble, tmp_path: Path) -> None:
    id = approved(idle_house)
    trouble.error = Invalid("No.")
    run(idle_house.idp, id, 1)
    idle_house.idp.board.put(f"{id}-announce", "somebody", "not ours")
    assert notes(tmp_path) == ["announce", "reserve", "scenario"]
    undoing = undo(idle_house.idp, id, Actor(ANN))
    unwind(idle_house.idp, id, undoing.attempt)
    assert view(idle_house, id).request.state == "undone"
    assert notes(tmp_path) == ["announce"]
    assert [step.state for step in view(idle_house, id).steps][:3] == ["undone"] * 3
    assert trouble.undone == ["invite", "scenario", "reserve"], "the last first"


def test_what_cannot_be_undone_is_said_and_stays_to_be_undone(idle_house: House, trouble: Trouble) -> None:
    id, trouble.stays = approved(idle_house), "scenario"
    run(idle_house.idp, id, 1)
    unwind(idle_house.idp, id, undo(idle_house.idp, id, Actor(ANN)).attempt)
    stopped = view(idle_house, id)
    assert stopped.request.state == "failed"
    assert "Not undone at" in stopped.request.error
    assert "Somebody uses it." in stopped.request.error
    assert [step.state for step in stopped.steps] == ["done", "done", "undone", "undone", "undone"]
    trouble.stays = ""
    unwind(idle_house.idp, id, undo(idle_house.idp, id, Actor(ANN)).attempt)
    assert view(idle_house, id).request.state == "undone"


def test_something_of_others_is_never_taken_for_ours(idle_house: House, tmp_path: Path) -> None:
    id = approved(idle_house)
    idle_house.idp.board.put(f"{id}-invite", "somebody", "not ours")
    run(idle_house.idp, id, 1)
    assert "belongs to something else" in view(idle_house, id).request.error


def test_trying_again_waits_as_a_row_not_in_a_thread(idle_house: House, trouble: Trouble) -> None:
    id = approved(idle_house)
    trouble.error = Unavailable("The board does not answer.")
    for attempt in range(1, 5):
        run(idle_house.idp, id, attempt)
        now = view(idle_house, id)
        assert (now.request.state, now.request.attempt, now.steps[2].state) == ("running", attempt + 1, "waiting")
        assert idle_house.engine.states([f"run:{id}:{attempt + 1}"]) == {f"run:{id}:{attempt + 1}": "waiting"}
    run(idle_house.idp, id, 1)
    assert view(idle_house, id).steps[2].tries == 4, "a turn that is over does not begin again"
    run(idle_house.idp, id, 5)
    assert view(idle_house, id).request.error == "The board does not answer."
    assert view(idle_house, id).steps[2].tries == 5
    trouble.error = None
    run(idle_house.idp, id, retry(idle_house.idp, id, Actor(ANN)).attempt)
    assert view(idle_house, id).request.state == "done", "whoever tries again has all tries again"


class Killed(BaseException):
    """Nothing of the program runs after it."""


def test_a_step_in_which_every_process_ends_is_given_up(idle_house: House, trouble: Trouble) -> None:
    id, trouble.error = approved(idle_house), Killed()
    for _ in range(5):
        with pytest.raises(Killed):
            run(idle_house.idp, id, 1)
    run(idle_house.idp, id, 1)
    assert view(idle_house, id).request.error == "The process ended 5 times in this step."


def test_a_bug_in_a_step_is_a_failed_run_with_a_number(idle_house: House, trouble: Trouble) -> None:
    id = approved(idle_house)
    trouble.error = ZeroDivisionError("secret detail")
    run(idle_house.idp, id, 1)
    assert view(idle_house, id).request.state == "failed"
    assert "secret detail" not in view(idle_house, id).request.error


def test_the_platform_team_takes_over(idle_house: House, trouble: Trouble) -> None:
    id = approved(idle_house)
    trouble.error = Invalid("No.")
    run(idle_house.idp, id, 1)
    handed = hand_over(idle_house.idp, id, Actor(ANN))
    assert handed.handed_to == "group:default/platform"
    trouble.error = None
    run(idle_house.idp, id, retry(idle_house.idp, id, Actor(CAT)).attempt)
    assert view(idle_house, id).request.state == "done"


def test_a_start_that_was_overtaken_writes_nothing(
    idle_house: House, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replica taken for dead wakes up in the middle of a step that another one has done meanwhile."""
    id, original = approved(idle_house), workflows.requests.run.work_of
    woke: list[bool] = []

    def sleepy(*args: Any) -> Work:
        if not woke:
            woke.append(True)
            run(idle_house.idp, id, 1)  # the other replica does everything
        return original(*args)

    monkeypatch.setattr(workflows.requests.run, "work_of", sleepy)
    run(idle_house.idp, id, 1)
    assert view(idle_house, id).request.state == "done"
    with idle_house.idp.database.reading() as store:
        assert [r.what for r in audit.records(store)][-1] == "run.done"
        assert len([r for r in audit.records(store) if r.what == "run.done"]) == 1
    assert trouble.calls.count("scenario") == 1


def test_a_start_that_was_overtaken_writes_nothing_though_nobody_is_at_it_any_more(
    idle_house: House, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, original = approved(idle_house), workflows.requests.run.work_of
    woke: list[bool] = []

    def sleepy(*args: Any) -> Work:
        if not woke:
            woke.append(True)
            trouble.error = Killed()
            with pytest.raises(Killed):
                run(idle_house.idp, id, 1)  # the other replica gets two steps further, and dies
        return original(*args)

    monkeypatch.setattr(workflows.requests.run, "work_of", sleepy)
    run(idle_house.idp, id, 1)
    assert trouble.calls == ["reserve", "scenario", "invite", "reserve"], "after the one in flight comes nothing"


def test_a_process_that_is_about_to_end_begins_no_further_step(idle_house: House, trouble: Trouble) -> None:
    id = approved(idle_house)
    idle_house.engine._stop.set()
    run(idle_house.idp, id, 1)
    assert trouble.calls == []
    assert idle_house.engine.states([f"run:{id}:2"]) == {f"run:{id}:2": "waiting"}


def test_work_that_was_lost_begins_again(house: House) -> None:
    """The rows say running, the engine knows nothing: as after a copy to another database."""
    asked = house.submit("game-day")
    with house.idp.database.store() as store:
        requests.move(store, asked.id, states={"pending"}, state="approved", attempt=1)
    reconcile(house.idp)
    house.settle()
    assert view(house, asked.id).request.state == "done"


def test_a_plan_that_this_version_does_not_know_stops_with_a_sentence(
    idle_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, action = approved(idle_house), actions()["game-day"]
    shorter = replace(action, steps=action.steps[:2])
    monkeypatch.setitem(cast("dict[str, Action]", actions()), "game-day", shorter)
    run(idle_house.idp, id, 1)
    assert "does not know the step 'invite'" in view(idle_house, id).request.error

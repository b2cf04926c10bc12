"""The waves of an upgrade: each waits for the pull requests of the one before, unless a person says otherwise."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from commands.parts.requests.card import request_reply
from data.errors import Conflict, NotAllowed, Unavailable
from data.integrations.repos.bare import Bare
from data.store.requests import RunView
from data.store.tables.work import MessageRow
from tests.conftest import Clock
from tests.waiting import until
from tests.workflows.house import House
from tests.workflows.templates.test_upgrading import ANN, BRANCH, CAT, DAN, pull_state, told, view
from workflows.requests.request import Actor, decide, go_on, submit
from workflows.requests.run import run
from workflows.templates import merging
from workflows.templates.upgrading import UPGRADE
from workflows.templates.watching import watch


def asked(house: House, **values: Any) -> int:
    """An upgrade of three services, one at a time, that is agreed to."""
    watch(house.idp, "now")
    form = {"template": "demo", "version": "v3", "wave": 1} | values
    request = submit(house.idp, UPGRADE, Actor(CAT), form, reason="The third is better")
    decide(house.idp, request.id, Actor(DAN), approve=True)
    return request.id


def look(house: House, id: int) -> RunView:
    """What the engine does when the time has come, as a process that knows nothing but the rows."""
    run(house.idp, id, view(house, id).request.attempt)
    return view(house, id)


def merge(folder: Path, name: str) -> None:
    """Its owners merge the pull request."""
    bare = Bare(folder / "git" / "acme" / f"{name}.git")
    bare.git("update-ref", "refs/heads/main", bare.commit_of(f"refs/heads/{BRANCH}"))


def waits_for(house: House, id: int) -> str:
    found = view(house, id)
    assert found.request.state == "running", found.request.error
    return str(found.steps[1].result["waits"])


def card(house: House, id: int) -> str:
    return str(request_reply(view(house, id), house.idp.catalog.snapshot))


def wanted(house: House) -> dict[str, int]:
    """How often each message was to be shown or drawn again."""
    with house.idp.database.reading() as store:
        rows = store.connection.execute(select(col(MessageRow.key), col(MessageRow.wanted)))
        return {str(row.key): int(row.wanted) for row in rows}


def outcome(found: RunView) -> dict[str, str]:
    return {ref.rpartition("/")[2]: state for ref, state, *_ in found.steps[1].result["pull_requests"]}


def test_a_wave_waits_until_the_one_before_is_merged_or_closed(still: House, tmp_path: Path) -> None:
    number = asked(still)
    look(still, number)
    assert (pull_state(still, "cart"), pull_state(still, "invoices")) == ("open", "none")
    assert "Wave 1 of 3 waits until its pull requests are merged or closed: cart" in card(still, number)
    look(still, number)
    assert pull_state(still, "invoices") == "none"
    merge(tmp_path, "cart")
    look(still, number)
    assert pull_state(still, "invoices") == "open"  # ghost has no repository: nothing to wait for in its wave
    merge(tmp_path, "invoices")
    done = look(still, number)
    assert done.request.state == "done"
    assert outcome(done) == {"cart": "merged", "ghost": "left out", "invoices": "merged"}
    assert "Go on now" not in card(still, number)


def test_a_look_that_finds_nothing_new_draws_no_card_again(still: House, tmp_path: Path) -> None:
    number = asked(still)
    look(still, number)
    before = wanted(still)
    for _ in range(3):
        look(still, number)
    assert wanted(still) == before
    merge(tmp_path, "cart")
    look(still, number)
    assert wanted(still) != before


def test_the_thread_hears_each_outcome_once(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "SOON", 0.1)
    number = asked(house)
    until(lambda: pull_state(house, "cart") == "open")
    merge(tmp_path, "cart")
    until(lambda: pull_state(house, "invoices") == "open")
    house.idp.repo_host.withdraw("invoices", BRANCH)
    until(lambda: view(house, number).request.state == "done")
    house.settle()
    said = sorted(line for line in told(house) if line.startswith("Wave "))
    assert [line.partition(" https")[0] for line in said] == [
        "Wave 1 of 3: cart: merged",
        "Wave 1 of 3: cart: opened",
        "Wave 2 of 3: ghost: left out There is no repository ghost.",
        "Wave 3 of 3: invoices: declined",
        "Wave 3 of 3: invoices: opened",
    ]


def test_a_person_may_go_on_earlier_and_a_second_press_does_not_release_the_next_wave(still: House) -> None:
    number = asked(still)
    look(still, number)
    with pytest.raises(NotAllowed):
        go_on(still.idp, number, Actor(ANN), "1")
    go_on(still.idp, number, Actor(CAT), "1")
    with pytest.raises(Conflict, match="gone on already"):
        go_on(still.idp, number, Actor(DAN), "1")
    look(still, number)
    assert pull_state(still, "invoices") == "open"
    with pytest.raises(Conflict, match="gone on already"):
        go_on(still.idp, number, Actor(CAT), "1")
    go_on(still.idp, number, Actor(DAN), "3")
    assert outcome(look(still, number)) == {"cart": "opened", "ghost": "left out", "invoices": "opened"}
    assert view(still, number).request.state == "done"


def test_a_person_may_stop_it_there(still: House) -> None:
    number = asked(still)
    look(still, number)
    go_on(still.idp, number, Actor(CAT), "1", stop=True)
    done = look(still, number)
    assert done.request.state == "done"
    assert outcome(done) == {"cart": "opened", "ghost": "left out", "invoices": "left out"}
    assert pull_state(still, "invoices") == "none"


def test_a_wave_that_is_mostly_closed_holds_the_rest_until_somebody_says_so(still: House) -> None:
    number = asked(still)
    look(still, number)
    still.idp.repo_host.withdraw("cart", BRANCH)
    look(still, number)
    assert "mostly closed without being merged" in waits_for(still, number)
    assert pull_state(still, "invoices") == "none"
    go_on(still.idp, number, Actor(CAT), "1")
    look(still, number)
    assert pull_state(still, "invoices") == "open"


def test_a_host_that_is_away_while_it_is_asked_ends_nothing(
    still: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = asked(still)
    look(still, number)
    merge(tmp_path, "cart")
    with monkeypatch.context() as away:

        def unreachable(*_: object) -> None:
            raise Unavailable("The host does not answer.")

        away.setattr(type(still.idp.repo_host), "pull_request", unreachable)
        look(still, number)
        assert "waits until" in waits_for(still, number)
    look(still, number)
    assert pull_state(still, "invoices") == "open"


def test_the_last_wave_is_not_waited_for_for_ever(still: House, clock: Clock) -> None:
    number = asked(still, wave=5)
    look(still, number)
    clock.advance(days=29)
    look(still, number)
    assert "Wave 1 of 1 waits" in waits_for(still, number)
    clock.advance(days=2)
    assert look(still, number).request.state == "done"

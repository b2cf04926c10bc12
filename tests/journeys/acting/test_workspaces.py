"""Development workspaces as people in Slack see them: launched, ready, full, failed, longer, deleted."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.playground import Message
from data.ports.workspaces import NewWorkspace
from data.store import workspaces
from data.store.workspaces import Workspace
from tests.journeys.acting.acme import Acme, shown
from workflows.workspaces.inventory import take_stock
from workflows.workspaces.watching import tick, watch

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the rules are the same on both


def rows(acme: Acme) -> list[Workspace]:
    with acme.idp.database.reading() as store:
        return workspaces.find(store)


def launch(acme: Acme, who: str, service: str = "checkout", **filled: str) -> Message:
    """By the form; gives the one message about it, when it is there."""
    assert acme.slack.command(who, "general", f"/idp workspace {service}").status == 200
    acme.modal(who)
    sent = acme.slack.submit(who, {f"field:{name}": value for name, value in filled.items()})
    assert sent.answer["response_action"] == "push", sent.answer
    assert acme.slack.submit(who).status == 200
    return message(acme, who, filled.get("name", service))


def message(acme: Acme, who: str, name: str, text: str = "") -> Message:
    """The message about a workspace once it says this."""

    def look() -> Any:
        watch(acme.idp)
        found = [m for m in acme.seen(who, "dm") if f"Workspace {name}" in shown(m) and text in shown(m)]
        return found[-1] if found else None

    found: Message = acme.until(look)
    return found


def test_from_the_card_of_the_service_to_ready_in_one_message(acme: Acme) -> None:
    card = acme.ask("ann", "checkout")
    acme.press("ann", card, "Launch workspace")
    modal = acme.modal("ann")
    assert "python" in str(modal.body)
    assert "CPU cores" in str(modal.body)
    acme.slack.submit("ann", {"field:p.cpu": "4"})
    acme.slack.submit("ann")
    ready = message(acme, "ann", "checkout", "is ready")
    assert all(
        button in shown(ready) for button in ("Open in VS Code", "Open in browser", "Extend 2 h", "Stop now")
    )
    about = [m for m in acme.seen("ann", "dm") if "Workspace checkout" in shown(m)]
    assert len(about) == 1
    assert not [m for m in acme.seen("ben", "team-payments") if "Workspace" in shown(m)]
    listed = acme.ask("ann", "workspaces")
    assert "1 ready" in shown(listed)
    assert "credits a day" in shown(listed)
    card = acme.ask("ben", "checkout")
    assert "*Workspaces* (1)" in shown(card)
    assert "1 ready" in shown(acme.ask("ben", "workspaces --service checkout"))
    assert "1 ready" in shown(acme.ask("ben", "workspaces --team team-payments"))


def test_a_preset_fills_in_and_faults_stand_at_their_fields(acme: Acme) -> None:
    acme.slack.command("ann", "general", "/idp workspace checkout")
    acme.modal("ann")
    refused = acme.slack.submit("ann", {"field:p.branch": "no spaces here", "field:p.disk": "5"})
    assert refused.answer["response_action"] == "errors"
    said = str(refused.answer["errors"])
    assert "at most 60" in said
    assert "10 or more, please" in said


def test_a_full_quota_offers_what_to_stop(acme: Acme) -> None:
    for name in ("one", "two", "three"):
        launch(acme, "ann", name=name)
        message(acme, "ann", name, "is ready")
    full = acme.ask("ann", "workspace checkout")
    assert "3 of 3 in use: stop one of these" in full.text
    acme.press("ann", full, "Stop two")
    message(acme, "ann", "two", "is stopped")
    assert {row.name: row.state for row in rows(acme)} == {"one": "running", "two": "stopped", "three": "running"}


def test_a_failed_build_shows_its_last_lines_and_is_tried_again(acme: Acme) -> None:
    launch(acme, "cara", "cart", name="lab", template="gpu-lab")
    asked = acme.until(acme.requests)[0]
    acme.press("pia", acme.card(asked.id, "pia", "team-payments"), "Approve")
    failed = message(acme, "cara", "lab", "failed to build")
    assert "no capacity" in shown(failed)
    acme.press("cara", failed, "Try again")
    assert "no capacity" not in shown(message(acme, "cara", "lab", "is ready"))


def test_warned_once_extended_by_the_button_and_deleted_after_a_question(acme: Acme) -> None:
    launch(acme, "ann")
    ready = message(acme, "ann", "checkout", "is ready")
    due = rows(acme)[0].due_at
    assert due
    late = replace(acme.idp, now=lambda: due)
    tick(late)
    tick(late)
    warned = acme.until(lambda: [m for m in acme.seen("ann", "dm") if "stops by itself at" in shown(m)])
    assert len(warned) == 1
    acme.press("ann", warned[0], "Extend 2 h")
    acme.until(lambda: (rows(acme)[0].due_at or due) > due)
    assert "extended already" in acme.said("ann", "Extend 2 h", warned[0], "dm")
    acme.press("ann", ready, "Delete")
    message(acme, "ann", "checkout", "is deleted")
    assert acme.house.workspaces.list() == []
    assert len(acme.audited("workspace.deleted.asked")) == 1


def test_words_do_what_buttons_do_and_only_for_those_who_may(acme: Acme) -> None:
    launch(acme, "ann")
    message(acme, "ann", "checkout", "is ready")
    number = rows(acme)[0].id
    assert "Only its owner" in acme.ask("raj", f"workspace stop {number}").text
    assert "now stops" in acme.ask("ann", f"workspace extend {number} 1h").text
    assert "being stopped" in acme.ask("ben", f"workspace stop {number}").text
    message(acme, "ann", "checkout", "is stopped")
    assert "now" not in acme.ask("ann", "workspaces").text


def test_a_workspace_is_named_in_words_and_deleting_asks_first(acme: Acme) -> None:
    launch(acme, "ann")
    message(acme, "ann", "checkout", "is ready")
    assert "You have no workspace checkout." in acme.ask("raj", "workspace stop checkout").text
    assert acme.ask("ann", "workspace stop").text.startswith("Which one? Say its name or number after stop.")
    asked = acme.ask("ann", "workspace delete Checkout")
    assert asked.text.startswith("Delete workspace checkout?")
    assert len(acme.house.workspaces.list()) == 1, "nothing is deleted by words"
    assert "There is no workspace 99." in acme.ask("ann", "workspace delete 99").text
    acme.press("ann", asked, "Delete checkout")
    message(acme, "ann", "checkout", "is deleted")
    assert acme.house.workspaces.list() == []


def test_the_home_lists_mine(acme: Acme) -> None:
    launch(acme, "ann")
    message(acme, "ann", "checkout", "is ready")
    acme.slack.open_home("ann")
    home = acme.until(lambda: (view := acme.slack.home("ann")) and "Your workspaces" in str(view.body) and view)
    assert "Stop checkout" in str(home.body)


def test_a_long_list_is_paged(acme: Acme) -> None:
    for number in range(45):
        acme.house.workspaces.create(NewWorkspace("ann@acme.example", f"box-{number:02}", "python"))
    take_stock(acme.idp)
    first = acme.ask("ann", "workspaces")
    assert "Your workspaces: 45" in first.text
    more = re.search(r"Show more \(\d+\)", shown(first))
    assert more
    acme.press("ann", first, more[0])
    acme.until(lambda: [m for m in acme.seen("ann", "general") if "box-20" in shown(m)])

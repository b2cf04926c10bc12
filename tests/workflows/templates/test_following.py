"""One service follows its golden path: what becomes of its pull request is told, and stands on the card."""

from dataclasses import replace
from pathlib import Path

from commands.parts.requests.card import request_reply
from data.integrations.repos.bare import Bare
from data.store.requests import RunView
from tests.conftest import Clock
from tests.workflows.house import House
from tests.workflows.templates.test_answers import said
from tests.workflows.templates.test_upgrading import ANN, view
from workflows.requests.request import Actor, go_on, submit, undo
from workflows.requests.run import run
from workflows.requests.unwinding import unwind
from workflows.templates.following import UPDATE
from workflows.templates.watching import watch

INVOICES, BRANCH = "component:default/invoices", "idp/template-demo-v3"
PAGE = "https://git.acme.example/acme/invoices/pulls/1"


def asked(house: House, version: str = "") -> int:
    """Ann asks for the newest version, and the pull request is opened."""
    watch(house.idp, "now")
    values = {"target": INVOICES, "version": version}
    request = submit(house.idp, UPDATE, Actor(ANN), values, reason="Follow")
    look(house, request.id)
    return request.id


def look(house: House, id: int) -> RunView:
    """What the engine does when the time has come, as a process that knows nothing but the rows."""
    run(house.idp, id, view(house, id).request.attempt)
    return view(house, id)


def merge(folder: Path) -> None:
    """Its owners merge the pull request."""
    bare = Bare(folder / "git" / "acme" / "invoices.git")
    bare.git("update-ref", "refs/heads/main", bare.commit_of(f"refs/heads/{BRANCH}"))


def thread(house: House, id: int) -> list[str]:
    """What the thread of the request was told, in order."""
    with house.idp.database.reading() as store:
        rows = store.connection.exec_driver_sql(
            f"SELECT text FROM message WHERE key LIKE 'request:{id}:%' AND kind = 'text' ORDER BY id"
        )
        return [str(row[0]) for row in rows]


def card(house: House, id: int) -> str:
    return str(request_reply(view(house, id), house.idp.catalog.snapshot))


def test_it_is_followed_until_it_is_merged(still: House, tmp_path: Path) -> None:
    synced: list[str | None] = []

    def sync(source: str | None) -> str:
        synced.append(source)
        return "Syncing now."

    still.idp = replace(still.idp, request_sync=sync)
    number = asked(still)
    shown = card(still, number)
    assert "Wait until it is merged or closed: " in shown
    assert " is open" in shown
    assert "Stop waiting" in shown
    assert "Go on now" not in shown
    reply, text = said(still, "show invoices")
    assert reply.data["golden_path"]["pull_request"]["state"] == "opened"
    assert f"is open (request #{number})" in text
    assert "Follow v3" not in text  # there is a pull request already
    assert look(still, number).request.state == "running"
    merge(tmp_path)
    assert look(still, number).request.state == "done"
    assert [line.partition(" http")[0] for line in thread(still, number)[:2]] == [
        "invoices: opened",
        "invoices: merged",
    ]
    assert synced == ["acme"]  # the catalog learns of it by reading the service's files
    _, text = said(still, "show invoices")
    assert "the catalog has not read it yet" in text
    assert "Follow v3" not in text


def test_one_that_is_closed_is_told_and_not_offered_again(still: House) -> None:
    number = asked(still)
    still.idp.repo_host.withdraw("invoices", BRANCH)
    done = look(still, number)
    assert (done.request.state, done.steps[1].result["state"]) == ("done", "declined")
    assert thread(still, number)[1].startswith("invoices: declined ")
    _, text = said(still, "show invoices")
    assert "was closed without being merged" in text
    assert "Follow v3" not in text  # the same pull request would be found, and it is closed


def test_nobody_need_wait_for_it(still: House) -> None:
    number = asked(still)
    go_on(still.idp, number, Actor(ANN), "1", stop=True)
    assert look(still, number).request.state == "done"
    assert thread(still, number)[1].endswith("is still open; nobody is told any more what becomes of it.")
    assert f"is open (request #{number})" in said(still, "show invoices")[1]


def test_it_is_not_waited_for_for_ever(still: House, clock: Clock) -> None:
    number = asked(still)
    clock.advance(days=29)
    assert look(still, number).request.state == "running"
    clock.advance(days=2)
    assert look(still, number).request.state == "done"


def test_a_version_that_comes_meanwhile_changes_nothing_about_it(still: House, tmp_path: Path) -> None:
    """The request said "the newest", and that was v3 when it was opened."""
    number = asked(still)
    bare = Bare(tmp_path / "template")
    bare.git("update-ref", "refs/tags/v4", bare.commit_of("refs/tags/v3"))
    watch(still.idp, "later")
    assert look(still, number).request.state == "running"
    go_on(still.idp, number, Actor(ANN), "1", stop=True)
    look(still, number)
    undo(still.idp, number, Actor(ANN))
    unwind(still.idp, number, view(still, number).request.attempt)
    found = still.idp.repo_host.pull_request("invoices", BRANCH)
    assert found is not None
    assert found.state == "closed"

"""A workspace from the request to the end: made once, watched as a row, stopped in time."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from data.catalog.snapshot import Snapshot
from data.errors import Conflict, NotAllowed, Unavailable
from data.ports.workspaces import NewWorkspace
from data.store import audit, requests, workspaces
from data.store.workspaces import Workspace
from tests.waiting import until
from tests.workflows.house import ANN, BEN, CAT, CHECKOUT, DAN, House, snapshot
from workflows.action import FormFaults
from workflows.requests.request import Actor, decide
from workflows.telling.cards import RequestCard, WorkspaceCard
from workflows.workspaces import deeds
from workflows.workspaces.inventory import take_stock
from workflows.workspaces.watching import tick, watch

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def row_of(house: House, request: Any) -> Workspace:
    with house.idp.database.reading() as store:
        row = workspaces.of_request(store, request.id)
    assert row is not None
    return row


def watched(house: House, request: Any, state: str) -> Workspace:
    """Look until the workspace is in this state."""

    def there() -> bool:
        watch(house.idp)
        with house.idp.database.reading() as store:
            row = workspaces.of_request(store, request.id)
        return row is not None and row.state == state

    until(there)
    return row_of(house, request)


def audited(house: House, what: str) -> list[dict[str, Any]]:
    with house.idp.database.reading() as store:
        return [record.decoded() for record in audit.records(store) if record.what == what]


def ready(house: House, name: str = "checkout") -> tuple[Any, Workspace]:
    asked = house.submit("workspace", name=name)
    return asked, watched(house, asked, "running")


def cards(house: House, person: str = ANN) -> list[WorkspaceCard]:
    """Every version that the person saw of the one message about a workspace."""
    found = [m for m in house.chat.at(person) if isinstance(m.card, WorkspaceCard) and not m.card.ending]
    assert len(found) == 1
    return [card for card in found[0].cards if isinstance(card, WorkspaceCard)]


def states(house: House, person: str = ANN) -> list[str]:
    """What the person was told one after the other."""
    told = [card for m in house.chat.at(person) for card in m.cards if isinstance(card, WorkspaceCard)]
    return [card.workspace.state if card.workspace else "queued" for card in told]


def test_one_message_goes_from_queued_to_ready_and_the_audit_says_whose_token_it_was(house: House) -> None:
    house.workspaces.times = replace(house.workspaces.times, build=100_000)
    asked = house.submit("workspace", name="checkout")
    watched(house, asked, "starting")
    until(lambda: "starting" in states(house))
    house.workspaces.times = replace(house.workspaces.times, build=0.3)
    row = watched(house, asked, "running")
    house.settle()
    assert states(house)[0] in ("queued", "pending", "starting")  # delivered perhaps a moment later
    assert states(house)[-1] == "running"
    assert len(cards(house)) > 1
    assert row.web_url
    assert row.due_at
    assert row.owner == ANN
    assert row.team == "group:default/payments"
    assert [one["detail"]["token"] for one in audited(house, "workspace.created")] == [
        "the demo's service account"
    ]
    assert audited(house, "workspace.ready")
    assert not [m for m in house.chat.messages.values() if m.place != ANN]  # nobody else is disturbed


def test_a_name_that_somebody_took_by_hand_is_a_clear_sentence_and_is_not_touched(house: House) -> None:
    theirs = house.workspaces.create(NewWorkspace("ann@acme.example", "Checkout", "node"))
    asked = house.submit("workspace")
    house.settle()
    with house.idp.database.reading() as store:
        failed = requests.load(store, asked.id)
    assert failed is not None
    assert failed.state == "failed"
    assert "not launched here" in failed.error
    assert [one.id for one in house.workspaces.list()] == [theirs.id]
    assert isinstance(house.chat.at(ANN)[0].card, RequestCard)  # with its buttons


def test_a_failed_build_of_what_was_approved_shows_its_lines_and_is_tried_again(
    house: House,
) -> None:
    asked = house.submit("workspace", name="lab", template="gpu-lab", **{"p.disk": "40"})
    assert asked.state == "pending"
    decide(house.idp, asked.id, Actor(CAT), True, fingerprint=asked.fingerprint)
    failed = watched(house, asked, "failed")
    assert "no capacity" in failed.log
    deeds.again(house.idp, failed.id, Actor(ANN))
    assert watched(house, asked, "running").log == ""


def test_the_policy_may_refuse_a_template(house: House) -> None:
    with pytest.raises(NotAllowed, match="Go is not for workspaces yet"):
        house.submit("workspace", template="go")


def test_values_are_checked_by_what_the_template_says(house: House) -> None:
    for wrong in ({"p.cpu": "64"}, {"p.disk": 5}, {"p.branch": "a b"}, {"name": "no spaces"}, {"life": "3h"}):
        with pytest.raises((FormFaults, NotAllowed)):
            house.submit("workspace", **wrong)


def test_stop_start_extend_delete(house: House) -> None:
    asked, row = ready(house)
    longer = deeds.extend(house.idp, row.id, Actor(ANN), due_was=int(row.due_at.timestamp()) if row.due_at else 0)
    assert longer.due_at == (row.due_at or house.idp.now()) + timedelta(hours=2)
    with pytest.raises(Conflict, match="already"):
        deeds.extend(house.idp, row.id, Actor(ANN), due_was=int(row.due_at.timestamp()) if row.due_at else 0)
    until(lambda: house.workspaces.list()[0].deadline == longer.due_at)
    deeds.stop(house.idp, row.id, Actor(BEN))  # of the team that owns the service
    watched(house, asked, "stopped")
    with pytest.raises(NotAllowed):
        deeds.start(house.idp, row.id, Actor(BEN))
    deeds.start(house.idp, row.id, Actor(ANN))
    watched(house, asked, "running")
    with pytest.raises(NotAllowed):
        deeds.delete(house.idp, row.id, Actor(DAN))
    deeds.delete(house.idp, row.id, Actor(CAT))
    watched(house, asked, "deleted")
    assert house.workspaces.list() == []
    assert [one["actor"] for one in audited(house, "workspace.stopped.asked")] == [BEN]
    assert [one["actor"] for one in audited(house, "workspace.refused")] == [BEN, DAN]


def test_a_stopped_one_is_started_within_the_quota_only(idle_house: House) -> None:
    now, made = idle_house.idp.now(), list[Workspace]()
    blank = Workspace(0, "fake", "", "", "node", ANN, "ann@acme.example", "", "", "running", now)
    with idle_house.idp.database.store() as store:
        stopped = replace(blank, name="d", state="stopped")
        for one in (*(replace(blank, name=name) for name in "abc"), stopped):
            row = workspaces.add(store, one)
            assert row
            made.append(row)
    with pytest.raises(NotAllowed, match="3 of 3 in use: stop one of a, b, c first"):
        deeds.start(idle_house.idp, made[3].id, Actor(ANN))
    deeds.stop(idle_house.idp, made[0].id, Actor(ANN))
    assert deeds.start(idle_house.idp, made[3].id, Actor(ANN)).wanted == "running"


def test_nobody_extends_beyond_the_longest(house: House) -> None:
    _, row = ready(house)
    deeds.extend(house.idp, row.id, Actor(ANN))
    last = deeds.extend(house.idp, row.id, Actor(ANN))
    assert last.due_at
    assert last.due_at - (row.running_since or last.due_at) <= timedelta(hours=12)
    with pytest.raises(NotAllowed, match="does not let"):
        deeds.extend(house.idp, row.id, Actor(ANN))


def test_the_warning_comes_once_and_then_it_stops_at_the_time_stated(house: House) -> None:
    asked, row = ready(house)
    assert row.due_at
    soon = replace(house.idp, now=lambda: row.due_at - timedelta(minutes=20) if row.due_at else house.idp.now())
    for _ in range(3):
        tick(soon)
    house.settle()
    told = [m for m in house.chat.at(ANN) if isinstance(m.card, WorkspaceCard) and m.card.ending]
    assert len(told) == 1
    object.__setattr__(house.workspaces, "now", lambda: row.due_at)
    take_stock(replace(house.idp, now=lambda: row.due_at or house.idp.now()))
    assert row_of(house, asked).state == "stopped"


def test_an_outage_is_bounded_and_says_what_is_true(house: House) -> None:
    asked, row = ready(house)
    away = Unavailable("Acme workspaces does not answer.")
    idp = replace(house.idp, workspaces=(Away(house.workspaces, away),))
    deeds.stop(idp, row.id, Actor(ANN))
    house.settle()
    after = row_of(house, asked)
    with house.idp.database.store() as store:
        workspaces.move(
            store, after, wanted="stopped", wanted_by=ANN, wanted_at=after.recorded_at, next_at=after.recorded_at
        )
    watch(idp)
    waiting = row_of(house, asked)
    assert waiting.state == "running"
    assert "does not answer" in waiting.error
    late = replace(idp, now=lambda: house.idp.now() + timedelta(minutes=16))
    watch(late)
    given_up = row_of(house, asked)
    assert given_up.wanted == ""
    assert "Nothing was done" in given_up.error


class Away:
    """A system that does not answer."""

    def __init__(self, real: Any, fault: Exception) -> None:
        self.real, self.fault = real, fault
        self.key, self.name, self.acts_as, self.launches = real.key, real.name, real.acts_as, True

    def __getattr__(self, name: str) -> Any:
        raise self.fault


def test_who_left_the_directory_leaves_no_running_workspace(house: House) -> None:
    asked, row = ready(house)
    house.catalog.snapshot = snapshot(ann="")
    take_stock(house.idp)
    watched(house, asked, "stopped")
    house.settle()
    listed = [m.card for m in house.chat.at("payments")]
    assert "checkout" in str(listed)
    assert row.target == CHECKOUT


def test_a_team_that_is_gone_is_told_with_what_it_leaves(house: House) -> None:
    ready(house)
    kept = house.catalog.snapshot
    house.catalog.snapshot = Snapshot.build([one for one in kept if one.ref != "group:default/payments"])
    take_stock(house.idp)
    take_stock(house.idp)
    house.settle()
    told = [m for m in house.chat.at("platform") if "workspaces --team group:default/payments" in str(m.card)]
    assert len(told) == 1


def test_what_was_launched_elsewhere_is_listed_and_counts(house: House) -> None:
    house.workspaces.create(NewWorkspace("ben@acme.example", "by-hand", "node"))
    take_stock(house.idp)
    take_stock(house.idp)
    with house.idp.database.reading() as store:
        mine = workspaces.find(store, owner=BEN)
        held = workspaces.counted(store, BEN)
    assert [(one.name, one.template) for one in mine] == [("by-hand", "node")]
    assert len(held) == 1


def test_a_build_that_hangs_is_told_and_can_be_tried_again(house: House) -> None:
    house.workspaces.times = replace(house.workspaces.times, build=100_000)
    asked = house.submit("workspace")
    until(lambda: bool(house.workspaces.list()))
    late = replace(house.idp, now=lambda: house.idp.now() + timedelta(minutes=25))
    house.settle()
    watch(late)
    house.settle()
    assert row_of(house, asked).alarms == 1
    assert "25 minutes" in str(house.chat.at("platform")[-1].card) or "20 minutes" in str(
        house.chat.at("platform")[-1].card
    )
    house.workspaces.times = replace(house.workspaces.times, build=0.3)
    deeds.again(house.idp, row_of(house, asked).id, Actor(ANN))
    watched(house, asked, "running")

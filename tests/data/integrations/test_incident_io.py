"""incident.io behind the same ports, against a stand-in that the published description judges."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.catalog.snapshot import Snapshot
from data.errors import NotFound
from data.integrations.annotated import Annotated
from data.integrations.incident_io import IncidentIo
from data.integrations.incident_io_api import KEYS, connect
from data.ports.oncall import Page, Rotas
from tests.conftest import Clock
from tests.data.integrations.rotas import component, on_call
from tests.fakes.api import Answer
from tests.fakes.incident_io import FakeIncidentIo
from tests.fakes.pagerduty import FakeSchedule
from tests.fakes.spec import Spec

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class House:
    oncall: IncidentIo
    api: FakeIncidentIo
    clock: Clock

    def now(self) -> Rotas:
        return self.oncall.refresh(self.clock(), self.clock() + timedelta(days=15))

    def on_call(self, name: str, at: datetime | None = None) -> list[tuple[int, str]]:
        return on_call(self.now(), "incident.io", name, at or self.clock())


@pytest.fixture
def house(shared: Path, clock: Clock) -> Iterator[House]:
    entities = [
        component("incident.io", "checkout", escalation_path_id="P1"),
        component("incident.io", "shop", schedule_id="S1"),
    ]
    catalog = Snapshot.build(entities, version=1)
    with FakeIncidentIo(Spec(shared / "specs" / "incident-io-trimmed-openapi3.json")) as api:
        api.people = {"U1": ("Ann Day", "ann@acme.example"), "U2": ("Ben Late", "ben@acme.example")}
        api.people["U3"] = ("Cy Boss", "cy@acme.example")
        api.schedules = {"S1": FakeSchedule("Primary", ["U1", "U2"], MONDAY, DAY)}
        api.paths = {"P1": ("Urgent", [api.level("S1"), api.level("U3")])}
        client = connect(api.url, api.token)
        yield House(IncidentIo(client, Annotated(lambda: catalog, KEYS), {"S1": ["team-shop"]}, clock), api, clock)
        client.close()
        assert api.faults == []


def test_schedules_and_paths_answer_for_what_names_them(house: House) -> None:
    covers = {one.name: one.covers for one in house.now().schedules}
    assert covers == {
        "Primary": ("group:default/team-shop", "component:default/shop"),
        "Urgent": ("component:default/checkout",),
    }


def test_levels_now_and_next(house: House) -> None:
    assert house.on_call("Urgent") == [(1, "Ann Day"), (2, "Cy Boss")]
    assert house.on_call("Primary", MONDAY + DAY) == [(1, "Ben Late")]


def test_an_override_counts(house: House) -> None:
    house.api.schedules["S1"].overrides = [(MONDAY, MONDAY + DAY, "U3")]
    assert house.on_call("Primary") == [(1, "Cy Boss")]


def test_both_branches_of_a_condition_count(house: House) -> None:
    then, otherwise = [house.api.level("U2")], [house.api.level("U3")]
    condition = {"conditions": [], "then_path": then, "else_path": otherwise}
    house.api.paths["P1"] = (
        "Urgent",
        [house.api.level("S1"), {"id": "C", "type": "if_else", "if_else": condition}],
    )
    assert house.on_call("Urgent") == [(1, "Ann Day"), (2, "Ben Late"), (2, "Cy Boss")]


def test_many_pages_come_whole(house: House) -> None:
    house.api.page = 2
    for n in range(7):
        house.api.schedules[f"T{n}"] = FakeSchedule(f"Turn {n}", ["U1"], MONDAY)
    rotas = house.now()
    assert len(rotas.schedules) == 9
    assert len(rotas.by_schedule["incident.io", "Primary"]) == 16


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(401, {}), "does not accept the token"),
        (Answer(500, {}), "answers 500"),
        (Answer(429, {}, {"Retry-After": "3600"}), "asks us to wait"),
        (Answer(200, {"schedule_entries": {}}), "no list of final"),
        (Answer(200, content=b'{"schedule_en'), "not JSON"),
    ],
)
def test_trouble_keeps_the_last_good_answer_with_its_age(house: House, answer: Answer, says: str) -> None:
    good = house.now()
    house.clock.advance(minutes=12)
    with house.api.trouble("/v2/schedule_entries", answer):
        told = house.now()
    assert (told.shifts, told.as_of) == (good.shifts, good.as_of)
    assert says in told.failures[0]


def test_a_cursor_that_comes_back_is_no_answer(house: House) -> None:
    again = Answer(200, {"users": [], "pagination_meta": {"after": "X", "page_size": 25}})
    with house.api.trouble("/v2/users", again):
        assert "does not hand out all of users" in house.now().failures[0]


def test_a_page_is_one_escalation_however_often_it_is_sent(house: House) -> None:
    page = Page("component:default/checkout", "Checkout is down", "no orders", "Dana", "idp-7")
    house.oncall.page(page)
    house.oncall.page(page)
    assert list(house.api.escalations) == ["idp-7"]
    assert house.api.escalations["idp-7"]["escalation_path_id"] == "P1"
    with pytest.raises(NotFound):
        house.oncall.page(Page("component:default/shop", "Down", "why", "Dana", "idp-8"))

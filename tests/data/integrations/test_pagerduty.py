"""PagerDuty as people meet it, over HTTP, against a stand-in that the published description judges."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from data.catalog.snapshot import Snapshot
from data.errors import Invalid, NotAllowed, NotFound
from data.integrations.annotated import Annotated
from data.integrations.pagerduty import PagerDuty
from data.integrations.pagerduty_api import KEYS, connect
from data.ports.oncall import FOREVER, Page, Rotas
from tests.conftest import Clock
from tests.data.integrations.rotas import component, on_call
from tests.fakes.api import Answer
from tests.fakes.pagerduty import FakeEvents, FakePagerDuty, FakeSchedule
from tests.fakes.spec import Spec
from tests.waiting import PATIENT, until

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
KEY = "0123456789abcdef0123456789abcdef"


@dataclass
class House:
    pagerduty: PagerDuty
    api: FakePagerDuty
    events: FakeEvents
    clock: Clock
    annotated: Annotated

    def now(self) -> Rotas:
        return self.pagerduty.refresh(self.clock(), self.clock() + timedelta(days=15))

    def on_call(self, name: str, at: datetime | None = None) -> list[tuple[int, str]]:
        return on_call(self.now(), "PagerDuty", name, at or self.clock())


def spec(shared: Path, name: str, prefix: str = "") -> Spec:
    return Spec(shared / "specs" / name, prefix)


@pytest.fixture
def house(shared: Path, clock: Clock) -> Iterator[House]:
    catalog = Snapshot.build(
        [
            component("pagerduty.com", "checkout", service_id="PSVC1"),
            component("pagerduty.com", "payments", integration_key=KEY),
            component("pagerduty.com", "ledger", service_id="PSVC1"),
            component("pagerduty.com", "lost", service_id="PNONE"),
            component("pagerduty.com", "plain"),
        ],
        version=1,
    )
    with (
        FakePagerDuty(spec(shared, "pagerduty-trimmed-openapi3.json")) as api,
        FakeEvents(spec(shared, "pagerduty-events-v2-openapiv3.json", "/v2")) as events,
    ):
        api.users = {
            f"PU{n}": (name, f"{name.split()[0].lower()}@acme.example")
            for n, name in enumerate(("Ann Day", "Ben Late", "Cy Boss"))
        }
        api.schedules = {"PSCH1": FakeSchedule("Primary", ["PU0", "PU1"], MONDAY)}
        api.policies = {"PEP1": ("Checkout policy", [["PSCH1"], ["PU2"]])}
        api.service("PSVC1", "Checkout", "PEP1", KEY)
        events.keys = {KEY}
        client = connect(api.url, events.url, api.token)
        annotated = Annotated(lambda: catalog, KEYS)
        yield House(
            PagerDuty(client, annotated, {"PSCH1": ["team-payments"]}, clock), api, events, clock, annotated
        )
        settle()
        client.close()
        assert api.faults == []
        assert events.faults == []


def test_policies_are_schedules_and_annotations_say_what_they_cover(house: House) -> None:
    rotas = house.now()
    by_name = {one.name: one for one in rotas.schedules}
    assert by_name["Checkout policy"].covers == tuple(
        f"component:default/{n}" for n in ("checkout", "payments", "ledger")
    )
    assert by_name["Checkout policy"].timezone == "Europe/London"
    assert by_name["Primary"].covers == ("group:default/team-payments",)
    assert not rotas.failures


def test_levels_now_and_next(house: House) -> None:
    assert house.on_call("Checkout policy") == [(1, "Ann Day"), (2, "Cy Boss")]
    assert house.on_call("Checkout policy", MONDAY + WEEK) == [(1, "Ben Late"), (2, "Cy Boss")]
    shifts = house.now().by_schedule["PagerDuty", "Checkout policy"]
    assert {one.email for one in shifts} == {"ann@acme.example", "ben@acme.example", "cy@acme.example"}
    assert [one.end for one in shifts if one.level == 2] == [FOREVER]


def test_an_override_counts(house: House) -> None:
    day = timedelta(days=1)
    house.api.schedules["PSCH1"].overrides = [(MONDAY, MONDAY + day, "PU1")]
    assert house.on_call("Primary") == [(1, "Ben Late")]
    assert house.on_call("Primary", MONDAY + day) == [(1, "Ann Day")]


def test_several_schedules_on_one_level_are_all_asked(house: House) -> None:
    house.api.schedules["PSCH2"] = FakeSchedule("Second", ["PU2"], MONDAY)
    house.api.policies["PEP1"] = ("Checkout policy", [["PSCH1", "PSCH2"]])
    assert house.on_call("Checkout policy") == [(1, "Ann Day"), (1, "Cy Boss")]


def test_two_policies_of_one_name_are_told_apart(house: House) -> None:
    house.api.policies["PEP2"] = ("Checkout policy", [["PU1"]])
    assert house.on_call("Checkout policy (PEP2)") == [(1, "Ben Late")]
    assert house.on_call("Checkout policy (PEP1)") == [(1, "Ann Day"), (2, "Cy Boss")]


def test_lists_of_many_pages_come_whole(house: House) -> None:
    house.api.page = 7
    for n in range(40):
        house.api.policies[f"PX{n}"] = (f"Policy {n}", [["PSCH1"]])
        house.api.service(f"PY{n}", f"Service {n}", f"PX{n}")
    rotas = house.now()
    assert len(rotas.schedules) == 42
    assert all(("PagerDuty", f"Policy {n}") in rotas.by_schedule for n in range(40))


def test_who_is_on_call_beyond_ninety_days_is_unknown(house: House) -> None:
    far = house.clock() + timedelta(days=120)
    assert house.pagerduty.refresh(far, far + WEEK).failures == ("PagerDuty plans 90 days ahead, and no further.",)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(401, {"error": {"message": "no", "code": 2006}}), "does not accept the token"),
        (Answer(403, {"error": {"message": "no", "code": 2010}}), "does not allow it"),
        (Answer(404, {"error": {"message": "no", "code": 2100}}), "does not know it"),
        (Answer(500, content=b"<html>"), "answers 500"),
        (Answer(200, content=b'{"oncalls": [{"us'), "not JSON"),
        (Answer(200, {"oncalls": "soon"}), "no list of oncalls"),
        (Answer(200, {"oncalls": [], "more": True}), "does not hand out all"),
        (Answer(429, headers={"Retry-After": "3600"}), "asks us to wait for 3,600 s"),
    ],
)
def test_trouble_keeps_the_last_good_answer_with_its_age(house: House, answer: Answer, says: str) -> None:
    good = house.now()
    house.clock.advance(minutes=12)
    with house.api.trouble("/oncalls", answer):
        told = house.now()
    assert told.shifts == good.shifts
    assert told.as_of == good.as_of
    assert says in told.failures[0]
    assert house.api.token not in told.failures[0]
    assert not house.now().failures
    assert house.now().as_of == house.clock()


@pytest.mark.parametrize("retry", ["0", "nonsense", "", "date"])
def test_too_many_calls_are_repeated_after_a_while(house: House, retry: str) -> None:
    stated = format_datetime(datetime.now(UTC), usegmt=True) if retry == "date" else retry
    headers = {"Retry-After": stated} if stated else {}
    with house.api.trouble("/oncalls", Answer(429, {"error": {}}, headers), times=1):
        assert not house.now().failures


def test_a_token_that_expires_between_two_pages_changes_nothing(house: House) -> None:
    good = house.now()
    house.api.page = 1
    with house.api.trouble("/oncalls", Answer(401, {"error": {}}), after=1):
        told = house.now()
    assert told.shifts == good.shifts
    assert told.failures


def test_a_cut_connection_is_tried_again(house: House) -> None:
    with house.api.trouble("/oncalls", cut=True, times=1):
        assert not house.now().failures


def test_a_question_never_waits_longer_than_a_second(house: House) -> None:
    with house.api.trouble("/services", pause=60.0, times=1):  # it has not answered when we have
        told = house.pagerduty.rotas(house.clock(), house.clock() + WEEK)
    assert told.failures == ("PagerDuty has not answered yet.",)


def test_asked_again_the_same_answer_comes_back_without_a_call(house: House) -> None:
    first = house.pagerduty.rotas(house.clock(), house.clock() + WEEK)
    calls = len(house.api.history)
    assert house.pagerduty.rotas(house.clock(), house.clock() + WEEK) is first
    assert len(house.api.history) == calls > 0


def test_open_incidents_of_an_entity(house: House) -> None:
    house.api.incident("PI1", "PSVC1", "The tills are slow", MONDAY)
    house.api.incident("PI2", "PSVC1", "Paid twice", MONDAY + timedelta(minutes=5), "acknowledged")
    house.api.incident("PI3", "PSVC1", "Over", MONDAY, "resolved")
    until(lambda: (told := house.pagerduty.incidents("component:default/checkout")) and told.as_of)
    told = house.pagerduty.incidents("component:default/checkout")
    assert told
    assert [(one.title, one.status) for one in told.incidents] == [
        ("Paid twice", "acknowledged"), ("The tills are slow", "triggered"),
    ]  # fmt: skip
    assert house.pagerduty.incidents("component:default/plain") is None


def test_incidents_stay_with_their_age_when_pagerduty_is_down(house: House) -> None:
    house.api.incident("PI1", "PSVC1", "The tills are slow", MONDAY)
    ticks = Ticks()
    client = connect(house.api.url, house.events.url, house.api.token)
    pagerduty = PagerDuty(client, house.annotated, {}, house.clock, ticks)
    until(lambda: (told := pagerduty.incidents("component:default/checkout")) and told.as_of)
    settle()
    ticks.seconds += 61
    with house.api.trouble("/incidents", Answer(403)):
        until(lambda: (told := pagerduty.incidents("component:default/checkout")) and told.failures)
        told = pagerduty.incidents("component:default/checkout")
    assert told
    settle()
    client.close()
    assert [one.title for one in told.incidents] == ["The tills are slow"]
    assert told.as_of == house.clock()


@pytest.mark.parametrize("name", ["checkout", "payments"])
def test_a_page_is_one_alert_however_often_it_is_sent(house: House, name: str) -> None:
    page = Page(f"component:default/{name}", "Checkout is down", "no orders", "Dana", "idp-7")
    house.pagerduty.page(page)
    house.pagerduty.page(page)
    assert list(house.events.alerts) == [(KEY, "idp-7")]
    event = house.events.alerts[KEY, "idp-7"][0]
    assert event["event_action"] == "trigger"
    assert event["payload"]["summary"] == "Checkout is down"
    assert event["payload"]["custom_details"] == {"reason": "no orders", "paged by": "Dana"}
    assert "authorization" not in house.events.history[0].headers  # events need no token, so they get none


def test_nobody_is_paged_for_what_pagerduty_does_not_know(house: House) -> None:
    for name in ("lost", "plain"):
        with pytest.raises(NotFound):
            house.pagerduty.page(Page(f"component:default/{name}", "Down", "why", "Dana", "idp-8"))
    assert house.pagerduty.reaches("component:default/plain") == ""


def test_a_service_without_events_says_what_to_do(house: House) -> None:
    house.api.service("PSVC1", "Checkout", "PEP1")
    with pytest.raises(NotFound, match="takes no events"):
        house.pagerduty.page(Page("component:default/checkout", "Down", "why", "Dana", "idp-9"))


def test_a_wrong_key_is_refused_for_good(house: House) -> None:
    house.events.keys = set()
    with pytest.raises(Invalid, match="refuses"):
        house.pagerduty.page(Page("component:default/payments", "Down", "why", "Dana", "idp-9"))
    assert len(house.events.history) == 1


def test_a_wrong_token_is_said_plainly(house: House) -> None:
    client = connect(house.api.url, house.events.url, "wrong-token")
    with pytest.raises(NotAllowed, match="token"):
        client.check()
    client.close()


@dataclass
class Ticks:
    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


def settle() -> None:
    """Wait for what is read in the background: it must not outlive its client."""
    for thread in threading.enumerate():
        if thread.name == "read PagerDuty":
            thread.join(PATIENT)

"""A Backstage as a source: paged, skipped by etag, never emptied; replayed from recorded answers."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from data.catalog.entity import Entity
from data.catalog.sources.backstage import BackstageSource
from data.catalog.syncing.sync import Report, sync
from data.errors import NotAllowed
from data.store.catalog import load_entities
from data.store.database import Database
from tests.conftest import Clock
from tests.fakes.api import Answer, Call, FakeApi, Trouble, once
from tests.fakes.backstage import FakeBackstage
from tests.fakes.spec import Spec


@pytest.fixture
def backstage() -> Iterator[FakeBackstage]:
    fake = FakeBackstage()
    yield fake
    fake.server.stop()


def component(name: str, owner: str = "payments", **metadata: Any) -> dict[str, Any]:
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": name, **metadata},
        "spec": {"type": "service", "lifecycle": "production", "owner": owner},
        "relations": [{"type": "ownedBy", "targetRef": f"group:default/{owner}"}],
    }


def source(fake: FakeBackstage, **fields: Any) -> BackstageSource:
    return BackstageSource("portal", fake.url, **{"token": fake.token, **fields})


def run(database: Database, of: BackstageSource) -> Report:
    return sync(database, of, now=Clock())


def entities(database: Database) -> dict[str, Entity]:
    with database.reading() as store:
        return {row[0]: Entity(*row) for row in load_entities(store)}


def test_everything_is_taken_over_pages(backstage: FakeBackstage, sqlite: Database) -> None:
    for number in range(1203):
        backstage.put(component(f"service-{number}"))
    report = run(sqlite, source(backstage))
    assert (report.error, report.entities, len(report.added)) == ("", 1203, 1203)
    assert len(backstage.server.history) == 3
    entity = entities(sqlite)["component:default/service-7"]
    assert (entity.owner, entity.type, entity.source) == ("group:default/payments", "service", "portal")
    assert entity.details()["url"] == f"{backstage.url}/catalog/default/component/service-7"


def test_what_stands_is_not_asked_for_again(backstage: FakeBackstage, sqlite: Database) -> None:
    for number in range(300):
        backstage.put(component(f"service-{number}"))
    run(sqlite, source(backstage))
    backstage.server.history.clear()
    backstage.put(component("service-7", owner="checkout"))
    report = run(sqlite, source(backstage))
    assert report.changed == ["component:default/service-7"]
    assert report.owner_changed == [
        ("component:default/service-7", "group:default/payments", "group:default/checkout")
    ]
    light, full = backstage.server.history
    assert light.one("fields") == "kind,metadata.name,metadata.namespace,metadata.etag"
    assert full.json == {"entityRefs": ["component:default/service-7"]}
    assert run(sqlite, source(backstage)).read == 0


def test_an_etag_that_moves_alone_is_no_change(backstage: FakeBackstage, sqlite: Database) -> None:
    backstage.put(component("checkout"))
    run(sqlite, source(backstage))
    moved = component("checkout")
    moved["relations"].append({"type": "dependencyOf", "targetRef": "component:default/web"})
    backstage.put(moved)
    report = run(sqlite, source(backstage))
    assert (report.read, report.changed) == (1, [])


def test_what_is_gone_there_is_gone_here(backstage: FakeBackstage, sqlite: Database) -> None:
    for name in ("a", "b", "c"):
        backstage.put(component(name))
    run(sqlite, source(backstage))
    backstage.remove("component:default/b")
    assert run(sqlite, source(backstage)).removed == ["component:default/b"]


def test_filters_are_backstages_own(backstage: FakeBackstage, sqlite: Database) -> None:
    backstage.put(component("a"))
    backstage.put({**component("b"), "kind": "Resource"})
    backstage.put({**component("c"), "kind": "System"})
    run(sqlite, source(backstage, filters=("kind=component", "kind=resource")))
    assert set(entities(sqlite)) == {"component:default/a", "resource:default/b"}


def test_an_old_release_is_read_by_its_links(backstage: FakeBackstage, sqlite: Database) -> None:
    backstage.old = True
    for number in range(1100):
        backstage.put(component(f"service-{number}"))
    assert run(sqlite, source(backstage)).entities == 1100
    backstage.put(component("service-7", owner="checkout"))
    report = run(sqlite, source(backstage))
    assert (report.changed, report.read) == (["component:default/service-7"], 1)


def test_an_owner_that_only_a_processor_states_is_taken(backstage: FakeBackstage, sqlite: Database) -> None:
    entity = component("checkout")
    del entity["spec"]["owner"]
    backstage.put(entity)
    run(sqlite, source(backstage))
    assert entities(sqlite)["component:default/checkout"].owner == "group:default/payments"


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ([once(500) for _ in range(3)], "answers 500"),
        ([once(401)], "does not accept the token"),
        ([once(403)], "does not allow it"),
        ([once(200, value=[])], "not a list"),
        ([Trouble(answer=Answer(200, content=b"<html>"), times=1)], "not JSON"),
        ([once(half=True) for _ in range(3)], "cannot be reached"),
        ([once(302, headers={"location": "http://169.254.169.254/"})], "another host"),
        ([once(429, headers={"retry-after": "3600"})], "wait for 3,600 s"),
    ],
)
def test_what_goes_wrong_leaves_what_was_known(
    backstage: FakeBackstage, sqlite: Database, faults: list[Trouble], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    backstage.put(component("checkout"))
    run(sqlite, source(backstage))
    backstage.server.troubles.extend(replace(each) for each in faults)
    report = run(sqlite, source(backstage))
    assert said in report.error
    assert backstage.token not in report.error
    assert set(entities(sqlite)) == {"component:default/checkout"}


def test_half_of_the_pages_change_nothing(backstage: FakeBackstage, sqlite: Database) -> None:
    for number in range(30):
        backstage.put(component(f"service-{number}"))
    run(sqlite, source(backstage))
    for number in range(20):
        backstage.remove(f"component:default/service-{number}")
    backstage.hides = 20
    assert "names 30 entities but hands out 10" in run(sqlite, source(backstage)).error
    assert len(entities(sqlite)) == 30


def test_a_catalog_that_says_it_is_empty_is_not_believed(backstage: FakeBackstage, sqlite: Database) -> None:
    backstage.put(component("checkout"))
    run(sqlite, source(backstage))
    backstage.entities.clear()
    assert "empty" in run(sqlite, source(backstage)).error
    assert set(entities(sqlite)) == {"component:default/checkout"}


def test_the_doctor_learns_how_many_there_are(backstage: FakeBackstage) -> None:
    backstage.put(component("a"))
    backstage.put(component("b"))
    assert source(backstage).check() == "2 entities"
    with pytest.raises(NotAllowed, match="does not accept the token"):
        source(backstage, token="wrong").check()


def test_a_token_that_is_not_set_is_named(backstage: FakeBackstage, sqlite: Database) -> None:
    report = run(sqlite, source(backstage, token="", variable="BACKSTAGE_TOKEN"))
    assert "Set BACKSTAGE_TOKEN" in report.error
    assert backstage.server.history == []


def test_recorded_answers_of_a_real_backend_replay(shared: Path, sqlite: Database) -> None:
    samples = json.loads((shared / "specs/backstage-catalog-4.0.0-live-samples.json").read_text())
    pages = [each for each in samples if "limit=3" in each["request"]["path"]]
    assert len(pages) == 3

    def answer(call: Call) -> Answer:
        at = (
            0
            if not call.one("cursor")
            else next(
                number + 1
                for number, each in enumerate(pages)
                if each["json"]["pageInfo"].get("nextCursor") == call.one("cursor")
            )
        )
        return Answer(pages[at]["status"], pages[at]["json"], pages[at]["headers"])

    fake = FakeApi(respond=answer).start()
    try:
        report = run(sqlite, BackstageSource("portal", fake.url))
    finally:
        fake.stop()
    told = {
        f"{e['kind']}:{e['metadata']['namespace']}/{e['metadata']['name']}".lower()
        for p in pages
        for e in p["json"]["items"]
    }
    assert (report.error, set(entities(sqlite))) == ("", told)
    payment = entities(sqlite)["component:default/payment-api"]
    assert payment.owner == "group:default/team-payments"
    assert payment.details()["annotations"]["github.com/project-slug"] == "acme/payment-api"


def test_what_is_asked_and_told_is_as_published(backstage: FakeBackstage, sqlite: Database, shared: Path) -> None:
    spec = Spec(shared / "specs/backstage-catalog-4.0.0-openapi3.json")
    for number in range(600):
        backstage.put(component(f"service-{number}"))
    run(sqlite, source(backstage, filters=("kind=component",)))
    backstage.put(component("service-7", owner="checkout"))
    run(sqlite, source(backstage, filters=("kind=component",)))
    backstage.old = True
    run(sqlite, source(backstage))
    run(sqlite, source(backstage, token="wrong"))
    faults: list[str] = []
    for call, told in backstage.server.answered:
        asked = "&".join(f"{name}={quote(value)}" for name, values in call.query.items() for value in values)
        faults += spec.faults_of_call(call.method, f"{call.path}?{asked}", call.headers, call.body)
        if not call.one("fields"):  # an entity of which only some fields are asked for is none by the description
            faults += spec.faults_of_answer(call.method, call.path, told.status, told.encoded())
    assert len(backstage.server.answered) > 6
    assert faults == []


@pytest.mark.parametrize("number", [7, 8, 9])
def test_recorded_errors_of_a_real_backend_are_sentences(shared: Path, sqlite: Database, number: int) -> None:
    sample = [
        each
        for each in json.loads((shared / "specs/backstage-catalog-4.0.0-live-samples.json").read_text())
        if each["status"] in (400, 401) and "by-query" in each["request"]["path"]
    ][number - 7]
    fake = FakeApi(respond=lambda _: Answer(sample["status"], sample["json"])).start()
    try:
        report = run(sqlite, BackstageSource("portal", fake.url, "secret"))
    finally:
        fake.stop()
    assert report.error
    assert "secret" not in report.error


def test_waiting_as_long_as_asked_and_no_longer(backstage: FakeBackstage) -> None:
    from data.http.answers import Answer, retry_after

    now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    date = format_datetime(now + timedelta(seconds=7), usegmt=True)
    for stated, seconds in (("12", 12), (date, 7), ("soon", 4), ("", 4), ("-5", 4), ("9" * 50, 4), ("1e400", 4)):
        answer = Answer("x", 429, {"retry-after": stated} if stated else {}, b"")
        assert retry_after(answer, now.timestamp(), otherwise=4) == seconds

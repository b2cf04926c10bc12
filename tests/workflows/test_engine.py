"""The engine under the house: once for each id, together with its transaction, and enough of it."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from data.errors import Conflict, Unavailable
from data.ports.access import Entitlement
from data.store import drafts, grants
from data.store.database import Database
from data.store.drafts import FormDraft
from data.store.grants import Grant
from data.store.tables.work import ReplicaRow
from tests.waiting import PATIENT, until
from tests.workflows.house import ANN, CHECKOUT, House, build, launch, now
from workflows.access.extending import arm
from workflows.engine import PAGE, VERSION, Engine, Pace
from workflows.works import forget


def test_work_appears_with_its_transaction_or_not_at_all(front: House) -> None:
    def fail() -> None:
        with front.idp.database.store() as store:
            front.idp.engine.enqueue(store, "expire", "expire:1", 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert front.engine.states(["expire:1"]) == {}
    with front.idp.database.store() as store:
        front.idp.engine.enqueue(store, "expire", "expire:1", 1)
        front.idp.engine.enqueue(store, "expire", "expire:2", 2, delay=3600)
    assert front.engine.states(["expire:1", "expire:2"]) == {"expire:1": "waiting", "expire:2": "waiting"}
    made = {one.app_version for one in front.engine._client.list_workflows(workflow_ids=["expire:1", "expire:2"])}
    assert made == {VERSION}, "any replica of this kind may take it, also after an upgrade"
    many = [*(f"expire:{n}" for n in range(10, 10 + PAGE)), "expire:1"]
    assert front.engine.states(many) == {"expire:1": "waiting"}


def test_work_that_is_for_later_waits(house: House) -> None:
    with house.idp.database.store() as store:
        house.idp.engine.enqueue(store, "expire", "expire:1", 1, delay=3600)
        house.idp.engine.enqueue(store, "expire", "expire:2", 2)
    until(lambda: house.engine.states(["expire:2"]) == {"expire:2": "done"})
    house.settle()
    assert house.engine.states(["expire:1"]) == {"expire:1": "waiting"}


def test_what_was_done_is_remembered_for_two_weeks(house: House) -> None:
    with house.idp.database.store() as store:
        house.idp.engine.enqueue(store, "expire", "expire:1", 1)
        drafts.put(store, FormDraft("d1", ANN, "game-day", {}, "", dry_run=False), now())
    house.settle()
    for days, kept in ((13, True), (15, False)):
        forget(replace(house.idp, now=partial(in_days, days)), "")
        with house.idp.database.reading() as store:
            there = (bool(house.engine.states(["expire:1"])), drafts.load(store, "d1") is not None)
        assert there == (kept, kept)


def in_days(days: int) -> datetime:
    return now() + timedelta(days=days)


def test_an_id_is_done_once_also_when_it_is_asked_for_later(house: House) -> None:
    for _ in range(3):
        with house.idp.database.store() as store:
            house.idp.engine.enqueue(store, "expire", "expire:1", 1)
        house.settle()
    assert house.engine.states(["expire:1"]) == {"expire:1": "done"}
    assert house.engine.forget(now() + timedelta(minutes=1)) == 1
    assert house.engine.states(["expire:1"]) == {}


def test_work_survives_a_database_that_is_away_for_a_moment(database_url: str, tmp_path: Path) -> None:
    house, calls = build(database_url, tmp_path), []

    def work(id: int) -> None:
        calls.append(id)
        if len(calls) < 3:
            raise Unavailable("The database does not answer.")

    house.engine.launch({"expire": work})
    with house.idp.database.store() as store:
        house.idp.engine.enqueue(store, "expire", "expire:1", 1)
    until(lambda: house.engine.states(["expire:1"]) == {"expire:1": "done"})
    assert calls == [1, 1, 1]
    house.engine.stop(drain=0)
    house.idp.database.close()


def test_an_engine_on_a_database_that_is_not_migrated_says_so(empty_url: str) -> None:
    database = Database(empty_url)
    with pytest.raises((Conflict, Unavailable)):
        Engine(database, {}).open()
    database.close()


def test_replicas_that_start_at_once_make_the_tables_once(
    new_postgres: Callable[[str], str], tmp_path: Path
) -> None:
    url, failed = new_postgres("template1"), []

    def start() -> None:
        try:
            database = Database(url)
            database.migrate()
            house = build(url, tmp_path)
            house.engine.close()
            house.idp.database.close()
            database.close()
        except Exception as error:  # noqa: BLE001  # whatever it is, the test must see it
            failed.append(error)

    replicas = [threading.Thread(target=start) for _ in range(3)]
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.join(PATIENT)
    assert not failed


def test_many_ends_in_the_same_second(house: House, full: bool) -> None:
    count, due = 1000 if full else 40, now()
    with house.idp.database.store() as store:
        for id in range(1, count + 1):
            grant = Grant(
                id=id,
                key=f"g{id}",
                subject=ANN,
                email=f"p{id}@acme.example",
                target=CHECKOUT,
                environment="prod",
                seconds=60,
                state="active",
                recorded_at=due,
                due_at=due,
                given_at=due,
            )
            grants.add(store, grant)
            house.access.grant(Entitlement(grant.key, grant.email, CHECKOUT, "prod"))
            arm(house.idp, store, grant)
    began = time.monotonic()
    until(lambda: not house.access.list())
    house.settle()
    print(f"{count} ends in {time.monotonic() - began:.1f} s")
    with house.idp.database.reading() as store:
        assert not grants.unremoved(store)


def test_what_outlasts_the_drain_raises_no_alarm_and_is_begun_again(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    threads, began, go = list[threading.Thread](), threading.Event(), threading.Event()

    def slow(_: int) -> None:
        threads.append(threading.current_thread())
        began.set()
        go.wait(PATIENT)

    first = build(database_url, tmp_path)
    first.engine.launch({"expire": slow})
    with first.idp.database.store() as store:
        first.idp.engine.enqueue(store, "expire", "expire:1", 1)
    assert began.wait(PATIENT)
    caplog.clear()
    first.engine.stop(drain=0)
    go.set()
    threads[0].join(PATIENT)
    assert not threads[0].is_alive()
    assert [record for record in caplog.records if record.name == "dbos"] == []
    first.idp.database.close()

    second, calls = build(database_url, tmp_path), list[int]()
    table = "dbos.workflow_status" if second.idp.database.kind == "postgresql" else "workflow_status"
    with second.idp.database.store() as store:  # however often it was begun: access that ends is not given up
        store.connection.execute(text(f"UPDATE {table} SET recovery_attempts = 1000"))
    second.engine.launch({"expire": calls.append})
    until(lambda: second.engine.states(["expire:1"]) == {"expire:1": "done"})
    assert calls == [1]
    second.engine.stop(drain=0)
    second.idp.database.close()


def test_what_waits_is_withdrawn_and_nothing_else(front: House) -> None:
    with front.idp.database.store() as store:
        for name, work, delay in (
            ("a:1", "home", 0),
            ("a:2", "home", 60),
            ("b:1", "home", 0),
            ("a:3", "homes", 0),
        ):
            front.engine.enqueue(store, work, name, 1, delay=delay)
    front.engine.withdraw("home", "a:")
    assert front.engine.states(["a:1", "a:2", "b:1", "a:3"]).keys() == {"a:2", "b:1", "a:3"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_work_that_is_withdrawn_as_it_begins_raises_no_alarm(
    front: House, caplog: pytest.LogCaptureFixture
) -> None:
    began, go, ended = threading.Event(), threading.Event(), list[int]()

    def slow(number: int) -> None:
        began.set()
        go.wait(PATIENT)
        ended.append(number)

    front.engine.launch({"home": slow})
    with front.idp.database.store() as store:
        front.engine.enqueue(store, "home", "home:1", 1)
    assert began.wait(PATIENT)
    caplog.clear()
    front.engine._client.delete_workflows(["home:1"])  # listed a moment ago, when it still waited
    go.set()
    with front.idp.database.store() as store:
        front.engine.enqueue(store, "home", "home:2", 2)
    until(lambda: front.engine.states(["home:2"]) == {"home:2": "done"})
    front.engine.stop()
    assert ended == [1, 2]
    assert [record for record in caplog.records if record.name == "dbos"] == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # on SQLite there is one process
def test_a_replica_is_known_before_it_takes_its_first_work(database_url: str, tmp_path: Path) -> None:
    house = build(database_url, tmp_path, pace=Pace(poll=0.1, beat=600.0))
    assert last_seen(house) is None
    launch(house)
    assert last_seen(house) is not None
    house.engine.stop(drain=0)
    house.idp.database.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_replica_says_on_and_on_that_it_lives_until_it_leaves(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house = build(database_url, tmp_path, pace=Pace(poll=0.1, beat=0.1, lease=600.0))
    launch(house)
    rename(house, "replica", "away")
    until(lambda: "no heartbeat" in caplog.text)
    rename(house, "away", "replica")
    before = last_seen(house)
    assert before is not None
    until(lambda: (seen := last_seen(house)) is not None and seen > before)
    house.engine.stop(drain=0)
    assert last_seen(house) is None, "what it left behind would wait until it is missed"
    house.idp.database.close()


def last_seen(house: House) -> datetime | None:
    with house.idp.database.reading() as store:
        return store.session.exec(select(ReplicaRow.last_seen)).first()


def rename(house: House, table: str, to: str) -> None:
    with house.idp.database.store() as store:
        store.connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {to}")


def test_stopping_hands_on_what_is_left(database_url: str, tmp_path: Path) -> None:
    """Work that reaches a boundary while the process ends is enqueued anew, and another process goes on."""
    from workflows.requests.request import Actor, decide

    first = build(database_url, tmp_path)
    launch(first)
    ids = [first.submit().id for _ in range(3)]
    for id in ids:
        decide(first.idp, id, Actor("user:default/ben"), True)
    first.engine.stop(drain=5)
    first.idp.database.close()
    second = build(database_url, tmp_path)
    launch(second)
    second.ticker.start()
    until(lambda: len(list((tmp_path / "board").glob("*.json"))) == 15)
    second.settle()
    second.engine.stop(drain=0)
    second.idp.database.close()

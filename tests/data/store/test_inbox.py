"""An event that was received has one effect, whatever dies in between."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from data.store import inbox
from data.store.database import Database
from data.store.tables.catalog import InboxRow

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LEASE = timedelta(seconds=30)


def _receive(database: Database, id: str, minute: int = 0) -> bool:
    with database.store() as store:
        return inbox.receive(store, id, "command", '{"text": "help"}', NOW + timedelta(minutes=minute))


def _claim(database: Database, after: timedelta = timedelta(), limit: int = 10) -> list[str]:
    with database.store() as store:
        return [event.id for event in inbox.claim(store, NOW + after, LEASE, limit)]


def test_a_retry_is_told_from_the_first_delivery_even_at_once(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        firsts = list(pool.map(lambda _: _receive(database, "Ev1"), range(4)))
    assert sorted(firsts) == [False, False, False, True]
    assert _claim(database) == ["Ev1"]


def test_a_delivery_that_was_rolled_back_is_new_again(database: Database) -> None:
    with suppress(ZeroDivisionError), database.store() as store:
        assert inbox.receive(store, "Ev1", "command", "{}", NOW)
        raise ZeroDivisionError
    assert _receive(database, "Ev1")


def test_oldest_first_and_never_to_two_at_once(database: Database) -> None:
    for id, minute in (("c", 2), ("a", 0), ("d", 3), ("b", 1)):  # Slack may send them in another order
        _receive(database, id, minute)
    assert _claim(database, limit=3) == ["a", "b", "c"]
    assert _claim(database) == ["d"]
    assert _claim(database) == []


def test_claims_at_once_share_the_work(database: Database) -> None:
    for number in range(40):
        _receive(database, f"Ev{number:02}")
    with ThreadPoolExecutor(4) as pool:
        claimed = [id for ids in pool.map(lambda _: _claim(database), range(8)) for id in ids]
    claimed += _claim(database, limit=40)
    assert sorted(claimed) == [f"Ev{number:02}" for number in range(40)]


def test_the_work_of_a_dead_process_is_taken_over_and_counted(database: Database) -> None:
    _receive(database, "Ev1")
    assert _claim(database) == ["Ev1"]
    assert _claim(database, after=timedelta(seconds=29)) == []
    with database.store() as store:
        [event] = inbox.claim(store, NOW + timedelta(seconds=30), LEASE)
    assert (event.id, event.attempts, event.body) == ("Ev1", 2, '{"text": "help"}')
    assert event.received_at == NOW


def test_what_nobody_began_is_free_at_once_and_has_lost_no_try(database: Database) -> None:
    _receive(database, "Ev1")
    for _ in range(inbox.ATTEMPTS + 1):
        assert _claim(database) == ["Ev1"]
        with database.store() as store:
            inbox.release(store, "Ev1")
    assert _claim(database) == ["Ev1"]


def test_an_event_that_kills_everybody_is_left_for_people(database: Database) -> None:
    _receive(database, "Ev1")
    for attempt in range(inbox.ATTEMPTS):
        assert _claim(database, after=attempt * LEASE) == ["Ev1"]
    later = inbox.ATTEMPTS * LEASE
    assert _claim(database, after=later) == []
    with database.reading() as store:
        assert [event.id for event in inbox.abandoned(store, NOW + later)] == ["Ev1"]


def test_done_is_done_and_forgotten_only_when_old(database: Database) -> None:
    _receive(database, "Ev1")
    _receive(database, "Ev2")
    with database.store() as store:
        inbox.done(store, "Ev1", NOW)
    assert _claim(database) == ["Ev2"]
    with database.reading() as store:
        assert store.session.get_one(InboxRow, "Ev1").body == ""  # what people said is not kept for longer
    with database.store() as store:
        assert inbox.purge(store, NOW) == 0
        assert inbox.purge(store, NOW + timedelta(seconds=1)) == 1
    assert _receive(database, "Ev1")
    assert not _receive(database, "Ev2")

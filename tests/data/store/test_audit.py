"""The audit: one chain under many writers, refused changes, and tampering that is found."""

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.store import audit
from data.store.audit import Entry, Head
from data.store.audit_check import as_csv, as_json, verify
from data.store.database import Database, Store

NOW = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)


def write(database: Database, number: int, **fields: Any) -> None:
    with database.store() as store:
        audit.append(store, Entry("request.approved", "user:default/ben", **{"request": number} | fields), NOW)


def filled(database: Database, rows: int = 12) -> Head:
    for number in range(1, rows + 1):
        write(database, number, target="component:default/checkout", detail={"note": f"row {number}"})
    with database.reading() as store:
        return audit.head_of(store)


def test_the_chain_does_not_fork_under_sixteen_writers(database: Database) -> None:
    def writer(number: int) -> None:
        for row in range(20):
            write(database, number * 100 + row)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(writer, range(16)))
    with database.reading() as store:
        verdict = verify(store)
        rows = list(audit.records(store))
    assert (verdict.holds, verdict.rows) == (True, 320)
    assert len({row.previous for row in rows}) == 320
    assert [row.seq for row in rows] == list(range(1, 321))


def test_what_was_committed_is_one_line_in_the_log_without_its_reason(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        with database.store() as store:
            audit.append(store, Entry("request.denied", "user:default/ben"), NOW)
            raise RuntimeError

    caplog.set_level("INFO", logger="data.store")
    write(database, 7, target="component:default/checkout", detail={"action": "prod-access", "reason": "private"})
    with pytest.raises(RuntimeError):
        refuse()
    said = "audit 1: request.approved: request 7 (prod-access), component:default/checkout, by user:default/ben"
    assert [record.getMessage() for record in caplog.records] == [said]


def test_a_transaction_that_fails_leaves_no_row_and_no_gap(database: Database) -> None:
    filled(database, 2)

    def fail() -> None:
        with database.store() as store:
            audit.append(store, Entry("request.denied", "user:default/ben"), NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    write(database, 3)
    with database.reading() as store:
        assert (verify(store).holds, verify(store).rows) == (True, 3)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'user:default/mallory' WHERE seq = 3",
        "UPDATE audit SET actor = 'x' WHERE seq = 999",
        "DELETE FROM audit WHERE seq = 12",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 3",
        "INSERT OR REPLACE INTO audit SELECT seq, at, 'mallory', what, target, request, body, previous, digest"
        " FROM audit WHERE seq = 3",
        "INSERT INTO audit SELECT seq, at, 'mallory', what, target, request, body, previous, digest FROM audit"
        " WHERE seq = 3 ON CONFLICT (seq) DO UPDATE SET actor = 'mallory'",
        "INSERT INTO audit SELECT 5, at, actor, what, target, request, body, 'x', digest FROM audit WHERE seq = 3",
    ],
)
def test_the_database_refuses_to_change_it(database: Database, statement: str) -> None:
    head = filled(database)
    if (database.kind == "postgresql") == ("OR REPLACE" in statement) and "OR REPLACE" in statement:
        pytest.skip("PostgreSQL has no REPLACE")
    if database.kind == "sqlite" and statement.startswith("TRUNCATE"):
        pytest.skip("SQLite has no TRUNCATE")
    refused = pytest.raises(DBAPIError)
    if database.kind == "sqlite" and "999" in statement:
        with database.store() as store:
            store.connection.execute(text(statement))  # nothing to refuse: SQLite's triggers are for each row
    else:
        with refused, database.store() as store:
            store.connection.execute(text(statement))
    with database.reading() as store:
        assert verify(store) == verify(store, [head])
        assert verify(store).holds


def without_guards(database: Database, change: Callable[[Store], object]) -> None:
    """As somebody who rules the database would."""
    drops = {
        "sqlite": ("audit_update", "audit_delete", "audit_insert", "audit_head_update"),
        "postgresql": ("audit_guard ON audit", "audit_head_forward ON audit_head"),
    }
    with database.store() as store:
        for trigger in drops[database.kind]:
            store.connection.execute(text(f"DROP TRIGGER {trigger}"))
        change(store)


def run(statement: str) -> Callable[[Store], object]:
    return lambda store: store.connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "bad"),
    [
        ("UPDATE audit SET body = replace(body, 'row 5', 'row 6') WHERE seq = 5", 5),
        ("UPDATE audit SET actor = 'user:default/mallory' WHERE seq = 7", 7),
        ("UPDATE audit SET target = '' WHERE seq = 1", 1),
        ("UPDATE audit SET request = 1 WHERE seq = 12", 12),
        ("UPDATE audit SET digest = previous WHERE seq = 4", 4),
        ("DELETE FROM audit WHERE seq = 6", 6),
        ("DELETE FROM audit WHERE seq <= 2", 1),
        ("DELETE FROM audit WHERE seq > 10", 11),
        ("DELETE FROM audit", 1),
    ],
)
def test_tampering_is_found_and_the_first_bad_row_is_named(database: Database, statement: str, bad: int) -> None:
    filled(database)
    without_guards(database, run(statement))
    with database.reading() as store:
        verdict = verify(store)
    assert verdict.bad == bad
    assert f"ow {bad}" in verdict.reason


def test_a_row_with_a_digest_of_its_own_does_not_fit_the_next_one(database: Database) -> None:
    filled(database)

    def forge(store: Store) -> None:
        fifth = next(row for row in audit.records(store) if row.seq == 5)
        body = fifth.body.replace("row 5", "row 6")
        digest = audit.digest_of(fifth.previous, body)
        forged = text("UPDATE audit SET body = :body, digest = :digest WHERE seq = 5")
        store.connection.execute(forged, {"body": body, "digest": digest})

    without_guards(database, forge)
    with database.reading() as store:
        assert verify(store).bad == 6


def test_cutting_off_the_end_with_its_head_shows_against_a_posted_head(database: Database) -> None:
    head = filled(database)
    with database.reading() as store:
        tenth = next(row.digest for row in audit.records(store) if row.seq == 10)

    def cut(store: Store) -> None:
        store.connection.execute(text("DELETE FROM audit WHERE seq > 10"))
        store.connection.execute(text("UPDATE audit_head SET seq = 10, digest = :digest"), {"digest": tenth})

    without_guards(database, cut)
    with database.reading() as store:
        assert verify(store).holds
        assert verify(store, [head]).bad == 11


def test_a_chain_written_anew_shows_against_a_posted_head(database: Database) -> None:
    head = filled(database)

    def anew(store: Store) -> None:
        store.connection.execute(text("DELETE FROM audit"))
        store.connection.execute(
            text("UPDATE audit_head SET seq = 0, digest = :digest"), {"digest": audit.GENESIS}
        )
        for number in range(1, 13):
            audit.append(store, Entry("request.denied", "user:default/ben", request=number), NOW)

    without_guards(database, anew)
    with database.reading() as store:
        assert verify(store).holds
        assert verify(store, [head]).bad == 12


def test_a_chain_written_anew_shows_although_it_has_posted_a_head_of_its_own_since(database: Database) -> None:
    head = filled(database)

    def anew(store: Store) -> None:
        store.connection.execute(text(f"DELETE FROM audit WHERE seq = {head.seq}"))
        last = next(row.digest for row in audit.records(store) if row.seq == head.seq - 1)
        end = {"seq": head.seq - 1, "digest": last}
        store.connection.execute(text("UPDATE audit_head SET seq = :seq, digest = :digest"), end)
        audit.append(store, Entry("request.denied", "user:default/ben"), NOW)

    without_guards(database, anew)
    with database.reading() as store:
        assert verify(store, [head, audit.head_of(store)]).bad == head.seq


def test_what_is_written_is_found_again_without_secrets(database: Database) -> None:
    detail = {
        "reason": "xoxb-123456789012-abc and AKIAABCDEFGHIJKLMNOP",
        "odd": "\ud800 \0 “fine”",
        "many": {"a": (1, NOW)},
    }
    write(database, 7, target="component:default/checkout", detail=detail)
    write(database, 8)
    with database.reading() as store:
        (row,) = audit.records(store, target="component:default/checkout")
        assert [r.request for r in audit.records(store, actor="user:default/ben", newest=1)] == [8]
        assert not list(audit.records(store, since=datetime(2027, 1, 1, tzinfo=UTC)))
        assert verify(store).holds
    written = row.decoded()["detail"]
    assert written["reason"] == "[secret removed] and [secret removed]"
    assert written["many"] == {"a": [1, "2026-03-02T09:30:00.123456Z"]}
    assert "“fine”" in written["odd"]


def test_the_export_carries_the_chain(database: Database) -> None:
    filled(database, 3)
    write(database, 4, target="=cmd|' /C calc'!A0")
    with database.reading() as store:
        rows = list(audit.records(store))
    table = list(csv.DictReader(io.StringIO("".join(as_csv(rows)))))
    objects = orjson.loads("".join(as_json(rows)))
    assert [row["digest"] for row in table] == [row.digest for row in rows]
    assert table[3]["target"].startswith("'=")
    previous = audit.GENESIS
    for line in objects:
        assert audit.digest_of(previous, line["body"]) == line["digest"]
        previous = line["digest"]
    assert orjson.loads("".join(as_json([]))) == []

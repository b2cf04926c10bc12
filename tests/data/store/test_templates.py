"""Looks at repositories, as both databases keep them."""

from datetime import UTC, datetime, timedelta

from data.store import templates
from data.store.database import Database
from data.store.templates import Mark, looked_at, with_paths

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_only_newer_looks_are_read_again(database: Database) -> None:
    for name, minutes in (("cart", 0), ("orders", 5), ("cart", 9)):
        with database.store() as store:
            at = NOW + timedelta(minutes=minutes)
            look = looked_at(name, "demo", version="v1", target="v2", outcome="conflicts", now=at)
            templates.put_check(store, with_paths(look, ["a", "b"], [f"at {minutes}"]))
    with database.reading() as store:
        assert templates.mark(store) == Mark(2, NOW + timedelta(minutes=9))
        assert set(templates.checks(store)) == {"cart", "orders"}
        newer = templates.checks(store, NOW + timedelta(minutes=9))
        assert set(templates.checks(store, NOW + timedelta(minutes=5))) == {"cart", "orders"}
    assert set(newer) == {"cart"}
    assert (newer["cart"].conflicts, newer["cart"].checked_at) == (("at 9",), NOW + timedelta(minutes=9))

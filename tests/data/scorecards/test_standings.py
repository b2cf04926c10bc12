"""How services stand, in memory: it follows what is written, and answers without the database."""

from pathlib import Path

import pytest

from data.errors import Unavailable
from data.scorecards.standings import Standing, Standings
from data.store import scores
from data.store.database import Database
from data.store.scores import Result
from tests.conftest import Clock

CART = "component:default/cart"


def keep(database: Database, clock: Clock, level: str, entity: str = CART, card: str = "ready") -> None:
    clock.advance(seconds=1)
    outcomes = {"a": "pass", "b": "fail", "c": "unknown"}
    with database.store() as store:
        scores.keep(store, [Result(card, entity, "", level, 50, outcomes, clock(), clock())])


def test_it_follows_what_is_written_and_what_is_gone(database: Database, clock: Clock) -> None:
    standings = Standings(database)
    standings.refresh()
    assert standings.of(CART) == ()
    keep(database, clock, "bronze")
    keep(database, clock, "gold", card="another")
    standings.refresh()
    assert standings.of(CART) == [Standing("another", "gold", 1, 3), Standing("ready", "bronze", 1, 3)]
    keep(database, clock, "silver")
    standings.refresh()
    assert [one.level for one in standings.of(CART)] == ["gold", "silver"]
    with database.store() as store:
        scores.drop(store, [("another", CART)])
    standings.refresh()
    assert [one.level for one in standings.of(CART)] == ["silver"]


def test_two_changes_of_one_moment_are_both_seen(database: Database, clock: Clock) -> None:
    standings = Standings(database)
    keep(database, clock, "bronze")
    standings.refresh()
    clock.advance(seconds=-1)
    keep(database, clock, "gold", entity="component:default/other")
    standings.refresh()
    assert [one.level for one in standings.of("component:default/other")] == ["gold"]


def test_while_the_database_is_away_what_was_known_stays(sqlite: Database, clock: Clock, tmp_path: Path) -> None:
    standings = Standings(sqlite)
    keep(sqlite, clock, "bronze")
    standings.refresh()
    sqlite.close()
    (tmp_path / "idp.db").write_bytes(b"no database any more" * 1000)
    with pytest.raises(Unavailable):
        standings.refresh()
    assert [one.level for one in standings.of(CART)] == ["bronze"]

"""The clock of a process: what it follows by itself."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.processes.clock import start_clock
from commands import Asker, answer
from commands.parts.board import Board
from commands.parts.reply import Reply
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.scorecards.standings import Standings
from data.store import scores
from data.store.scores import Result
from tests.waiting import until
from tests.workflows.house import build
from tests.workflows.scorecards.conftest import CART, snapshot


def test_cards_show_a_new_score_without_being_told(migrated_sqlite: Path, tmp_path: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "idp.db")
    house = build(f"sqlite:///{tmp_path}/idp.db", tmp_path)
    house.catalog.snapshot = snapshot()
    idp = replace(house.idp, standings=Standings(house.idp.database))
    clock = start_clock(idp, None, None, 3600)
    try:
        assert "checks pass" not in str(card(idp))
        with idp.database.store() as store:
            outcomes = {"a": "pass", "b": "fail"}
            scores.keep(store, [Result("ready", CART, "", "bronze", 50, outcomes, idp.now(), idp.now())])
        clock.modify_job("following the scores", next_run_time=datetime.now(UTC))
        until(lambda: "*Bronze*, 1 of 2 checks pass" in str(card(idp)))
    finally:
        clock.shutdown()
        house.engine.close()
        idp.database.close()


def test_owners_are_said_before_anybody_asks(migrated_sqlite: Path, tmp_path: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "idp.db")
    house = build(f"sqlite:///{tmp_path}/idp.db", tmp_path)
    catalog = house.catalog.snapshot = snapshot()
    clock = start_clock(house.idp, None, None, 3600)
    try:
        clock.modify_job("saying ahead who owns things", next_run_time=datetime.now(UTC))
        until(lambda: isinstance(board := catalog.recall(Board), Board) and board.told.keys() == owners(catalog))
    finally:
        clock.shutdown()
        house.engine.close()
        house.idp.database.close()


def owners(catalog: Snapshot) -> set[str]:
    return {entity.owner for entity in catalog}


def card(idp: Idp) -> Reply:
    return answer("show cart", Asker("ann", "ann@acme.example"), idp)

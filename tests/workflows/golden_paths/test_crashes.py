"""A process that is killed in the middle of a run: the next one goes on, and everything is there once."""

import shutil
from pathlib import Path

import pytest

from data.golden_paths.child import Nursery
from tests.data.golden_paths.conftest import git
from tests.waiting import PATIENT, until
from tests.workflows.golden_paths.company import WANTED, company
from tests.workflows.house import ANN
from tests.workflows.processes import end, start
from tests.workflows.test_crashes import points, state
from workflows.golden_paths.new_service import NEW_SERVICE
from workflows.requests.request import Actor, submit


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--rounds") == "full")


def test_a_new_service_survives_being_killed_anywhere(
    migrated_sqlite: Path, tmp_path: Path, nursery: Nursery, full: bool
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "idp.db")
    url = f"sqlite:///{tmp_path}/idp.db"
    front = company(url, tmp_path, nursery)
    id = submit(front.idp, NEW_SERVICE, Actor(ANN), WANTED, reason="x").id
    every = points("new-service", full=True)
    for point in every if full else ["create:inside", "register:inside"]:
        killed = start(url, tmp_path, POINT=point, HOUSE="golden-paths").wait(PATIENT)
        assert killed == -9, (tmp_path / "worker.log").read_text()
    worker = start(url, tmp_path, HOUSE="golden-paths")
    try:
        until(lambda: state(front, id) == "done")
    finally:
        end(worker)
        front.engine.close()
        front.idp.database.close()
    repositories = {one.name for one in (tmp_path / "git" / "acme").iterdir()}
    assert repositories == {"deployments.git", "orders.git"}
    assert git(tmp_path / "git" / "acme" / "orders.git", "rev-list", "--count", "--all") == "1"
    assert len(list((tmp_path / "git" / "acme" / "deployments.git" / "pulls").iterdir())) == 1

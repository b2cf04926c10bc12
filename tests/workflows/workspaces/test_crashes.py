"""The process that works is killed while a workspace is queued, while it builds, and after it is ready."""

from collections import Counter
from pathlib import Path

from data.store import audit, workspaces
from data.store.workspaces import Workspace
from tests.waiting import PATIENT, until
from tests.workflows.house import ANN, House
from tests.workflows.processes import end, ready, start
from workflows.requests.request import Actor
from workflows.workspaces import deeds


def row_of(house: House, request: int) -> Workspace | None:
    with house.idp.database.reading() as store:
        return workspaces.of_request(store, request)


def test_one_workspace_whenever_it_is_killed_and_it_is_watched_on(
    front: House, database_url: str, tmp_path: Path, full: bool
) -> None:
    asked = int(front.submit("workspace").id)

    def is_(*states: str) -> bool:
        row = row_of(front, asked)
        return row is not None and row.state in states

    queued = ("reserve:inside", "create:before", "create:inside", "create:between")
    for point in queued if full else ("create:before", "create:inside"):
        killed = start(database_url, tmp_path, POINT=point).wait(PATIENT)
        assert killed == -9, (tmp_path / "worker.log").read_text()
    worker = start(database_url, tmp_path, BUILD="600")  # longer than it lives
    until(lambda: is_("pending", "starting"))
    worker.kill()  # while it builds
    assert worker.wait(PATIENT) == -9
    worker = start(database_url, tmp_path)
    until(lambda: is_("running"))
    worker.kill()  # after it is ready
    assert worker.wait(PATIENT) == -9
    row = row_of(front, asked)
    assert row is not None
    deeds.stop(front.idp, row.id, Actor(ANN))
    worker = start(database_url, tmp_path)
    try:
        ready(worker, tmp_path)
        until(lambda: is_("stopped"))
    finally:
        end(worker)
    assert [one.name for one in front.workspaces.list()] == ["checkout"]
    with front.idp.database.reading() as store:
        told = Counter(record.what for record in audit.records(store) if record.what.startswith("workspace."))
        assert len(workspaces.find(store)) == 1
    once = ("recorded", "created", "ready", "stopped.asked", "stopped")
    assert told == Counter(f"workspace.{what}" for what in once)

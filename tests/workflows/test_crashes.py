"""Processes that are killed: nothing is lost, no finished step is repeated, no access outlives its end."""

from collections import Counter
from pathlib import Path

from data.store import audit, grants, requests
from tests.waiting import PATIENT, until
from tests.workflows.house import ANN, BEN, CHECKOUT, House
from tests.workflows.processes import end, start
from workflows.access.extending import finish
from workflows.action import actions
from workflows.requests.request import Actor, decide

KINDS = ("before", "inside", "between")


def points(action: str, full: bool) -> list[str]:
    """Every point of every step, in order; without `full` a few that differ in kind and step."""
    every = [f"{step.name}:{kind}" for step in actions()[action].steps for kind in KINDS]
    return every if full else every[1::6]


def approved(house: House, action: str, **values: str) -> int:
    asked = house.submit(action, **values)
    decide(house.idp, asked.id, Actor(BEN), True, fingerprint=asked.fingerprint)
    return int(asked.id)


def state(house: House, id: int) -> str:
    with house.idp.database.reading() as store:
        request = requests.load(store, id)
    return request.state if request else ""


def killed_everywhere(house: House, url: str, folder: Path, id: int, where: list[str]) -> Counter[str]:
    """Start workers that kill themselves at one point after the other, then one that does not."""
    for point in where:
        assert start(url, folder, POINT=point).wait(PATIENT) == -9, (folder / "worker.log").read_text()
    worker = start(url, folder)
    try:
        until(lambda: state(house, id) == "done")
    finally:
        end(worker)
    return Counter((folder / "calls").read_text().splitlines())


def test_five_steps_survive_being_killed_anywhere(
    front: House, database_url: str, tmp_path: Path, full: bool
) -> None:
    id, where = approved(front, "game-day"), points("game-day", full)
    calls = killed_everywhere(front, database_url, tmp_path, id, where)
    for step in actions()["game-day"].steps:
        inside = f"{step.name}:inside" in where
        assert calls[f"{id} {step.name}"] == (2 if inside else 1), calls
    notes = sorted(file.name for file in (tmp_path / "board").iterdir())
    assert notes == sorted(f"{id}-{step.name}.json" for step in actions()["game-day"].steps)
    with front.idp.database.reading() as store:
        told = [record.what for record in audit.records(store)]
    assert told == ["request.submitted", "request.approved", "run.started", "run.done"]


def test_access_survives_being_killed_anywhere(
    front: House, database_url: str, tmp_path: Path, full: bool
) -> None:
    id, where = approved(front, "prod-access", duration="60s"), points("prod-access", full)
    calls = killed_everywhere(front, database_url, tmp_path, id, where)
    for step in actions()["prod-access"].steps:
        assert calls[f"{id} {step.name}"] == (2 if f"{step.name}:inside" in where else 1), calls
    assert [(held.subject, held.target) for held in front.access.list()] == [("ann@acme.example", CHECKOUT)]
    finish(front.idp, id, Actor(ANN))
    for point in ("revoke:before", "revoke:inside"):
        assert start(database_url, tmp_path, POINT=point).wait(PATIENT) == -9
    ended(front, database_url, tmp_path, id)
    assert not front.access.list()
    with front.idp.database.reading() as store:
        told = [record.what for record in audit.records(store) if record.what.startswith("grant.")]
    assert told == ["grant.recorded", "grant.given", "grant.done", "grant.ended"]


def test_access_that_ends_while_nobody_works_is_taken_away_at_the_next_start(
    front: House, database_url: str, tmp_path: Path
) -> None:
    id = approved(front, "prod-access", duration="4s")
    assert start(database_url, tmp_path, POINT="confirm:between").wait(PATIENT) == -9
    assert front.access.list()
    until(lambda: due(front, id))
    ended(front, database_url, tmp_path, id)
    assert not front.access.list()


def due(house: House, id: int) -> bool:
    with house.idp.database.reading() as store:
        grant = grants.load(store, id)
    return grant is not None and grant.due_at is not None and grant.due_at < house.idp.now()


def ended(house: House, url: str, folder: Path, id: int) -> None:
    """Start a worker that lives until the access is taken away, confirmed by reading back."""
    worker = start(url, folder)
    try:
        until(lambda: removed(house, id))
    finally:
        end(worker)


def removed(house: House, id: int) -> bool:
    with house.idp.database.reading() as store:
        grant = grants.load(store, id)
    return grant is not None and grant.removed_at is not None

"""The fake remembers what every adapter must: by person, target and environment, whatever dies."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.integrations.access_fake import FakeAccess
from data.ports.access import Entitlement

ANN = Entitlement("1", "ann@acme.example", "component:default/checkout", "prod", datetime(2026, 3, 2, tzinfo=UTC))


@pytest.fixture(params=["memory", "file"])
def access(request: pytest.FixtureRequest, tmp_path: Path) -> FakeAccess:
    return FakeAccess(tmp_path / "access.json" if request.param == "file" else None)


def test_what_is_given_twice_is_there_once_and_what_is_taken_twice_is_gone(access: FakeAccess) -> None:
    access.grant(ANN)
    access.grant(ANN)
    assert access.list() == [ANN]
    access.revoke(ANN)
    access.revoke(ANN)
    assert access.list() == []


def test_access_is_held_while_any_grant_explains_it(access: FakeAccess) -> None:
    access.grant(ANN)
    access.grant(replace(ANN, grant="2"))
    access.revoke(ANN)
    assert access.holds(ANN)
    access.revoke(replace(ANN, grant="2"))
    assert not access.holds(ANN)


def test_other_people_targets_and_environments_are_other_access(access: FakeAccess) -> None:
    access.grant(ANN)
    others = (
        replace(ANN, subject="ben@acme.example"),
        replace(ANN, target="component:default/cart"),
        replace(ANN, environment="test"),
    )
    assert not any(access.holds(other) for other in others)


def test_a_file_outlives_the_process_and_is_shared(tmp_path: Path) -> None:
    FakeAccess(tmp_path / "a.json").grant(ANN)
    assert FakeAccess(tmp_path / "a.json").list() == [ANN]


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(100):
            pool.submit(FakeAccess(tmp_path / "a.json").grant, replace(ANN, grant=str(number)))
    assert len(FakeAccess(tmp_path / "a.json").list()) == 100

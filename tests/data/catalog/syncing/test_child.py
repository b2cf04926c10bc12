"""A child that dies costs its sync and nothing else."""

import sys
from pathlib import Path
from typing import Any

import pytest

from data.catalog.sources.files import FilesSource
from data.catalog.syncing.child import ChildLimits, sync_in_child
from data.catalog.syncing.report import Report, dump_reports
from data.catalog.syncing.sync import sync
from data.store import catalog
from data.store.database import Database

REPORT = Report(
    "acme", changed=["component:default/a"], owner_changed=[("component:default/a", "group:b", "group:c")]
)


@pytest.fixture
def acme(sqlite: Database, tmp_path: Path, clock: Any) -> Database:
    """A database that knows one entity of the source acme."""
    (tmp_path / "catalog-info.yaml").write_text("kind: Component\nmetadata: {name: cart}\nspec: {owner: x}\n")
    assert sync(sqlite, FilesSource("acme", tmp_path), now=clock).entities == 1
    clock.advance(minutes=10)
    return sqlite


def _run(database: Database, clock: Any, code: str, **limits: Any) -> Report:
    command = [sys.executable, "-c", code]
    return sync_in_child(database, "acme", command, now=clock, limits=ChildLimits(**limits))


def test_the_report_of_the_child_is_handed_back(acme: Database, clock: Any) -> None:
    assert _run(acme, clock, f"print({dump_reports([Report('other'), REPORT])!r})") == REPORT


@pytest.mark.parametrize(
    ("code", "limits", "reason"),
    [
        ("import os; os.kill(os.getpid(), 9)", {}, "SIGKILL"),
        ("import os; os.kill(os.getpid(), 11)", {}, "SIGSEGV"),
        ("x = bytearray(1 << 30)", {"memory": 256 << 20}, "more than 256 MiB"),
        ("while True: pass", {"processor": 1}, "processor time"),
        ("import time; time.sleep(60)", {"wall": 0.5}, "longer than"),
        ("print('hello')", {}, "without a report"),
        ('print(\'[{"source": 1, "nonsense": 2}]\')', {}, "without a report"),
        ("", {}, "without a report"),
        ("raise ZeroDivisionError", {}, "without a report"),
    ],
)
def test_a_death_is_reported_and_what_was_known_stays(
    acme: Database, clock: Any, code: str, limits: dict[str, Any], reason: str
) -> None:
    report = _run(acme, clock, code, **limits)
    assert reason in report.error
    with acme.reading() as store:
        [state] = catalog.load_sources(store)
        assert len(list(catalog.load_entities(store))) == 1
    assert (state.error, state.tried_at, state.entities) == (report.error, clock(), 1)
    assert state.synced_at is not None
    assert state.synced_at < clock()


def test_the_first_sync_of_a_source_may_die_too(sqlite: Database, clock: Any) -> None:
    report = _run(sqlite, clock, "import os; os.abort()")
    with sqlite.reading() as store:
        [state] = catalog.load_sources(store)
    assert (state.name, state.synced_at, state.error) == ("acme", None, report.error)


def test_the_child_knows_no_secret_of_slack(acme: Database, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "canary")
    monkeypatch.setenv("IDP_DATABASE_URL", "kept")
    code = "import os; assert 'canary' not in os.environ.values() and 'IDP_DATABASE_URL' in os.environ"
    assert _run(acme, clock, f"{code}; print({dump_reports([REPORT])!r})") == REPORT

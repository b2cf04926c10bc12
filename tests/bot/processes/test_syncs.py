"""Syncs on request: one round at a time, in a child process, followed by the catalog."""

import os
from pathlib import Path
from threading import Thread

import pytest

from bot.processes.syncs import COMMAND, Syncs
from bot.settings.config import load
from bot.wiring import build
from data.errors import NotFound
from data.idp import Idp
from tests.waiting import until

FILE = """\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: team-payments, title: Payments}
spec: {type: team, children: []}
"""


@pytest.fixture
def idp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Idp:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog/catalog-info.yaml").write_text(FILE)
    (tmp_path / "idp.yaml").write_text("catalog: {sources: [{name: acme, type: files, path: ./catalog}]}")
    environ = {"IDP_CONFIG": str(tmp_path / "idp.yaml"), "IDP_DATABASE_URL": f"sqlite:///{tmp_path}/idp.db"}
    for name, value in (environ | {"PYTHONPATH": str(Path(__file__).parents[3])}).items():
        monkeypatch.setenv(name, value)
    made = build(load(environ, slack=False))
    made.database.migrate()
    return made


def test_a_requested_sync_runs_in_the_background_and_the_catalog_follows(idp: Idp) -> None:
    syncs = Syncs(idp)
    assert not syncs.first_done
    assert syncs.request(None) == "Syncing acme now."
    assert "running already" in syncs.request("acme")
    until(lambda: syncs.first_done)
    assert idp.catalog.snapshot.get("group:default/team-payments") is not None
    until(lambda: not syncs.busy)
    assert "a moment ago" in syncs.request("acme")
    with pytest.raises(NotFound, match="acmee"):
        syncs.request("acmee")
    idp.database.close()


def test_another_round_does_not_wait_for_one_that_runs(idp: Idp, tmp_path: Path) -> None:
    """A child that only ends when it is told to, as a long sync; the directories are read meanwhile."""
    gate = tmp_path / "gate"
    script = f'touch {tmp_path}/"$$".began; while [ ! -e {gate} ]; do sleep 0.05; done'
    syncs = Syncs(idp, ("sh", "-c", script))
    rounds = [Thread(target=lane.run, args=(["acme"],)) for lane in (syncs, syncs.beside())]
    for each in rounds:
        each.start()
    try:
        until(lambda: len(list(tmp_path.glob("*.began"))) == 2)
    finally:
        gate.touch()
        for each in rounds:
            each.join()
        idp.database.close()


def test_a_child_that_dies_leaves_what_was_known_and_is_told(idp: Idp, caplog: pytest.LogCaptureFixture) -> None:
    Syncs(idp).run(["acme"])
    Syncs(idp, ("sh", "-c", "kill -9 $$")).run(["acme"])
    assert idp.catalog.snapshot.get("group:default/team-payments") is not None
    assert idp.catalog.snapshot.sources["acme"].error
    assert "did not finish" in caplog.text
    idp.database.close()


@pytest.fixture
def two(idp: Idp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Idp:
    """The same with a second source."""
    sources = "[{name: acme, type: files, path: ./catalog}, {name: more, type: files, path: ./catalog}]"
    (tmp_path / "idp.yaml").write_text(f"catalog: {{sources: {sources}}}")
    idp.database.close()
    return build(load(os.environ, slack=False))


def counting(path: Path, then: str) -> list[str]:
    """A command that notes that it was started."""
    return ["sh", "-c", f'echo "$*" >> {path}; {then}', "sh", *COMMAND]


def test_a_round_takes_one_process_for_all_sources(two: Idp, tmp_path: Path) -> None:
    Syncs(two, counting(tmp_path / "started", 'exec "$@"')).run(["acme", "more"])
    assert len((tmp_path / "started").read_text().splitlines()) == 1
    assert all(state.synced_at for state in two.catalog.snapshot.sources.values())
    two.database.close()


def test_when_that_process_dies_each_source_gets_its_own(two: Idp, tmp_path: Path) -> None:
    dies = 'case "$*" in *--json) kill -9 $$;; *) exec "$@";; esac'
    Syncs(two, counting(tmp_path / "started", dies)).run(["acme", "more"])
    assert len((tmp_path / "started").read_text().splitlines()) == 3
    assert all(state.synced_at for state in two.catalog.snapshot.sources.values())
    two.database.close()

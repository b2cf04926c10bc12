"""`idp digest send` and what `idp doctor` says about digests."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.settings.config import load
from bot.terminal.digest_command import order_digests
from bot.terminal.doctor_digests import digest_findings
from data.store import digests
from data.store.database import Database
from tests.conftest import Clock
from tests.workflows.digests.scored import catalog, scored, team

CATALOG = """
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: payments, annotations: {slack.com/channel: payments}}
spec: {type: team, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: checkout}
spec: {type: service, lifecycle: production, owner: payments}
"""


def environment(folder: Path, more: str) -> Mapping[str, str]:
    (folder / "catalog").mkdir()
    (folder / "catalog" / "catalog-info.yaml").write_text(CATALOG)
    config = folder / "idp.yaml"
    config.write_text("catalog: {sources: [{name: acme, type: files, path: ./catalog}]}\n" + more)
    return {"IDP_CONFIG": str(config), "IDP_DATABASE_URL": f"sqlite:///{folder}/idp.db"}


def test_an_order_is_written_down_once(tmp_path: Path, capsys: pytest.CaptureFixture[str], sqlite: Any) -> None:
    from bot.wiring import build
    from data.catalog.syncing.sync import sync_all

    settings = load(environment(tmp_path, "digests: {timezone: Europe/Berlin}\n"), slack=False)
    idp = build(settings)
    sync_all(idp.database, idp.sources, now=idp.now)
    idp.database.close()
    assert order_digests(settings, "", "payments", again=False) == 0
    assert "payments" in (said := capsys.readouterr().out)
    assert "1 of 1 are ordered" in said
    assert order_digests(settings, "", "", again=False) == 0
    assert "is being made" in (said := capsys.readouterr().out)
    assert "0 of 1 are ordered" in said
    database = Database(settings.database_url)
    with database.reading() as store:
        assert len(digests.find(store, {"due"})) == 1
    database.close()


def test_without_the_section_nothing_is_ordered(tmp_path: Path, sqlite: Database) -> None:
    settings = load({**environment(tmp_path, ""), "IDP_DATABASE_URL": sqlite.url}, slack=False)
    with pytest.raises(Exception, match="switched off"):
        order_digests(settings, "", "", again=False)


def test_doctor_names_teams_that_no_digest_reaches(tmp_path: Path, sqlite: Database, clock: Clock) -> None:
    teams = [team("payments"), team("lost", **{"slack.com/channel": ""})]
    house = scored(sqlite.url, tmp_path, clock, catalog(teams, {"payments": 1, "lost": 1}))
    found = [finding.what for finding in digest_findings(house.idp)]
    assert found == ["Digests: weekly, for 2 teams", "Digests: no channel and no lead is known for lost"]
    off = replace(house.idp, digests=replace(house.idp.digests, on=False))
    assert not list(digest_findings(off))
    house.engine.close()
    house.idp.database.close()

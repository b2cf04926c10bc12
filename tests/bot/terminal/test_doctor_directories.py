"""The doctor tells when an organisation is too large to be read as often as rights need it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.terminal.doctor_directories import directory_findings
from data.catalog.snapshot import Snapshot
from data.catalog.sources.okta import OktaSource
from tests.workflows.house import StillCatalog, build, entity


@pytest.mark.parametrize(
    ("groups", "age", "hint"),
    [
        (100, 60, ""),
        (400, 60, "Set catalog.groups_max_age to 3m, or take fewer groups."),
        (400, 180, ""),
        (5000, 60, "Take fewer groups (`groups:` of this source), and set catalog.groups_max_age to 15m."),
    ],
)
def test_a_large_organisation_is_told(sqlite: Any, tmp_path: Path, groups: int, age: int, hint: str) -> None:
    built = build(sqlite.url, tmp_path)
    built.engine.close()
    known = Snapshot.build([entity(f"group:default/g{at}", source="people") for at in range(groups)])
    idp = replace(
        built.idp,
        catalog=StillCatalog(known),  # type: ignore[arg-type]  # as far as it is used here
        sources=(OktaSource("people", "https://acme.okta.example"),),
        groups_age=timedelta(seconds=age),
    )
    assert [finding.hint for finding in directory_findings(idp)] == ([hint] if hint else [])
    idp.database.close()

"""What the doctor says of policies: groups that are not there, nobody to agree, names that nothing asks."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.terminal.doctor_policies import policy_findings
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from tests.workflows.house import POLICIES, StillCatalog, build, policies

ASK_SRE = {"then": {"approvals": 1, "from": ["owners", "sre"]}}


def said(idp: Idp) -> list[str]:
    return [f"{finding.verdict}: {finding.what}" for finding in policy_findings(idp)]


def house(database_url: str, folder: Path, **written: Any) -> Idp:
    built = build(database_url, folder)
    built.engine.close()
    built.idp.database.close()
    return replace(built.idp, policies=policies(POLICIES | written))


def test_groups_are_looked_up_in_the_catalog(sqlite: Any, tmp_path: Path) -> None:
    url = sqlite.url
    good = house(url, tmp_path)
    assert said(good) == [f"ok: Policies: {len(POLICIES)}, and the catalog has every group they name"]
    odd = house(url, tmp_path, **{"game-day": {"rules": [ASK_SRE], "request": {"groups": ["nobodies"]}}})
    assert said(odd) == [
        "error: Policies: game-day names the group nobodies, which is not in the catalog",
        "warning: Policies: game-day names the group sre, in which nobody is",
    ]


def test_misspelt_policies_and_other_groups_of_the_configuration(sqlite: Any, tmp_path: Path) -> None:
    odd = house(sqlite.url, tmp_path, **{"prod-acess": {"rules": [{"then": "allow"}]}})
    odd = replace(odd, platform_owner="group:default/platfrom", audit_readers=("sre", "auditors"))
    assert said(odd) == [
        "warning: Policies: nothing asks the policy prod-acess",
        "error: platform.owner names the group group:default/platfrom, which is not in the catalog",
        "error: audit.readers names the group auditors, which is not in the catalog",
    ]


def test_an_empty_catalog_is_no_reason_for_alarms(sqlite: Any, tmp_path: Path) -> None:
    empty = replace(house(sqlite.url, tmp_path), catalog=StillCatalog(Snapshot.build(())))  # type: ignore[arg-type]  # as far as it is used here
    assert said(empty) == ["warning: Policies: not compared with the catalog, which is empty"]

"""The entries for workspace systems in idp.yaml."""

from pathlib import Path

import pytest

from bot.settings.config import load
from bot.settings.fault import BadConfiguration
from bot.wiring import build

CATALOG = "catalog: {sources: [{name: acme, type: files, path: .}]}\n"


def configured(folder: Path, entries: str) -> dict[str, str]:
    (folder / "idp.yaml").write_text(f"{CATALOG}workspaces: {entries}\n")
    return {"IDP_CONFIG": str(folder / "idp.yaml"), "IDP_DATABASE_URL": f"sqlite:///{folder}/idp.db"}


def test_each_kind_becomes_a_system_that_tells_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODER_TOKEN", "coder-canary")
    entries = "[{type: coder, url: 'https://coder.acme.example'}, {type: codespaces, org: acme}, {type: fake}]"
    idp = build(load(configured(tmp_path, entries), slack=False))
    assert [(one.key, one.launches) for one in idp.workspaces] == [
        ("coder", True),
        ("codespaces", False),
        ("fake", True),
    ]
    assert "CODER_TOKEN" in idp.workspaces[0].acts_as
    assert "canary" not in repr(idp.workspaces)
    for system in idp.workspaces:
        system.close()
    idp.database.close()


@pytest.mark.parametrize(
    "entry",
    [
        "{type: gitpod}",
        "{type: coder}",
        "{type: coder, url: 'http://coder.acme.example'}",
        "{type: codespaces, org: 'a/b'}",
    ],
)
def test_what_is_wrong_is_a_fault_with_its_line(tmp_path: Path, entry: str) -> None:
    with pytest.raises(BadConfiguration) as told:
        load(configured(tmp_path, f"[{entry}]"), slack=False)
    assert "idp.yaml:2" in str(told.value.faults[0])

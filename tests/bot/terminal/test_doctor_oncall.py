"""What the doctor says of on-call: who answers, which token is missing, when nobody is there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.settings.config import load
from bot.terminal.doctor_oncall import oncall_findings
from bot.wiring import build
from data.idp import Idp
from tests.fakes.api import Answer
from tests.fakes.pagerduty import FakePagerDuty, FakeSchedule

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def house(folder: Path, oncall: str) -> Idp:
    (folder / "idp.yaml").write_text(
        f"catalog:\n  sources:\n    - {{name: acme, type: files, path: .}}\noncall:\n  - {oncall}\n"
    )
    environ = {"IDP_CONFIG": str(folder / "idp.yaml"), "IDP_DATABASE_URL": f"sqlite:///{folder}/idp.db"}
    idp = build(load(environ, slack=False))
    idp.database.close()
    return replace(idp, now=lambda: MONDAY + timedelta(hours=1))


def said(idp: Idp) -> list[str]:
    return [f"{finding.verdict}: {finding.what}" for finding in oncall_findings(idp)]


def test_a_gap_is_an_alarm_with_its_hours(tmp_path: Path) -> None:
    (tmp_path / "rota.yaml").write_text(
        "schedules:\n"
        "  - {name: shop, covers: [group:shop], timezone: Europe/London, rotation: [ann], length: 1w,\n"
        '     start: 2026-01-05, handover: "Mon 09:00", hours: "09:00-17:00"}\n'
    )
    told = said(house(tmp_path, "{type: rota, path: rota.yaml}"))
    assert len(told) == 1
    assert told[0].startswith("warning: On-call: rota.yaml: shop: nobody is on call from")
    assert "more times within two weeks" in told[0]


def test_pagerduty_answers_and_its_gap_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakePagerDuty() as api:
        monkeypatch.setenv("PAGERDUTY_TOKEN", api.token)
        api.users = {"PU0": ("Ann Day", "ann@acme.example")}
        now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        until = now + timedelta(days=3)
        api.schedules = {"PSCH1": FakeSchedule("Primary", ["PU0"], now - timedelta(days=1), until=until)}
        api.schedules["PSCH1"].length = timedelta(days=1)
        api.policies = {"PEP1": ("Checkout policy", [["PSCH1"]])}
        idp = house(tmp_path, f'{{type: pagerduty, url: "{api.url}", covers: {{PEP1: [shop]}}}}')
        told = said(replace(idp, now=lambda: datetime.now(UTC)))
        with api.trouble("/abilities", Answer(401, {"error": {}})):
            refused = said(idp)
        idp.oncall_systems[0].close()
    assert told[0] == "ok: On-call: PagerDuty answers"
    assert "Checkout policy: nobody is on call from" in told[1]
    assert refused[0].startswith("error: On-call: PagerDuty:")
    assert api.token not in "".join([*told, *refused])


def test_a_missing_token_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAGERDUTY_TOKEN", raising=False)
    idp = house(tmp_path, "{type: pagerduty}")
    assert said(idp) == ["error: On-call: PagerDuty: PAGERDUTY_TOKEN is not set."]


def test_every_fault_of_a_rota_is_told_with_its_line_whatever_else_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PAGERDUTY_TOKEN", raising=False)
    (tmp_path / "rota.yaml").write_text(
        "schedules:\n"
        "  - name: 5\n"
        "    timezone: Europe/Atlantis\n"
        "    rotation: [ann]\n"
        "    start: soon\n"
        "    colour: red\n"
    )
    told = said(house(tmp_path, "{type: rota, path: rota.yaml}\n  - {type: pagerduty}"))
    assert told[0] == "error: On-call: PagerDuty: PAGERDUTY_TOKEN is not set."
    lines = {one.partition("rota.yaml:")[2].partition(":")[0] for one in told[1:]}
    assert {"2", "3", "5", "6"} <= lines
    assert any("name is the number 5. Expected: text." in one for one in told)
    assert all(one.startswith("error: On-call: rota.yaml:") for one in told[1:])
    assert len({one for one in told if "PAGERDUTY_TOKEN" in one}) == 1

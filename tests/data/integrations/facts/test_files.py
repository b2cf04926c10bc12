"""Facts out of the files that pipelines leave behind."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.errors import Invalid, Unavailable
from data.integrations.facts.coverage import read_coverage
from data.integrations.facts.files import FileFacts
from data.integrations.facts.readme import read_readme
from data.integrations.facts.trivy import read_trivy
from data.ports.facts import Known
from tests.workflows.scorecards.conftest import CART, LEDGER, snapshot

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
COBERTURA = (
    '<?xml version="1.0"?><!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">'
    "<coverage {}><packages/></coverage>"
)


@pytest.mark.parametrize(
    ("attributes", "percent"),
    [
        ('line-rate="0.834"', 83.4),
        ('lines-covered="5" lines-valid="8" line-rate="0.62"', 62.5),
        ('line-rate="1"', 100),
        ('line-rate="0"', 0),
    ],
)
def test_coverage_xml(attributes: str, percent: float) -> None:
    facts, at = read_coverage(COBERTURA.format(attributes).encode(), NOW)
    assert (facts, at) == ({"coverage": percent}, NOW)


@pytest.mark.parametrize("stamp", ["1772000000", "1772000000000"])
def test_the_time_of_the_report_counts_in_seconds_and_in_milliseconds(stamp: str) -> None:
    _, at = read_coverage(COBERTURA.format(f'line-rate="0.5" timestamp="{stamp}"').encode(), NOW)
    assert at == datetime.fromtimestamp(1_772_000_000, UTC)


def test_lcov() -> None:
    trace = b"TN:\nSF:a.ts\nLF:10\nLH:9\nend_of_record\nSF:b.ts\nLF:10\nLH:4\nend_of_record\n"
    assert read_coverage(trace, NOW) == ({"coverage": 65.0}, NOW)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b"<html/>", b"<coverage", COBERTURA.format('line-rate="83"').encode(), b"LF:1\nLH:2\n",
        COBERTURA.format("").encode(),
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><coverage line-rate="&b;"/>',
    ],
)  # fmt: skip
def test_what_is_no_coverage_report_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        read_coverage(content, NOW)


def report(*found: tuple[str, str, str], **more: Any) -> bytes:
    listed = [{"VulnerabilityID": id, "PkgName": package, "Severity": severity} for id, package, severity in found]
    return json.dumps(
        {"SchemaVersion": 2, "Results": [{"Target": "os", "Vulnerabilities": listed}, {"Target": "b"}]} | more
    ).encode()


def test_trivy_counts_each_vulnerability_of_a_package_once() -> None:
    found = report(
        ("CVE-1", "ssl", "CRITICAL"), ("CVE-1", "ssl", "CRITICAL"), ("CVE-2", "z", "HIGH"), ("CVE-3", "z", "LOW")
    )
    assert read_trivy(found, NOW) == ({"vulnerabilities.critical": 1, "vulnerabilities.high": 1}, NOW)
    assert read_trivy(report(CreatedAt="2026-03-01T10:00:00Z"), NOW) == (
        {"vulnerabilities.critical": 0, "vulnerabilities.high": 0}, datetime(2026, 3, 1, 10, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"SchemaVersion": 1}'])
def test_what_is_no_trivy_report_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        read_trivy(content, NOW)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# cart\n\n## Runbook\nLook.\n", True),
        ("# cart\n\n### Our run book for nights\n", True),
        ("cart\n====\n\nPlaybook\n--------\n", True),
        ("# cart\nSee the runbook in the wiki.\n", False),
        ("```\n# Runbook\n```\n", False),
        ("#Runbook\n", False),
        ("", False),
    ],
)
def test_a_runbook_is_a_heading(text: str, found: bool) -> None:
    assert read_readme(text.encode(), NOW)[0]["readme.runbook"] is found


def collect(facts: FileFacts) -> dict[str, Any]:
    return {f"{fact.entity}.{fact.name}": fact.value for fact in facts.collect(Known(snapshot(), NOW)).facts}


def test_each_component_has_its_file_and_only_what_changed_is_read_again(tmp_path: Path) -> None:
    facts = FileFacts("coverage", tmp_path, "{name}/coverage.xml", read_coverage)
    for name, rate in (("cart", "0.5"), ("ledger", "0.75"), ("stranger", "1")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "coverage.xml").write_text(COBERTURA.format(f'line-rate="{rate}"'))
    assert collect(facts) == {f"{CART}.coverage": 50, f"{LEDGER}.coverage": 75}
    file = tmp_path / "cart" / "coverage.xml"
    file.write_text(COBERTURA.format('line-rate="0.9"'))
    os.utime(file, ns=(1, 1))
    assert collect(facts)[f"{CART}.coverage"] == 90


def test_a_file_that_does_not_read_costs_its_own_entity_only_and_its_facts_stay(tmp_path: Path) -> None:
    for name, text in (("cart", "<broken"), ("ledger", COBERTURA.format('line-rate="0.75"'))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "coverage.xml").write_text(text)
    told = FileFacts("coverage", tmp_path, "{name}/coverage.xml", read_coverage).collect(Known(snapshot(), NOW))
    assert [fact.entity for fact in told.facts] == [LEDGER]
    assert told.problems == ("coverage.xml of cart: it is no XML",)
    assert told.kept(CART, "coverage")
    assert not told.kept(LEDGER, "coverage")


def test_without_the_folder_nothing_is_learned(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        collect(FileFacts("coverage", tmp_path / "gone", "{name}/coverage.xml", read_coverage))


def test_a_link_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside.xml"
    outside.write_text(COBERTURA.format('line-rate="1"'))
    (tmp_path / "ci" / "cart").mkdir(parents=True)
    (tmp_path / "ci" / "cart" / "coverage.xml").symlink_to(outside)
    assert collect(FileFacts("coverage", tmp_path / "ci", "{name}/coverage.xml", read_coverage)) == {}

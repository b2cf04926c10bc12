"""Known vulnerabilities of an image out of Trivy's JSON report."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from data.errors import Invalid
from data.ports.facts import Value

SCHEMA = 2  # of the report


def read_trivy(content: bytes, written: datetime) -> tuple[Mapping[str, Value], datetime]:
    """How many critical and high ones, each (vulnerability, package) once. Raises Invalid."""
    try:
        report = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise Invalid("it is no JSON") from None
    if not isinstance(report, dict) or report.get("SchemaVersion") != SCHEMA:
        raise Invalid(f"it is no report of Trivy with SchemaVersion {SCHEMA}")
    severities = Counter(dict(_found(report)).values())
    counts = {f"vulnerabilities.{each.lower()}": severities[each] for each in ("CRITICAL", "HIGH")}
    return counts, _created(report, written)


def _found(report: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    results = report.get("Results")
    for result in results if isinstance(results, list) else ():
        listed = result.get("Vulnerabilities") if isinstance(result, dict) else None
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict):
                yield (str(each.get("VulnerabilityID")), str(each.get("PkgName"))), str(each.get("Severity"))


def _created(report: Mapping[str, Any], written: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(str(report.get("CreatedAt")))
    except ValueError:
        return written
    return min(at if at.tzinfo else at.replace(tzinfo=UTC), written)

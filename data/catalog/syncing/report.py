"""What one sync of one source did."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

import orjson

NOTHING_FOUND: Final = "nothing found: a folder is searched for catalog-info.yaml, other names need a glob"


@dataclass(frozen=True, slots=True)
class Report:
    """What one sync of one source did.

    References are canonical. `owner_changed` holds (ref, old owner, new owner). `entities`, `problems`, `files`
    and `documents` count what the source holds now, not what changed; `read` counts files that were looked into.
    `held` is the sentence of a mass removal that was not carried out, `error` the sentence of a sync that failed
    and changed nothing. `taken_over` names the entities whose new owner waits for the old one to agree.
    """

    source: str
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    owner_changed: list[tuple[str, str, str]] = field(default_factory=list)
    entities: int = 0
    problems: int = 0
    files: int = 0
    read: int = 0
    documents: int = 0
    seconds: float = 0.0
    held: str = ""
    error: str = ""
    taken_over: list[str] = field(default_factory=list)


def dump_reports(reports: Sequence[Report]) -> str:
    """The reports as JSON on one line: what `idp sync --json` prints."""
    return orjson.dumps([asdict(report) for report in reports]).decode()


def load_reports(text: str | bytes) -> list[Report]:
    """Read what `dump_reports` wrote. Raises ValueError or TypeError for anything else."""
    reports = [Report(**report) for report in orjson.loads(text)]
    for report in reports:
        report.owner_changed[:] = [(ref, was, now) for ref, was, now in report.owner_changed]
    return reports

"""`idp audit verify` and `idp audit export`: for those who look after the house, and for auditors."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from bot.settings.config import Settings
from data.durations import parse_duration
from data.store.audit import records
from data.store.audit_check import as_csv, as_json, verify
from data.store.database import Database
from workflows.telling.witness import posted


def verify_audit(settings: Settings, heads: Path | None) -> int:
    """Check the whole chain; 0 when it holds, 1 with the first bad row when not.

    `heads` is a file of posted heads; without it the configured one is taken.
    """
    configured = settings.config.audit.file
    file = heads or (settings.beside_config(configured) if configured else None)
    database = Database(settings.database_url)
    try:
        with database.reading() as store:
            found = verify(store, posted(file) if file else ())
    finally:
        database.close()
    out = Console(soft_wrap=True)
    if found.holds:
        out.print(f"The audit holds: {found.rows:,} rows, digest {found.head.digest}.")
        out.print(f"Compared with the heads in {file}." if file else "No posted heads were given to compare with.")
        return 0
    out.print(f"The audit is broken at row {found.bad}: {found.reason}", markup=False)
    return 1


def export_audit(settings: Settings, kind: str, since: str, file: Path | None) -> int:
    """Write the rows with their chain, as CSV or JSON, to a file or to standard output."""
    start = datetime.now(UTC) - timedelta(seconds=parse_duration(since)) if since else None
    database = Database(settings.database_url)
    try:
        with database.reading() as store:
            found = records(store, since=start)
            _write(as_csv(found) if kind == "csv" else as_json(found), file)
    finally:
        database.close()
    return 0


def _write(lines: Iterable[str], file: Path | None) -> None:
    if file is None:
        sys.stdout.writelines(lines)
        return
    with file.open("w", encoding="utf-8", newline="") as out:
        out.writelines(lines)

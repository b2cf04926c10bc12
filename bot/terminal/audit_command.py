"""`idp audit verify` and `idp audit export`: for those who look after the house, and for auditors."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bot.settings.config import Settings
from commands.parts.texts.labels import plural
from data.durations import parse_moment
from data.errors import Invalid, NotFound, Unavailable
from data.store.audit import Head, records
from data.store.audit_check import as_csv, as_json, verify
from data.store.database import Database
from workflows.telling.witness import posted


def verify_audit(settings: Settings, heads: Path | None) -> int:
    """Check the whole chain; 0 when it holds, 1 with the first bad row when not.

    `heads` is a file of posted heads; without it the configured one is taken.
    """
    configured = settings.config.audit.file
    file = heads or (settings.beside_config(configured) if configured else None)
    if heads and not heads.exists():
        raise NotFound(f"There is no file {heads}.", "Name the file of heads that audit.file writes.")
    known, odd = _posted(file)
    database = Database(settings.database_url)
    try:
        with database.reading() as store:
            found = verify(store, known)
    finally:
        database.close()
    out = Console(soft_wrap=True)
    if not found.holds:
        out.print(f"The audit is broken at row {found.bad}: {found.reason}", markup=False)
        return 1
    out.print(f"The audit holds: {found.rows:,} rows, digest {found.head.digest}.")
    out.print(_compared(file, len(known)), markup=False)
    if odd:
        out.print(f"{plural(odd, 'line')} of it cannot be read: changed, or cut off while written.", markup=False)
    return 0


def _posted(file: Path | None) -> tuple[list[Head], int]:
    """The heads of a file, and how many of its lines are none. Raises Unavailable when it cannot be read."""
    try:
        return posted(file) if file else ([], 0)
    except OSError as error:
        raise Unavailable(f"The heads in {file} cannot be read: {error.strerror}.", "Who may read it?") from None


def _compared(file: Path | None, count: int) -> str:
    """What outside the database the chain was held against: without it a chain written anew looks whole."""
    if count:
        return f"Compared with the {plural(count, 'head')} in {file}."
    missing = f"There is no head in {file}" if file else "No posted heads were given to compare with"
    return f"{missing}: that the whole chain was written anew, or its end cut off, would not show."


def export_audit(settings: Settings, kind: str, about: str, between: tuple[str, str], file: Path | None) -> int:
    """Write the rows with their chain, as CSV or JSON, to a file or to standard output.

    `about` is the reference of an entity or a person, in the catalog or not any more; `between` the first moment
    and the one before which it ends, as people type them, "" for no limit.
    """
    now = datetime.now(UTC)
    begin, end = (parse_moment(text, now) if text else None for text in between)
    ref = _audited(about)
    target, person = ("", ref) if ref.startswith("user:") else (ref, "")
    database = Database(settings.database_url)
    try:
        with database.reading() as store:
            found = records(store, target=target, person=person, since=begin, until=end)
            _write(as_csv(found) if kind == "csv" else as_json(found), file, kind)
    finally:
        database.close()
    return 0


def _audited(about: str) -> str:
    """A canonical reference of "component:checkout" or "@ann"; "" for "". Raises Invalid for a bare name."""
    if not about:
        return ""
    kind, colon, name = about.lower().replace("@", "user:", 1).partition(":")
    if not (kind and colon and name):
        raise Invalid(f"{about[:80]} is no reference.", "Write component:checkout, or @ann for a person.")
    return f"{kind}:{name}" if "/" in name else f"{kind}:default/{name}"


def _write(lines: Iterable[str], file: Path | None, kind: str) -> None:
    if file is None:
        sys.stdout.writelines(lines)
        return
    code = "utf-8-sig" if kind == "csv" else "utf-8"  # without the mark spreadsheets take it for another encoding
    with file.open("w", encoding=code, newline="") as out:
        out.writelines(lines)

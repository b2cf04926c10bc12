"""`idp doctor`: everything that must be right, each with what to do when it is not."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from rich.console import Console

from bot.settings.config import Settings, load
from bot.settings.fault import BadConfiguration
from bot.settings.source_entries import GitHubEntry
from bot.terminal.doctor_access import access_findings
from bot.terminal.doctor_audit import audit_findings
from bot.terminal.doctor_digests import digest_findings
from bot.terminal.doctor_directories import directory_findings
from bot.terminal.doctor_facts import fact_findings
from bot.terminal.doctor_golden_paths import golden_path_findings
from bot.terminal.doctor_oncall import oncall_findings
from bot.terminal.doctor_policies import policy_findings
from bot.terminal.doctor_slack import slack_findings
from bot.terminal.doctor_workspaces import workspace_findings
from bot.terminal.finding import Finding, Verdict, unwritable
from bot.wiring import build
from data.errors import Unavailable, UserError
from data.idp import Idp
from data.ports.catalog import CatalogSource, Checkable
from data.store.clock import TOLERATED, DatabaseClock

_SIGNS: Final = {"ok": "✓", "warning": "!", "error": "✗"}


def examine(environ: Mapping[str, str]) -> int:
    """Look at everything and print it; 1 when something is wrong, else 0."""
    console = Console()
    worst: Verdict = "ok"
    for finding in findings(environ):
        console.print(f"{_SIGNS[finding.verdict]} {finding.what}", soft_wrap=True, markup=False)
        if finding.hint:
            console.print(f"    {finding.hint}", soft_wrap=True, markup=False)
        worst = "error" if "error" in (worst, finding.verdict) else worst
    return 1 if worst == "error" else 0


def findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """What is found, in the order in which a person would set things up."""
    settings, found = _settings(environ)
    yield from found
    if settings is None:
        return
    idp = build(settings)
    try:
        stands = list(_database(idp))
        yield from stands
        yield from _sources(idp, settings)
        yield from _pushes(settings)
        yield from oncall_findings(idp)
        yield from workspace_findings(idp)
        yield from access_findings(idp)
        yield from audit_findings(idp)
        yield from golden_path_findings(idp, settings)
        if all(finding.verdict == "ok" for finding in stands[:1]):
            yield from _kept(idp, settings)
    finally:
        idp.golden_paths.close()
        for system in idp.oncall_systems:
            system.close()
        for place in idp.workspaces:
            place.close()
        idp.database.close()
    if all(finding.verdict == "ok" for finding in found):
        yield from slack_findings(settings)


def _kept(idp: Idp, settings: Settings) -> Iterator[Finding]:
    """What is compared with what the database holds. One that is not there is not made by looking at it."""
    yield from directory_findings(idp)
    yield from digest_findings(idp)
    yield from policy_findings(idp)
    yield from fact_findings(idp, settings)


def _settings(environ: Mapping[str, str]) -> tuple[Settings | None, list[Finding]]:
    """The settings and what is found about them; without tokens if only those are wrong, for the rest's sake."""
    try:
        settings = load(environ, slack=True)
        return settings, [Finding("ok", f"Configuration: {settings.config_path}")]
    except BadConfiguration as error:
        found = [Finding("error", str(fault)) for fault in error.faults]
    try:
        return load(environ, slack=False), found
    except BadConfiguration:
        return None, found


def _database(idp: Idp) -> Iterator[Finding]:
    """The first says whether it is there and answers."""
    file = Path(idp.database.location)
    if idp.database.kind == "sqlite" and not file.exists():
        yield _unmade(file)
        return
    try:
        idp.database.check()
        yield Finding("ok", f"Database: {idp.database.location}")
        yield from _clock(idp)
    except Unavailable as error:
        yield Finding("error", f"Database: {error.message}", "Does it run, and does IDP_DATABASE_URL name it?")
    except UserError as error:
        yield Finding("error", f"Database: {error.message}", error.hint)


def _unmade(file: Path) -> Finding:
    if why := unwritable(file):
        return Finding(
            "error", f"Database: {file} cannot be made: {why}", "Name another file in IDP_DATABASE_URL."
        )
    hint = "`idp serve` makes and fills it; `idp sync` does so now, and more can be looked at then."
    return Finding("warning", f"Database: {file} is not there yet", hint)


def _clock(idp: Idp) -> Iterator[Finding]:
    """Decisions use the database's time; signatures of Slack are judged by this machine's."""
    if not isinstance(idp.now, DatabaseClock):
        return
    ahead = idp.now.adjust()
    if abs(ahead) > TOLERATED:
        off = f"Clock: this machine is {ahead.total_seconds():+.0f} s off the database's time"
        yield Finding("warning", off, "Let both follow a time server; Slack is refused beyond 300 s.")


def _sources(idp: Idp, settings: Settings) -> Iterator[Finding]:
    """Each source is opened, which for git fetches it. Folders are told whole, wherever the doctor was called."""
    for source in idp.sources:
        where = str(settings.beside_config(source.location)) if source.type == "files" else source.location
        try:
            yield Finding("ok", f"Source {source.name}: {where}{_said(source)}")
        except UserError as error:
            yield Finding("error", f"Source {source.name}: {error.message}", error.hint)


def _said(source: CatalogSource) -> str:
    """What a source says when it is asked; raises its UserError."""
    if isinstance(source, Checkable):
        return f", {source.check()}"
    source.open().close()
    return ""


def _pushes(settings: Settings) -> Iterator[Finding]:
    """Whether GitHub may tell of pushes."""
    for entry in settings.config.catalog.sources:
        if isinstance(entry, GitHubEntry):
            if entry.webhook_secret():
                yield Finding("ok", f"Source {entry.name}: GitHub tells of pushes at /hooks/github")
                continue
            hint = f"Set {entry.webhook_secret_env} and add a webhook (docs/sources.md) to see them in seconds."
            every = settings.config.catalog.sync_every
            yield Finding("warning", f"Source {entry.name}: pushes are seen every {every} s only", hint)

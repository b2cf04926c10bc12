"""`idp sync`: in a terminal with progress and a report, and as the child process of the bot with --json."""

import sys
from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console

from bot.processes.syncs import summary
from bot.settings.config import Settings
from bot.terminal.progress import progress
from bot.wiring import build
from data.catalog.sources.github import GitHubSource
from data.catalog.syncing.report import NOTHING_FOUND, Report, dump_reports
from data.catalog.syncing.sync import sync_all
from data.ports.catalog import CatalogSource

MOST_NAMES = 10  # entities named in the report for each kind of change


def sync_now(
    settings: Settings, source: str | None, repositories: Sequence[str], *, allow_removals: bool, as_json: bool
) -> int:
    """Sync and report; 0 when all sources could be synced and nothing was held, else 1.

    `repositories` narrow it to some of a GitHub source.
    """
    idp = build(settings)
    only = [source] if source else []
    console = Console(stderr=True, quiet=as_json)
    try:
        with progress("Syncing", console) as report:
            reports = sync_all(
                idp.database,
                [_narrowed(each, repositories) for each in idp.sources],
                now=idp.now,
                only=only,
                allow_removals=allow_removals,
                hold_takeovers=settings.config.catalog.takeovers == "hold",
                people_from=settings.config.catalog.tellers,
                progress=lambda name, files: report(f"{name}, files:", files),
            )
    finally:
        idp.database.close()
    if as_json:
        sys.stdout.write(dump_reports(reports) + "\n")
    else:
        _tell(reports)
    return 1 if any(each.error or each.held for each in reports) else 0


def _narrowed(source: CatalogSource, repositories: Sequence[str]) -> CatalogSource:
    if not isinstance(source, GitHubSource):
        return source
    return replace(source, only=tuple(repositories))


def _tell(reports: list[Report]) -> None:
    console = Console()
    for report in reports:
        console.print(f"{report.source}: {report.error or summary(report)}", soft_wrap=True, markup=False)
        if not (report.files or report.error):
            console.print(f"  {NOTHING_FOUND}", soft_wrap=True, markup=False)
        if report.held:
            console.print(f"  held: {report.held}", soft_wrap=True, markup=False)
        for sign, refs in (("+", report.added), ("~", report.changed), ("-", report.removed)):
            _tell_some(console, sign, refs)
        for ref in report.taken_over[:MOST_NAMES]:
            console.print(f"  held: {ref} gets a new owner when the old one agrees", soft_wrap=True, markup=False)
        passed = [change for change in report.owner_changed if change[0] not in report.taken_over]
        for ref, before, after in passed[:MOST_NAMES]:
            line = f"  owner of {ref}: {before or 'nobody'} -> {after or 'nobody'}"
            console.print(line, soft_wrap=True, markup=False)
    if any(report.problems for report in reports):
        console.print("Problems are listed by: idp ask freshness", soft_wrap=True, markup=False)


def _tell_some(console: Console, sign: str, refs: list[str]) -> None:
    for ref in refs[:MOST_NAMES]:
        console.print(f"  {sign} {ref}", soft_wrap=True, markup=False)
    if len(refs) > MOST_NAMES:
        console.print(f"  {sign} and {len(refs) - MOST_NAMES:,} more", soft_wrap=True, markup=False)

"""Syncs on request and by the clock, each in a child process that hostile files may kill."""

import logging
import sys
import threading
import time
from collections.abc import Sequence
from typing import Final

from bot.processes.work import report_bug
from commands.parts.texts.labels import plural
from data.catalog.syncing.child import sync_all_in_child, sync_in_child
from data.catalog.syncing.report import Report
from data.catalog.syncing.sync import forget
from data.errors import NotFound, UserError
from data.idp import Idp

log = logging.getLogger("idp")

REST: Final = 10.0  # seconds after a sync in which nobody can ask for another
COMMAND: Final = (sys.executable, "-m", "bot", "sync", "--json")


class Syncs:
    """One round of syncs at a time in this process; the database keeps other processes apart."""

    def __init__(self, idp: Idp, command: Sequence[str] = COMMAND) -> None:
        """`command` syncs the source whose name follows it and prints its report as JSON."""
        self._idp = idp
        self._command = command
        self._running = threading.Lock()
        self._finished = float("-inf")
        self.first_done = False  # whether every source has been tried once since the start

    def beside(self) -> "Syncs":
        """Another round of its own, for what must not wait until a long one is done."""
        return Syncs(self._idp, self._command)

    @property
    def names(self) -> list[str]:
        """The configured sources in their order."""
        return [source.name for source in self._idp.sources]

    def request(self, source: str | None) -> str:
        """Start a sync of one source, or of all with None, and say so at once. Raises NotFound."""
        if source is not None and source not in self.names:
            raise NotFound(f"No source is named {source}.", f"The sources are: {', '.join(self.names)}.")
        if not self._running.acquire(blocking=False):  # held from here on: one of two at once is told "now"
            return "A sync is running already; it will be done shortly."
        names = self.names if source is None else [source]
        if time.monotonic() - self._finished < REST:
            self._running.release()
            return "The catalog was synced a moment ago."
        threading.Thread(target=self._round_logged, args=(names,), name="idp-sync", daemon=True).start()
        return f"Syncing {', '.join(names)} now."

    def run(self, names: Sequence[str]) -> None:
        """Sync these sources one after the other; does nothing while another round runs."""
        if self._running.acquire(blocking=False):
            self._round(names)

    def _round(self, names: Sequence[str]) -> None:
        """The lock is held, and given back at the end."""
        try:
            for name in self._left_by_one_child(names):
                self._sync(name)
            if len(names) == len(self.names):
                forget(self._idp.database, self.names)
                self._idp.catalog.refresh()
        finally:
            self.first_done = self.first_done or len(names) == len(self.names)
            self._finished = time.monotonic()
            self._running.release()

    @property
    def busy(self) -> bool:
        """Whether a round is running in this process."""
        return self._running.locked()

    def run_some(self, name: str, repositories: Sequence[str]) -> None:
        """Read these repositories of a source again, all of it without any; waits for a running round."""
        with self._running:
            self._sync(name, [part for each in repositories for part in ("--only", each)])

    def _left_by_one_child(self, names: Sequence[str]) -> list[str]:
        """Sync all sources in one process; those of which it gave no report then get one each."""
        if len(names) < len(self.names) or len(names) < 2:
            return list(names)
        reports = sync_all_in_child(self._command)
        self._idp.catalog.refresh()
        for report in reports:
            self._tell(report)
        done = {report.source for report in reports}
        return [name for name in names if name not in done]

    def _round_logged(self, names: Sequence[str]) -> None:
        try:
            self._round(names)
        except UserError as error:
            log.warning("syncing: %s", error.message)
        except Exception:  # noqa: BLE001 - nobody waits for this thread: whatever fails here must reach the log
            report_bug("syncing")

    def _sync(self, name: str, narrowed: Sequence[str] = ()) -> None:
        report = sync_in_child(self._idp.database, name, (*self._command, name, *narrowed), now=self._idp.now)
        self._idp.catalog.refresh()
        self._tell(report)

    def _tell(self, report: Report) -> None:
        if report.error or report.held:
            log.warning("source %s: %s", report.source, report.error or report.held)
        else:
            log.info("source %s: %s", report.source, summary(report))


def summary(report: Report) -> str:
    """What a sync did, on one line."""
    changes = f"{len(report.added):,} added, {len(report.changed):,} changed, {len(report.removed):,} removed"
    held = f"{plural(report.entities, 'entity')} in {plural(report.files, 'file')}"
    return f"{changes}; {held}, {plural(report.problems, 'problem')}; {report.seconds:.1f} s"

"""A sync in a child process that may die: hostile files cost that process, never the bot."""

import logging
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from data.catalog.syncing.report import Report, dump_reports, load_reports
from data.errors import Unavailable
from data.store import sync_rows
from data.store.database import Database

__all__ = ["ChildLimits", "dump_reports", "sync_all_in_child", "sync_in_child"]

log = logging.getLogger(__name__)

_SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")  # nothing that a sync needs to know


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a child may use: address space and largest file in bytes, processor and wall time in seconds."""

    memory: int = 4 << 30
    processor: int = 300
    file: int = 4 << 30
    wall: float = 600.0

    def command(self, command: Sequence[str]) -> list[str]:
        """The command under these limits, set by the shell before it begins; no system has all of them.

        It gives way to whoever asks something meanwhile: it reads with as many processes as there are processors.
        """
        limits = [
            f"ulimit -v {self.memory >> 10}",
            f"ulimit -S -t {self.processor}",
            f"ulimit -f {self.file >> 9}",
        ]
        return ["sh", "-c", f'{{ {"; ".join(limits)}; }} 2>/dev/null; exec nice -n 10 "$@"', "sh", *command]


class _Died(Exception):
    """The child gave no report; says in a sentence what happened to it."""


def sync_in_child(
    database: Database,
    source: str,
    command: Sequence[str],
    *,
    now: Callable[[], datetime],
    limits: ChildLimits | None = None,
) -> Report:
    """Run `command` (it syncs the one source and prints its reports as JSON) and hand back the report.

    When the child dies, hangs or prints nonsense, the last good state stays, the failure is recorded at the
    source and the report's `error` says it.
    """
    try:
        output = _run((limits or ChildLimits()), command, os.environ)
        return _report(source, output)
    except _Died as death:
        error = f"The sync did not finish: {death}. What was known before stays."
        log.warning("sync of %s: %s", source, error)
        with suppress(Unavailable), database.store() as store:
            row = sync_rows.source_named(store, source)
            row.tried_at, row.error = now(), error
        return Report(source, error=error)


def sync_all_in_child(command: Sequence[str], *, limits: ChildLimits | None = None) -> list[Report]:
    """The reports of one `command` that syncs all sources; none when it dies, whichever source was the reason."""
    try:
        return load_reports(_run((limits or ChildLimits()), command, os.environ))
    except (_Died, ValueError, TypeError) as death:
        log.warning("sync of all sources in one process: %s; each gets its own", death)
        return []


def _run(limits: ChildLimits, command: Sequence[str], environ: Mapping[str, str]) -> bytes:
    """What the child printed. Raises _Died when a limit or a signal ended it."""
    environment = {name: value for name, value in environ.items() if name not in _SECRETS}
    with subprocess.Popen(  # noqa: S603  # a command of ours
        limits.command(command),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as child:
        try:
            output, errors = child.communicate(timeout=limits.wall)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            raise _Died(f"it took longer than {limits.wall:.0f} s and was stopped") from None
    said = errors.decode(errors="replace").strip()
    if said:
        log.log(logging.INFO if output.strip() else logging.WARNING, "sync child: %s", said[-4000:])
    if child.returncode < 0:
        raise _Died(_how_it_ended(-child.returncode))
    if "MemoryError" in said[-400:]:
        raise _Died(f"it needed more than {limits.memory >> 20} MiB of memory")
    return output


def _how_it_ended(number: int) -> str:
    if number == signal.SIGXCPU:
        return "it needed too much processor time"
    name = signal.Signals(number).name if number in signal.valid_signals() else str(number)
    return f"the process was ended by {name}"


def _report(source: str, output: bytes) -> Report:
    try:
        return next(report for report in load_reports(output) if report.source == source)
    except (ValueError, TypeError, StopIteration):
        raise _Died("the process ended without a report") from None

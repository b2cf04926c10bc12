"""A sync in a child process that may die: hostile files cost that process, never the bot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from data.catalog.report import Report
from data.store.database import Database


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a child may use: address space and largest file in bytes, processor and wall time in seconds."""

    memory: int = 2 << 30
    processor: int = 300
    file: int = 2 << 30
    wall: float = 600.0


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
    raise NotImplementedError

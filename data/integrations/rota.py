"""rota.yaml: who is on call, computed from a plain file in the wall time of each schedule's zone.

A shift handed over at 09:00 stays handed over at 09:00 when the clocks change. Overrides win over rotations, a
later override over an earlier one.
"""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from data.documents import Fault, check, load_documents, one
from data.integrations.answers import Answers
from data.integrations.rota_file import RotaFile, ScheduleEntry
from data.integrations.spans import Span, covered, turns
from data.ports.oncall import Rotas, Shift
from data.walltime import moment_of

LOOK_AGAIN = 2.0  # seconds between looks at the file


class Rota:
    """The port OnCall over one rota.yaml. A change of the file counts within two seconds; a faulty one is said in
    `failures` while the last good one keeps answering."""

    def __init__(
        self, path: Path, now: Callable[[], datetime], ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._path, self._now, self._ticks = path, now, ticks
        self._looked = float("-inf")
        self._stamp: tuple[int, int] = (-1, -1)
        self._book: tuple[RotaFile, datetime] | None = None  # the last good state, and when it was read
        self._failures: tuple[str, ...] = ()
        self._answers = Answers()

    def rotas(self, start: datetime, end: datetime) -> Rotas:
        """All shifts that overlap [start, end)."""
        if self._ticks() - self._looked > LOOK_AGAIN:
            self._look()
        return self._answers.of(start, end, self._computed)

    def _computed(self, start: datetime, end: datetime) -> Rotas:
        if self._book is None:
            return Rotas((), (), self._now(), self._failures)
        file, read_at = self._book
        source = self._path.name
        schedules = [entry.schedule(source) for entry in file.schedules]
        shifts = [shift for entry in file.schedules for shift in shifts_of(entry, source, start, end)]
        return Rotas(schedules, shifts, read_at, self._failures)

    def _look(self) -> None:
        """Read the file again if it changed."""
        self._looked = self._ticks()
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp == self._stamp:
                return
            read = read_rota(self._path.read_bytes())
        except OSError as error:
            self._fail((f"{self._path.name} cannot be read: {error.strerror}.",))
            return
        self._stamp = stamp
        if isinstance(read, RotaFile):
            self._book = (read, self._now())
            self._fail(())
        else:
            self._fail(tuple(_said(self._path.name, each) for each in read))

    def _fail(self, failures: tuple[str, ...]) -> None:
        self._failures = failures
        self._answers.forget()


def _said(name: str, fault: Fault) -> str:
    expected = f" Expected: {fault.expected.rstrip('.')}." if fault.expected else ""
    return f"{name}:{fault.line}: {fault.message}{expected}"


def read_rota(content: bytes) -> RotaFile | list[Fault]:
    """The file, or all its faults with their lines."""
    document = one(load_documents(content), "schedules: with a list below it, as in docs/oncall.md")
    return document if isinstance(document, list) else check(RotaFile, document)


def shifts_of(entry: ScheduleEntry, source: str, start: datetime, end: datetime) -> list[Shift]:
    """All shifts of one schedule that overlap [start, end), by level and time."""
    levels = {layer.level for layer in entry.layers} | {override.level for override in entry.overrides}
    return [
        Shift(entry.name, level, span.who, span.start, span.end, source, _email(span.who), entry.url)
        for level in sorted(levels)
        for span in _spans(entry, level, start, end)
        if span.start < end and span.end > start
    ]


def _spans(entry: ScheduleEntry, level: int, start: datetime, end: datetime) -> list[Span]:
    zone = ZoneInfo(entry.timezone)
    base = [turn for layer in entry.layers if layer.level == level for turn in turns(layer, zone, start, end)]
    overrides = [
        Span(moment_of(each.start, zone), moment_of(each.end, zone), each.who)
        for each in entry.overrides
        if each.level == level
    ]
    return covered(base, overrides)


def _email(who: str) -> str:
    return who if "@" in who else ""

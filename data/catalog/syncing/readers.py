"""Reading many files at once, in processes of their own; a few are read right here."""

import logging
import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType

from data.catalog.descriptors.reading import Reading, read_file
from data.catalog.entity import Problem
from data.catalog.syncing.reader import File, no_placeholders
from data.catalog.syncing.reader_process import Died, ReaderProcess, start

FEW = 300  # files that are read sooner than processes start
BATCH = 100  # files for one process at a time
BATCH_BYTES = 1 << 20
AHEAD_BYTES = 8 << 20  # of files that wait for a process; while the first one starts, most sources fit in
PROCESSES = 4  # at most

log = logging.getLogger(__name__)

Result = Reading | Problem


class Readers:
    """Reads the files of one source, in batches and in processes once there are more than a few.

    A file that ends or occupies its process comes back as the Problem that it is; all others are read as if it
    were not there. The processes end with this object, and with this process however it ends.
    """

    def __init__(self, source: str, few: int = FEW) -> None:
        self._source = source
        self._few = few
        self._count = min(os.cpu_count() or 1, PROCESSES)
        self._pool: ThreadPoolExecutor | None = None  # one thread waits for each process
        self._idle: SimpleQueue[ReaderProcess] = SimpleQueue()
        self._batch: list[File] = []
        self._bytes = 0
        self._asked: deque[tuple[Future[list[tuple[str, Result]]], int]] = deque()
        self._ahead = 0  # bytes of what was asked
        self._read: dict[str, Result] = {}

    def __enter__(self) -> "Readers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            for future, _ in self._asked:
                future.cancel()
            for _ in range(self._count):  # each when it is done with what it reads; nobody needs to wait for that
                self._pool.submit(lambda: self._idle.get().end())
            self._pool.shutdown(wait=False)

    def submit(self, file: File) -> None:
        """Have a file read; waits when too many are under way."""
        self._batch.append(file)
        self._bytes += len(file[1])
        full = self._bytes > BATCH_BYTES or len(self._batch) >= (BATCH if self._pool else self._few)
        if full:
            self._ask(self._pool or self._start())

    def results(self) -> dict[str, Result]:
        """What all files say that were submitted since the last time, by path."""
        if self._pool:
            self._ask(self._pool)
        self._wait(-1)
        for path, content, url in self._batch:
            self._read[path] = read_file(content, path, self._source, no_placeholders, url)
        read, self._read, self._batch, self._bytes = self._read, {}, [], 0
        return read

    def _start(self) -> ThreadPoolExecutor:
        for running in start(self._source, self._count):
            self._idle.put(ReaderProcess(self._source, running=running))
        self._pool = ThreadPoolExecutor(self._count, "reader")
        return self._pool

    def _ask(self, pool: ThreadPoolExecutor) -> None:
        for at in range(0, len(self._batch), BATCH):
            some = self._batch[at : at + BATCH]
            size = sum(len(content) for _, content, _ in some)
            self._asked.append((pool.submit(self._lend, some), size))
            self._ahead += size
        self._batch, self._bytes = [], 0
        self._wait(AHEAD_BYTES)

    def _wait(self, most: int) -> None:
        """Take in what was read, until no more than so many bytes are under way."""
        while self._asked and self._ahead > most:
            future, size = self._asked.popleft()
            self._read.update(future.result())
            self._ahead -= size

    def _lend(self, files: Sequence[File]) -> list[tuple[str, Result]]:
        process = self._idle.get()
        try:
            return _results(process, files)
        finally:
            self._idle.put(process)


def _results(process: ReaderProcess, files: Sequence[File]) -> list[tuple[str, Result]]:
    """What each file says, by path; when the process dies, one file after the other, until it is known why."""
    try:
        return [(file[0], reading) for file, reading in zip(files, process.read(files), strict=True)]
    except Died:
        if len(files) > 1:
            return [result for file in files for result in _results(process, [file])]
    path = files[0][0]
    log.warning("the process that read %s died", path)
    message = "Reading this file ended the process that did it."
    return [(path, Problem(path, 1, "error", "limit", message, "a smaller or simpler file"))]

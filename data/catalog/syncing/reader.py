"""The program that reads files for a sync: batches come on standard input, what they say goes to standard output.

It holds no secret and no connection, so that a hostile file can end nothing but this process.
"""

import gc
import marshal
import os
import sys
from collections.abc import Sequence
from itertools import chain
from typing import IO, Any

from data.catalog.descriptors.reading import Reading, Row, read_file
from data.catalog.entity import Entity, Problem
from data.errors import Invalid

File = tuple[str, bytes, str]  # path, content, and the URL where a person can look at it

_LENGTH = 8  # bytes before each message


def send(out: IO[bytes], message: Any) -> None:
    """Write one message, made of tuples, lists, texts, bytes and numbers."""
    raw = marshal.dumps(message)
    out.write(len(raw).to_bytes(_LENGTH, "big") + raw)
    out.flush()


def receive(into: IO[bytes]) -> Any:
    """Read one message. Raises EOFError when the other side is gone."""
    header = into.read(_LENGTH)
    raw = into.read(int.from_bytes(header, "big"))
    if len(header) < _LENGTH or not raw:
        raise EOFError
    return marshal.loads(raw)  # noqa: S302  # written by ourselves, on a pipe of ours


def pack(reading: Reading) -> tuple[Any, ...]:
    """A reading as plain values, which travel ten times as fast as objects."""
    rows = [(tuple(entity), digest) for entity, digest in reading.rows]
    problems = [(p.path, p.line, p.level, p.code, p.message, p.expected, p.ref) for p in reading.problems]
    return rows, problems, reading.targets, reading.documents, reading.templates


def unpack(packed: tuple[Any, ...]) -> Reading:
    """What was packed."""
    rows, problems, *rest = packed
    return Reading(
        [Row(Entity._make(entity), digest) for entity, digest in rows],
        [Problem(*problem) for problem in problems],
        *rest,
    )


def no_placeholders(target: str) -> bytes:
    """For files without placeholders. Those with some are read where the files can be had that they name."""
    raise Invalid(f"{target} cannot be had here.")


def main() -> None:
    """Read batches until there are no more."""
    source, *pipes = sys.argv[1:]
    into, out = sys.stdin.buffer, sys.stdout.buffer
    gc.disable()  # in the middle of a file there is next to nothing to be found, and looking takes a twentieth
    gc.freeze()  # what the imports made stays
    _fork(pipes)
    send(out, os.getpid())
    try:
        while files := receive(into):
            send(
                out, [pack(read_file(content, path, source, no_placeholders, url)) for path, content, url in files]
            )
            gc.collect(1)  # what is older was looked at after an earlier batch
    except (EOFError, BrokenPipeError):  # the sync has ended, however it did
        os._exit(0)
    except MemoryError:  # there is none left for saying so
        os._exit(1)


def _fork(pipes: Sequence[str]) -> None:
    """One more process for each pair of pipes, written "5,6": what it reads from and writes to."""
    pairs = [tuple(map(int, pair.split(","))) for pair in pipes]
    for at, pair in enumerate(pairs):
        forked = os.fork() == 0
        for standard, end in enumerate(pair if forked else ()):
            os.dup2(end, standard)
        for end in chain.from_iterable(pairs[at:] if forked else [pair]):
            os.close(end)
        if forked:
            return


if __name__ == "__main__":
    main()

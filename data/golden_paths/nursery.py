"""The process in which templates are rendered: it loads copier once, and gives each job a child that it confines.

It speaks lines of JSON: a job comes on standard input, its result goes to standard output. It never runs anything
of a template itself; a child that dies, or does not end in time, costs its own job only.
"""

import gc
import os
import select
import signal
import sys
import time
from contextlib import suppress
from typing import Any, Final

import orjson

from data.golden_paths import confine, jobs
from data.golden_paths.limits import FILES, LARGEST, OUTPUT

IDLE: Final = 600.0  # seconds after which it gives its memory back
SECONDS: Final = 60.0  # wall time of one job
ANSWER: Final = 8 << 20  # bytes of a result
LOOK: Final = 0.2  # seconds between two looks at what it has written

Job = dict[str, Any]


def main() -> None:
    """Take jobs until nobody has sent one for a while; who sends the next one starts another process."""
    os.environ.clear()
    gc.freeze()  # children share these pages
    while select.select([sys.stdin], [], [], IDLE)[0] and (line := sys.stdin.buffer.readline()):
        try:
            sys.stdout.buffer.write(orjson.dumps(serve(orjson.loads(line))) + b"\n")
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # whoever asked has ended: there is nobody to tell, also not at exit
            os._exit(0)


def serve(job: Job) -> dict[str, Any]:
    """One job in a child of its own; what it said, or what became of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(job, writing)
    os.close(writing)
    try:
        return _follow(child, reading, job)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        os.close(reading)


def _work(job: Job, writing: int) -> None:
    """The child: confined, then the job; never returns."""
    code = 1
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        said = orjson.dumps(_confined(job), default=str)
        view = memoryview(said)
        while view:
            view = view[os.write(writing, view) :]
        code = 0
    finally:
        os._exit(code)


def _confined(job: Job) -> dict[str, Any]:
    os.chdir(job["into"] or job["template"])
    confine.limit()
    closed = confine.cut_network()
    if job["trusted"]:
        if not closed:
            return {"refused": "this system cannot cut tasks off from the network"}
        os.environ["PATH"] = os.defpath
    else:
        readable = [job["template"], *filter(None, sys.path), sys.prefix, "/usr/share/zoneinfo"]
        confine.guard(readable, job["into"] or "/nowhere")
    return jobs.run(job)


def _follow(child: int, reading: int, job: Job) -> dict[str, Any]:
    """Read the child's answer, looking at the time and at what it has written."""
    ends, said = time.monotonic() + SECONDS, bytearray()
    poll = select.poll()
    poll.register(reading, select.POLLIN)
    while time.monotonic() < ends:
        if poll.poll(LOOK * 1000):
            piece = os.read(reading, 1 << 16)
            if not piece:
                return _ended(child, bytes(said))
            said += piece
        if len(said) > ANSWER or _too_much(job["into"]):
            return _kill(child, f"it made more than {OUTPUT >> 20} MB or {FILES:,} files")
    return _kill(child, f"it did not end within {SECONDS:.0f} seconds")


def _kill(child: int, why: str) -> dict[str, Any]:
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return {"refused": why}


def _ended(child: int, said: bytes) -> dict[str, Any]:
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        answer: dict[str, Any] = orjson.loads(said)
        return answer
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return {"refused": "it needed too much processor time"}
    if code == -signal.SIGXFSZ:
        return {"refused": f"it made a file of more than {LARGEST >> 20} MB"}
    return {"refused": f"the process that rendered it ended with {code}"}


def _too_much(folder: str) -> bool:
    size = files = 0
    for place, _, names in os.walk(folder) if folder else ():
        files += len(names)
        for name in names:
            with suppress(OSError):
                size += os.lstat(f"{place}/{name}").st_size
    return size > OUTPUT or files > FILES


if __name__ == "__main__":
    main()

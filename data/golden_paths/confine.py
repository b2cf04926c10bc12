"""What a process takes from itself before it renders a stranger's template, and never gets back.

Three walls: limits of the system; no sockets (Linux: seccomp, which children inherit); and for templates that are
not trusted an audit hook, which no Python code can remove, so that only the template's own files are read, only
its own folder is written, and nothing is started.
"""

import ctypes
import os
import platform
import resource
import struct
import sys
from collections.abc import Collection
from typing import Any, Final

from data.golden_paths.limits import LARGEST

MEMORY: Final = 768 << 20  # bytes of address space, Python and copier among them
PROCESSOR: Final = 20  # seconds

_SOCKET: Final = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}  # (audit architecture, system call)
_STARTS: Final = ("subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.system", "pty.")
_REACHES: Final = ("socket.", "ctypes.", "urllib.", "ftplib.", "http.", "smtplib.", "sqlite3.", "mmap.", "shutil.")
_LISTS: Final = ("os.listdir", "os.scandir", "os.walk", "glob.glob", "os.chdir")
_CHANGES: Final = ("os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.chown", "os.truncate", "os.utime")
_MOVES: Final = ("os.rename", "os.link", "os.symlink")


def limit(memory: int = MEMORY, processor: int = PROCESSOR, largest: int = LARGEST) -> None:
    """Limits of the system on this process and what it starts."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))


def cut_network() -> bool:
    """Make every socket() fail from now on, in this process and its children; False where that cannot be done."""
    known = _SOCKET.get(platform.machine()) if sys.platform == "linux" else None
    if known is None:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    if libc.prctl(38, 1, 0, 0, 0):  # PR_SET_NO_NEW_PRIVS
        return False
    program = _filter(*known)
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HP", len(program) // 8, ctypes.addressof(code))
    kept = ctypes.create_string_buffer(header, len(header))
    return int(libc.prctl(22, 2, ctypes.addressof(kept), 0, 0)) == 0  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


def _filter(architecture: int, call: int) -> bytes:
    """A BPF program: another architecture is ended (its numbers differ), socket() is refused, the rest may be."""
    refuse, allow, kill = 0x00050000 | 13, 0x7FFF0000, 0x80000000  # with errno EACCES
    lines = [
        (0x20, 0, 0, 4),  # load the architecture
        (0x15, 1, 0, architecture),
        (0x06, 0, 0, kill),
        (0x20, 0, 0, 0),  # load the number of the call
        (0x15, 0, 1, call),
        (0x06, 0, 0, refuse),
        (0x06, 0, 0, allow),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def guard(readable: Collection[str], writable: str) -> None:
    """From now on read below `readable` and write below `writable` only, and start nothing."""
    sys.addaudithook(_Guard(tuple(map(_real, readable)), _real(writable)))


def _real(path: str) -> str:
    return os.path.realpath(path).rstrip("/") + "/"


class _Guard:
    """Called by Python for everything that reaches outside; raising stops it."""

    def __init__(self, readable: tuple[str, ...], writable: str) -> None:
        self._readable, self._writable = (*readable, writable), writable

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            self._open(*args)
        elif event.startswith((*_STARTS, *_REACHES)):
            raise PermissionError(f"a template may not do this: {event}")
        elif event in _LISTS:
            self._inside(args[0], self._readable, event)
        elif event in _CHANGES:
            self._inside(args[0], (self._writable,), event)
        elif event in _MOVES:
            self._inside(args[1], (self._writable,), event)

    def _open(self, path: Any, _mode: Any, flags: int) -> None:
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        self._inside(path, (self._writable,) if writes else self._readable, "open")

    def _inside(self, path: Any, allowed: tuple[str, ...], event: str) -> None:
        if isinstance(path, int) or path is None:  # a file that is open already
            return
        real = os.path.realpath(os.fsdecode(path))
        if not f"{real}/".startswith(allowed):
            raise PermissionError(f"a template may not reach {os.fsdecode(path)[:200]} ({event})")

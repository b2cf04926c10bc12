"""An access system that only remembers, in memory or in a file that outlives a crash: for the demo and tests."""

import fcntl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from data.ports.access import Entitlement

Held = dict[str, dict[str, Any]]


@dataclass
class FakeAccess:
    """Keeps who has what. With `path` several processes share a file; every change is on disk when it returns."""

    path: Path | None = None
    name: str = "the demo's access system"
    _held: Held = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def grant(self, access: Entitlement) -> None:
        """Remember it; the same again changes its end only."""
        with self._open() as held:
            held[_key(access)] = {
                "grant": access.grant,
                "subject": access.subject,
                "target": access.target,
                "environment": access.environment,
                "until": access.until.isoformat() if access.until else None,
            }

    def revoke(self, access: Entitlement) -> None:
        """Forget it; what is not there is fine."""
        with self._open() as held:
            held.pop(_key(access), None)

    def holds(self, access: Entitlement) -> bool:
        """Whether the person has it, under whatever grant."""
        return any(_same(access, other) for other in self.list())

    def list(self) -> Sequence[Entitlement]:
        """Everything that is remembered, by grant."""
        with self._open() as held:
            rows = [held[key] for key in sorted(held)]
        return [Entitlement(**row | {"until": _time(row["until"])}) for row in rows]

    @contextmanager
    def _open(self) -> Iterator[Held]:
        with self._lock:
            if self.path is None:
                yield self._held
                return
            with self._alone(self.path):
                held: Held = orjson.loads(self.path.read_bytes()) if self.path.exists() else {}
                before = orjson.dumps(held)
                yield held
                after = orjson.dumps(held)
                if after != before:
                    _replace(self.path, after)

    @contextmanager
    def _alone(self, path: Path) -> Iterator[None]:
        """No other process looks at the file meanwhile."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _replace(path: Path, content: bytes) -> None:
    """All or nothing: a process that dies in here leaves the old content."""
    new = path.with_suffix(".new")
    new.write_bytes(content)
    new.replace(path)


def _key(access: Entitlement) -> str:
    return f"{access.grant} {access.subject} {access.target} {access.environment}"


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _same(one: Entitlement, other: Entitlement) -> bool:
    return (one.subject, one.target, one.environment) == (other.subject, other.target, other.environment)

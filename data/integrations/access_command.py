"""Access by any executable: one JSON object on its standard input, exit code 0 when it is done.

    {"op": "grant" | "revoke" | "list", "grant": id, "subject": e-mail, "target": entity reference,
     "environment": name, "until": RFC 3339}

`list` answers `[{"grant", "subject", "target", "environment"}]` on standard output; its own input has null for the
rest. The executable must not mind being asked twice.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from data.durations import Duration
from data.errors import Unavailable
from data.integrations.child_process import Ended, clean_environment, run
from data.ports.access import Entitlement
from data.secrets import without_secrets


class CommandConfig(BaseModel):
    """`access: {type: command, run: ["./access.py"]}`; `env` names variables that the executable may see."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["command"]
    run: list[str] = Field(min_length=1)
    timeout: Duration = 30
    env: list[str] = []


class _Listed(BaseModel):
    model_config = ConfigDict(extra="ignore")

    grant: str = ""
    subject: str
    target: str
    environment: str


_ANSWER = TypeAdapter(list[_Listed])


@dataclass
class CommandAccess:
    """Runs the configured executable in the folder of the configuration, one call at a time."""

    config: CommandConfig
    folder: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def name(self) -> str:
        """The executable's name, for people."""
        return Path(self.config.run[0]).name

    def grant(self, access: Entitlement) -> None:
        """Give it."""
        self._call("grant", access)

    def revoke(self, access: Entitlement) -> None:
        """Take it away."""
        self._call("revoke", access)

    def holds(self, access: Entitlement) -> bool:
        """Whether the list has it, under whatever grant."""
        asked = (access.subject, access.target, access.environment)
        return any((one.subject, one.target, one.environment) == asked for one in self.list())

    def list(self) -> Sequence[Entitlement]:
        """What the executable lists."""
        ended = self._call("list", None)
        try:
            listed = _ANSWER.validate_json(ended.output, strict=True)
        except ValidationError as error:
            where = ".".join(map(str, error.errors()[0]["loc"]))
            raise Unavailable(
                f"{self.name} list did not answer a list of grants (at {where or 'its beginning'})."
            ) from None
        return [Entitlement(one.grant, one.subject.lower(), one.target.lower(), one.environment) for one in listed]

    def _call(self, op: str, access: Entitlement | None) -> Ended:
        asked = {
            "op": op,
            "grant": access.grant if access else None,
            "subject": access.subject if access else None,
            "target": access.target if access else None,
            "environment": access.environment if access else None,
            "until": access.until.isoformat(timespec="seconds") if access and access.until else None,
        }
        environment = clean_environment(self.config.env, os.environ)
        with self._lock:
            ended = run(
                self._command(), orjson.dumps(asked) + b"\n", self.folder, environment, self.config.timeout
            )
        if ended.code != 0:
            why = without_secrets(" ".join(ended.complaint.split())) or "it gave no reason"
            raise Unavailable(f"{self.name} {op} failed with exit code {ended.code}: {why}")
        return ended

    def _command(self) -> Sequence[str]:
        """A path is relative to the configuration; a bare word is looked up by the system."""
        first, *rest = self.config.run
        return [str((self.folder / first).absolute()) if "/" in first else first, *rest]

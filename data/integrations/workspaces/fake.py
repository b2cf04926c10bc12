"""A workspace system that only remembers, in memory or in a file that outlives a crash: for the demo and tests.

Builds take their time by the clock; nothing runs meanwhile: a state is worked out when somebody asks.
"""

import fcntl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from data.errors import Conflict, Invalid, NotFound
from data.integrations.workspaces.editor import in_vscode
from data.integrations.workspaces.fake_templates import BREAKS_AT_FIRST, TEMPLATES
from data.ports.workspaces import NewWorkspace, Quota, RemoteState, RemoteWorkspace, Template, Turn

Kept = dict[str, Any]
HOST = "https://workspaces.acme.example"
BUDGET = 40  # credits of each person: as many as three small ones cost, and a little more


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds that things take."""

    queue: float = 2.0
    build: float = 6.0
    stop: float = 3.0


@dataclass
class FakeWorkspaces:
    """With `path` several processes share a file; every change is on disk when it returns."""

    now: Callable[[], datetime]
    path: Path | None = None
    times: Times = Times()
    name: str = "Acme workspaces"
    key: str = "fake"
    acts_as: str = "the demo's service account"
    launches: bool = True
    _kept: Kept = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def launch_url(self, repository: str) -> str:  # noqa: ARG002  # the port's signature
        """Nobody has to launch by themselves here."""
        return ""

    def templates(self) -> Sequence[Template]:
        """What the demo offers."""
        return TEMPLATES

    def template(self, name: str) -> Template:
        """One of them. Raises NotFound."""
        found = next((one for one in TEMPLATES if one.name == name), None)
        if found is None:
            raise NotFound(f"{self.name} has no template {name}.")
        return found

    def quota(self, owner: str) -> Quota | None:
        """What a person's workspaces cost, of a small budget."""
        mine = (one for one in self.list() if one.owner == owner)
        return Quota(sum(one.cost or 0 for one in mine), BUDGET)

    def find(self, owner: str, name: str) -> RemoteWorkspace | None:
        """By name, in whatever case."""
        return next((one for one in self.list() if (one.owner, one.name.lower()) == (owner, name.lower())), None)

    def create(self, new: NewWorkspace) -> RemoteWorkspace:
        """Begin to build one. Raises Conflict when the name is taken."""
        self.template(new.template)
        if self.find(new.owner, new.name):
            raise Conflict(f"{new.owner} has a workspace {new.name} already.")
        with self._open() as kept:
            id = f"w{kept.setdefault('count', 0) + 1}"
            kept["count"] += 1
            kept[id] = {"name": new.name, "owner": new.owner, "template": new.template, "life": new.life}
            kept[id] |= {"created_at": self.now().isoformat(), "builds": 0, "deadline": None}
            self._build(kept[id], "start")
        return self._there(id)

    def get(self, id: str) -> RemoteWorkspace | None:
        """One, if it is there."""
        with self._open() as kept:
            one = kept.get(id)
            return self._seen(id, one) if isinstance(one, dict) and not self._gone(one) else None

    def list(self) -> Sequence[RemoteWorkspace]:
        """All that are there."""
        with self._open() as kept:
            rows = [(id, one) for id, one in kept.items() if isinstance(one, dict)]
            return [self._seen(id, one) for id, one in rows if not self._gone(one)]

    def turn(self, id: str, turn: Turn) -> None:
        """Begin another build. Raises Conflict while one is going on."""
        there = self._there(id)
        if there.state not in {"running", "stopped", "failed"}:
            raise Conflict(f"{there.name} is {there.state}: a build is in progress.")
        with self._open() as kept:
            self._build(kept[id], turn)

    def cancel(self, id: str) -> None:
        """Break the build off: it counts as failed."""
        self._there(id)
        with self._open() as kept:
            kept[id] |= {"broken": True, "turn_at": (self.now() - timedelta(hours=1)).isoformat()}

    def extend(self, id: str, until: datetime) -> None:
        """Stop later. Raises Invalid for what does not run."""
        if self._there(id).state != "running":
            raise Invalid("Only a running workspace can be extended.")
        with self._open() as kept:
            kept[id]["deadline"] = until.isoformat()

    def log(self, id: str, lines: int) -> Sequence[str]:
        """What a build may say."""
        failed = self._there(id).state == "failed"
        said = ["Initializing the backend…", "Plan: 4 to add, 0 to change, 0 to destroy."]
        said += (
            ["Error: no capacity for gpu.large in eu-central-1b, try again later"] if failed else ["Apply done."]
        )
        return said[-lines:]

    def close(self) -> None:
        """Nothing is open."""

    def _there(self, id: str) -> RemoteWorkspace:
        found = self.get(id)
        if found is None:
            raise NotFound("This workspace is gone.")
        return found

    def _build(self, one: Kept, turn: Turn) -> None:
        one["builds"] += 1
        broken = turn == "start" and one["template"] in BREAKS_AT_FIRST and one["builds"] == 1
        one |= {"turn": turn, "turn_at": self.now().isoformat(), "broken": broken}
        life = one["life"] if turn == "start" else 0
        ready = self.now() + timedelta(seconds=self.times.queue + self.times.build)
        one["deadline"] = (ready + timedelta(seconds=life)).isoformat() if life else None

    def _gone(self, one: Kept) -> bool:
        return one["turn"] == "delete" and self._age(one) >= self.times.stop

    def _age(self, one: Kept) -> float:
        return (self.now() - datetime.fromisoformat(one["turn_at"])).total_seconds()

    def _state(self, one: Kept) -> RemoteState:
        age, times = self._age(one), self.times
        if one["turn"] != "start":
            over: RemoteState = "deleting" if one["turn"] == "delete" else "stopped"
            return over if age >= times.stop or over == "deleting" else "stopping"
        if age < times.queue + times.build:
            return "pending" if age < times.queue else "starting"
        ended = one["deadline"] and self.now() >= datetime.fromisoformat(one["deadline"])
        return "failed" if one["broken"] else "stopped" if ended else "running"

    def _seen(self, id: str, one: Kept) -> RemoteWorkspace:
        state, login = self._state(one), one["owner"].partition("@")[0]
        return RemoteWorkspace(
            id=id,
            name=one["name"],
            owner=one["owner"],
            template=one["template"],
            state=state,
            created_at=datetime.fromisoformat(one["created_at"]),
            deadline=datetime.fromisoformat(one["deadline"]) if one["deadline"] and state == "running" else None,
            cost=12 if state == "running" else 1,
            ours=True,
            error="The build failed." if state == "failed" else "",
            web_url=f"{HOST}/@{login}/{one['name']}",
            editor_url=in_vscode("acme.workspaces/open", owner=login, workspace=one["name"]),
            login=login,
        )

    @contextmanager
    def _open(self) -> Iterator[Kept]:
        with self._lock:
            if self.path is None:
                yield self._kept
                return
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.with_suffix(".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                kept: Kept = orjson.loads(self.path.read_bytes()) if self.path.exists() else {}
                before = orjson.dumps(kept)
                yield kept
                if orjson.dumps(kept) != before:
                    new = self.path.with_suffix(".new")
                    new.write_bytes(orjson.dumps(kept))
                    new.replace(self.path)

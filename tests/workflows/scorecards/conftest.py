"""A small house with facts about three services of two teams."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.ports.engine import WorkState
from data.ports.facts import Fact, Value
from data.scorecards.loading import SHIPPED, load_scorecards
from data.store import facts
from data.store.database import Database, Store
from tests.conftest import Clock
from tests.workflows.house import StillCatalog, StillRota, entity, group, people, policies

PAYMENTS, IDENTITY = "group:default/payments", "group:default/identity"
CART, LEDGER, LOGIN = (f"component:default/{name}" for name in ("cart", "ledger", "login"))
RULES = ("on-call", "runbook", "no-critical-vulnerability", "deployed-lately", "coverage", "slos")

ALL_GOOD: dict[str, Value] = {
    "oncall.rotation": True,
    "readme.runbook": True,
    "vulnerabilities.critical": 0,
    "deployment.at": "2026-02-20T08:00:00+00:00",
    "coverage": 91.5,
    "slo.missing": 0,
}


def service(ref: str, owner: str = PAYMENTS, **fields: Any) -> Any:
    """A service in production."""
    return entity(ref, {owner: "ownedBy"}, owner=owner, type="service", lifecycle="production", **fields)


def snapshot(*more: Any) -> Snapshot:
    """Cart and ledger of payments, login of identity, and a library that no scorecard is for."""
    things = [
        service(CART),
        service(LEDGER),
        service(LOGIN, IDENTITY),
        entity("component:default/lib", type="library"),
    ]
    groups = [group(name) for name in ("acme", "payments", "platform", "identity", "sre")]
    return Snapshot.build([*things, *more, *groups, *people()], version=1)


@dataclass
class StillEngine:
    """An engine that only notes what it is asked for."""

    stopping: bool = False
    asked: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def enqueue(self, store: Store, work: str, id: str, *args: str | int, delay: float = 0) -> None:
        self.asked.setdefault(id, (work, *args))

    def states(self, ids: Collection[str]) -> Mapping[str, WorkState]:
        return {id: "waiting" for id in ids if id in self.asked}

    def withdraw(self, work: str, beginning: str) -> None:
        pass

    def forget(self, before: datetime) -> int:
        return 0


@dataclass
class Scored:
    """What a test holds."""

    idp: Idp
    clock: Clock

    def tell(self, ref: str, source: str = "ci", at: datetime | None = None, **values: Value) -> None:
        """Keep facts; `oncall__rotation` stands for oncall.rotation."""
        told = [
            Fact(ref, name.replace("__", "."), value, source, at or self.clock()) for name, value in values.items()
        ]
        with self.idp.database.store() as store:
            facts.put(store, told, self.clock())

    def tell_all(self, ref: str, **but: Value | None) -> None:
        """Facts with which every rule passes, but these; None: not known."""
        values = ALL_GOOD | {name.replace("__", "."): value for name, value in but.items()}
        told = [Fact(ref, name, each, "ci", self.clock()) for name, each in values.items() if each is not None]
        with self.idp.database.store() as store:
            facts.put(store, told, self.clock())

    @property
    def catalog(self) -> StillCatalog:
        held = self.idp.catalog
        assert isinstance(held, StillCatalog)
        return held


@pytest.fixture
def make(database: Database, clock: Clock) -> Callable[..., Scored]:
    """A house on either database, with these files of scorecards, or the one that ships."""

    def made(*files: Path) -> Scored:
        cards, misread = load_scorecards(files or [SHIPPED])
        assert not misread
        written = {"exemption": {"rules": [{"then": {"approvals": 1, "from": ["platform"]}}]}}
        idp = Idp(
            database=database,
            catalog=StillCatalog(snapshot()),  # type: ignore[arg-type]  # as far as it is used here
            oncall=StillRota(),
            sources=(),
            now=clock,
            request_sync=lambda _: "",
            version="0",
            config_path="idp.yaml",
            platform_owner="group:default/platform",
            engine=StillEngine(),
            scorecards=cards,
            policies=policies(written),
        )
        return Scored(idp, clock)

    return made


@pytest.fixture
def scored(make: Callable[..., Scored]) -> Scored:
    """With the six rules that ship."""
    return make()

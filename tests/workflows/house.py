"""A small house that can act: a still catalog, policies, fakes that keep what they are told, the real engine.

Used by the tests, by the processes that they start and kill, and by the bench.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlmodel import col, select

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.integrations.access_fake import FakeAccess
from data.integrations.board import FolderBoard
from data.integrations.chat_fake import FakeChat
from data.integrations.workspaces.fake import FakeWorkspaces, Times
from data.policies import Policy, PolicyConfig
from data.ports.oncall import Rotas, Shift
from data.store.database import Database
from data.store.tables.work import MessageRow
from tests.waiting import PATIENT
from workflows.action import actions
from workflows.engine import Engine, Pace
from workflows.requests.request import Actor
from workflows.works import QUEUES, Ticker, works

ANN, BEN, CAT, DAN, EVE, FAY = (f"user:default/{name}" for name in ("ann", "ben", "cat", "dan", "eve", "fay"))
CHECKOUT, LEDGER = "component:default/checkout", "component:default/ledger"
FAST = Pace(poll=0.1, beat=1.0, lease=5.0)
ACCESS = {"target": CHECKOUT, "environment": "prod", "duration": "30m"}
SPACE = {"target": CHECKOUT, "template": "python", "name": "checkout", "life": "8h"}
QUICK = Times(queue=0.1, build=0.3, stop=0.1)
NOTES = {"coder.com/workspace-template": "python"}
GAME = {"target": CHECKOUT, "day": "2999-01-01", "scenario": "the database is gone"}


PRESETS = {"game-day": GAME, "prod-access": ACCESS, "break-glass": {"target": CHECKOUT}, "workspace": SPACE}


def entity(ref: str, relations: Mapping[str, str] | None = None, **fields: Any) -> Entity:
    """An entity with everything that a test does not care about left empty."""
    kind, _, rest = ref.partition(":")
    namespace, _, name = rest.partition("/")
    values: dict[str, Any] = dict.fromkeys(Entity._fields, "")
    values |= {"ref": ref.lower(), "kind": kind.capitalize(), "namespace": namespace, "name": name}
    values |= {"source": "acme", "path": f"{name}.yaml", "line": 1, "stale": False}
    declared = [[type_, target, 1] for target, type_ in (relations or {}).items()]
    detail = fields.pop("detail", {})
    return Entity(
        **values | {"relations": orjson.dumps(declared).decode(), "detail": orjson.dumps(detail).decode()} | fields
    )


def person(ref: str, *groups: str) -> Entity:
    """A User with an e-mail address, a member of groups."""
    email = f"{ref.rpartition('/')[2]}@acme.example"
    return entity(ref, dict.fromkeys(groups, "memberOf"), detail={"profile": {"email": email}})


def group(name: str, **annotations: str) -> Entity:
    """A group below acme with a channel."""
    annotations = {"slack.com/channel": name} | annotations
    parent = {} if name == "acme" else {"group:default/acme": "childOf"}
    return entity(f"group:default/{name}", parent, detail={"annotations": annotations})


def people(**memberships: str) -> list[Entity]:
    """Ann, Ben and Fay own checkout, Cat is of the platform team, Dan of identity, Eve leads everybody."""
    where = dict.fromkeys(("ann", "ben", "fay"), "payments") | {
        "cat": "platform",
        "dan": "identity",
        "eve": "acme",
    }
    where |= memberships
    return [person(f"user:default/{name}", f"group:default/{team}") for name, team in where.items() if team]


def snapshot(**memberships: str) -> Snapshot:
    """The catalog; `dan="payments"` puts Dan into another team, `ben=""` takes him out of the catalog."""
    services = [
        entity(CHECKOUT, owner="group:default/payments", detail={"labels": {"tier": "2"}, "annotations": NOTES}),
        entity(LEDGER, owner="group:default/payments", detail={"labels": {"tier": "1"}}),
    ]
    groups = [group(name) for name in ("acme", "payments", "platform", "identity", "sre")]
    return Snapshot.build([*services, *groups, *people(**memberships)])


@dataclass
class StillCatalog:
    """A catalog that does not follow any database."""

    snapshot: Snapshot = field(default_factory=snapshot)
    loaded: bool = True

    def refresh(self) -> bool:
        return False


@dataclass
class StillRota:
    """Whoever is in `now` is on call on level 1 for the payments team."""

    now: list[str] = field(default_factory=list)

    def rotas(self, start: datetime, end: datetime) -> Rotas:
        shifts = [Shift("payments", 1, who, start, end, "test") for who in self.now]
        from data.ports.oncall import Schedule

        return Rotas([Schedule("payments", "test", ("group:default/payments",))], shifts, start)


POLICIES: dict[str, Any] = {
    "prod-access": {
        "durations": ["30m", "1h", "4h", "1s", "2s", "4s", "10s", "60s"],
        "rules": [
            {"when": {"requester": "on-call"}, "then": "allow"},
            {
                "when": {"tier": 1},
                "then": {"approvals": 2, "from": ["owners", "platform"], "distinct_teams": True},
            },
            {"when": {"environment": "prod"}, "then": {"approvals": 1, "from": ["owners"]}},
        ],
        "break_glass": {"groups": ["platform"], "duration": "30m"},
        "pending_expires": "8h",
    },
    "game-day": {"rules": [{"then": {"approvals": 1, "from": ["owners"]}}]},
    "workspace": {
        "durations": ["2h", "8h"],
        "quota": 3,
        "longest": "12h",
        "rules": [
            {"when": {"template": "gpu-lab"}, "then": {"approvals": 1, "from": ["platform"]}},
            {"when": {"template": "go"}, "then": {"refuse": "Go is not for workspaces yet."}},
            {"then": "allow"},
        ],
    },
}


def policies(written: Mapping[str, Any] = POLICIES) -> dict[str, Policy]:
    """Policies as they are read from a file."""
    return {name: Policy(name, PolicyConfig.model_validate(config)) for name, config in written.items()}


@dataclass
class House:
    """What a test holds: the parts that it looks at and turns."""

    idp: Idp
    engine: Engine
    chat: FakeChat
    access: FakeAccess
    catalog: StillCatalog
    rota: StillRota
    ticker: Ticker
    workspaces: FakeWorkspaces

    def submit(self, action: str = "game-day", by: str = ANN, reason: str = "INC-123", **values: Any) -> Any:
        """Ask for something; gives the request."""
        from workflows.requests.request import submit

        preset = {
            "game-day": GAME,
            "prod-access": ACCESS,
            "break-glass": {"target": CHECKOUT},
            "workspace": SPACE,
        }[action]
        return submit(self.idp, actions()[action], Actor(by), preset | values, reason=reason)

    def showing(self, kind: str, subject: int) -> Sequence[MessageRow]:
        """All messages that show this, the oldest first."""
        where = (col(MessageRow.kind) == kind, col(MessageRow.subject) == subject)
        with self.idp.database.reading() as store:
            return store.session.exec(select(MessageRow).where(*where).order_by(col(MessageRow.id))).all()

    def settle(self, seconds: float = PATIENT) -> None:
        """Until nothing waits to be done at once."""
        assert self.engine.settle(seconds), "the house does not come to rest"

    def rest(self) -> None:
        """Let what runs come to its end, and work no more; draining would always sleep for a second first."""
        self.settle()
        self.engine.stop(drain=0)


def now() -> datetime:
    return datetime.now(UTC)


def build(
    url: str, folder: Path, clock: Callable[[], datetime] = now, pace: Pace = FAST, access: Any = None
) -> House:
    """A house on a migrated database. The engine is open, not launched."""
    database = Database(url)
    engine = Engine(database, QUEUES, pace)
    chat, catalog, rota = FakeChat(), StillCatalog(), StillRota()
    given = access or FakeAccess(folder / "access.json")
    spaces = FakeWorkspaces(clock, folder / "workspaces.json", QUICK)
    idp = Idp(
        database=database,
        catalog=catalog,  # type: ignore[arg-type]  # as far as it is used here
        oncall=rota,
        sources=(),
        now=clock,
        request_sync=lambda _: "",
        version="0",
        config_path="idp.yaml",
        platform_owner="group:default/platform",
        platform_channel="platform",
        policies=policies(),
        engine=engine,
        access=given,
        workspaces=(spaces,),
        chat=chat,
        board=FolderBoard(folder / "board"),
    )
    engine.open()
    return House(idp, engine, chat, given, catalog, rota, Ticker(idp), spaces)


def launch(house: House) -> None:
    """Begin to work in this process."""
    house.engine.launch(works(house.idp))

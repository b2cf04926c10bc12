"""A small company, made by hand, and the way to ask about it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import orjson
import pytest

from commands import Asker, answer
from commands.parts.reply import Buttons, Fields, Note, Pre, Reply, Rows, Section
from data.catalog.entity import Entity, Problem
from data.catalog.live import Catalog
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.integrations.oncall import AllOnCall
from data.integrations.rota import Rota
from data.store.catalog import SourceState
from data.store.database import Database

NOW = datetime(2026, 11, 25, 10, 20, tzinfo=UTC)  # a Wednesday
ANN = Asker("ann", "ann@acme.example", "U1", "C1", "slash")

ROTA = """
schedules:
  - name: payments-primary
    covers: [team-payments]
    timezone: Europe/Berlin
    layers:
      - {level: 1, rotation: [ann, ben], start: 2026-11-16, length: 1w, handover: "Mon 09:00"}
      - {level: 2, rotation: [ben, ann], start: 2026-11-16, length: 1w, handover: "Mon 09:00"}
    overrides:
      - {from: 2026-11-26 09:00, to: 2026-11-27 09:00, who: ann}
  - name: identity-hours
    covers: [team-identity]
    timezone: Europe/London
    layers:
      - {rotation: [cara@acme.example], start: 2026-01-05, length: 1d, handover: "09:00", hours: "09:00-17:00"}
  - name: everybody
    covers: [engineering]
    rotation: [zoe]
    start: 2026-01-05
"""


def made(
    name: str,
    kind: str = "Component",
    *,
    namespace: str = "default",
    owner: str = "",
    relations: Iterable[tuple[str, str]] = (),
    detail: dict[str, Any] | None = None,
    **rest: Any,
) -> Entity:
    """An entity; whoever has an owner declares ownedBy it."""
    told = [*relations, *([("ownedBy", owner)] if owner else [])]
    known = {
        "title": "",
        "description": "",
        "type": "",
        "lifecycle": "",
        "system": "",
        "tags": "",
        "source": "acme",
        "path": f"{name}/catalog-info.yaml",
        "line": 3,
        "stale": False,
    } | rest
    return Entity(
        ref=f"{kind}:{namespace}/{name}".lower(),
        kind=kind,
        namespace=namespace,
        name=name,
        owner=owner,
        relations=orjson.dumps([[type_, target, 3] for type_, target in told]).decode() if told else "",
        detail=orjson.dumps(detail).decode() if detail else "",
        **cast(Any, known),
    )


def company() -> list[Entity]:
    """Three teams, three people, services that need one another, an API, a database, and some loose ends."""
    payments, identity = "group:default/team-payments", "group:default/team-identity"
    slack = {"annotations": {"slack.com/channel": "team-payments", "idp/lead": "user:ben"}}
    dependent = {"labels": {"tier": "1"}, "annotations": {"github.com/project-slug": "acme/checkout"}}
    page = {"url": "https://wiki.acme.example/runbooks/checkout", "title": "Runbook", "type": "runbook"}
    return [
        made("engineering", "Group", type="department"),
        made("team-payments", "Group", title="Payments", type="team", detail=slack,
             relations=[("childOf", "group:default/engineering"), ("hasMember", "user:default/ben")]),
        made("team-identity", "Group", title="Identity", type="team"),
        made("team-search", "Group", namespace="shop", type="team"),
        made("team-quiet", "Group", type="team", relations=[("childOf", "group:default/engineering")]),
        _person("ann", "Ann Sommer", payments),
        _person("ben", "Ben Okoro", payments),
        _person("cara", "Cara Lindqvist", identity),
        _person("zoe", "Zoe Hart"),
        made("checkout", title="Checkout", description="Turns a cart into an order.", type="service",
             lifecycle="production", owner=payments, tags="python pci", detail=dependent | {"links": [page]},
             relations=[("dependsOn", "resource:default/checkout-db"),
                        ("consumesApi", "api:default/users-api")]),
        made("storefront", type="website", owner=identity,
             relations=[("dependsOn", "component:default/checkout")]),
        made("users", type="service", owner=identity, relations=[("providesApi", "api:default/users-api")]),
        made("users-api", "API", type="openapi", owner=identity, lifecycle="production",
             detail={"api": {"version": "3.2.1", "endpoints": ["GET /users/{id}", "POST /sessions"]}}),
        made("checkout-db", "Resource", type="database", owner=payments),
        made("quiet", owner="group:default/team-quiet", stale=True),
        made("lost", owner="group:default/team-gone", relations=[("dependsOn", "component:default/nowhere")]),
        made("guessed", owner="group:default/team-search"),
        made("orphan"),
        made("my_service", owner=payments),
    ]  # fmt: skip


def _person(name: str, full: str, group: str = "") -> Entity:
    relations = [("memberOf", group)] if group else []
    profile = {"displayName": full, "email": f"{name}@acme.example"}
    return made(name, "User", relations=relations, detail={"profile": profile})


@dataclass
class Asking:
    """Asks a catalog; calling it gives the Reply. Change what it knows with `knowing`."""

    idp: Idp
    asker: Asker = ANN
    synced: list[str | None] = field(default_factory=list)

    def __call__(self, text: str) -> Reply:
        return answer(text, self.asker, self.idp)

    def knowing(self, entities: Sequence[Entity], **more: Any) -> "Asking":
        return replace(self, idp=replace(self.idp, catalog=holding(entities, **more)))

    def with_idp(self, **changes: Any) -> "Asking":
        return replace(self, idp=replace(self.idp, **changes))


class Held:
    """A catalog that holds still."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot


def holding(
    entities: Sequence[Entity], sources: Sequence[SourceState] = (), problems: Sequence[tuple[str, Problem]] = ()
) -> Catalog:
    """Just what commands use of a Catalog: its snapshot."""
    known = sources or [SourceState("acme", "files", "./catalog", NOW - timedelta(minutes=3), NOW, entities=18)]
    return cast(Catalog, Held(Snapshot.build(entities, known, problems, 7)))


@dataclass(frozen=True)
class Named:
    """What commands look at of a source."""

    name: str


@pytest.fixture(scope="session")
def rota_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rota") / "rota.yaml"
    path.write_text(ROTA)
    return path


@pytest.fixture
def ask(rota_file: Path) -> Asking:
    """Ask the small company as Ann, on Wednesday 2026-11-25 10:20 UTC."""
    now = lambda: NOW  # noqa: E731 (a clock that stands still)
    asked: list[str | None] = []

    def request_sync(source: str | None) -> str:
        asked.append(source)
        return f"{source or 'Everything'} will be read again."

    idp = Idp(
        database=cast(Database, None),
        catalog=holding(company()),
        oncall=AllOnCall([Rota(rota_file, now)], now),
        sources=cast(Any, (Named("acme"),)),
        now=now,
        request_sync=request_sync,
        version="1.2.3",
        config_path="idp.yaml",
        platform_owner="group:default/engineering",
        platform_channel="#platform",
    )
    return Asking(idp, synced=asked)


@pytest.fixture(scope="session")
def entity() -> Callable[..., Entity]:
    """The factory of entities."""
    return made


@pytest.fixture(scope="session")
def hold() -> Callable[..., Catalog]:
    """The factory of catalogs that hold still."""
    return holding


@pytest.fixture
def small_company() -> list[Entity]:
    return company()


def everything_in(reply: Reply) -> str:
    """All that a person could read, and what buttons ask."""
    said = [str(reply.text)]
    for part in reply.parts:
        match part:
            case Section(text) | Note(text) | Pre(text):
                said.append(str(text))
            case Fields(pairs):
                said += [f"{label}: {value}" for label, value in pairs]
            case Rows(lines, left_out, more):
                said += [*map(str, lines), f"left out {left_out} {more}" if left_out else ""]
            case Buttons(buttons):
                said += [f"[{button.label}] {button.words}{button.url}" for button in buttons]
    return "\n".join(said)


@pytest.fixture
def read() -> Callable[[Reply], str]:
    return everything_in


@pytest.fixture
def buttons() -> Callable[[Reply], list[str]]:
    """The questions that the buttons of a reply ask."""
    return lambda reply: [
        button.words
        for part in reply.parts
        if isinstance(part, Buttons)
        for button in part.buttons
        if button.words
    ]

"""The whole bot in this process, behind its own web guard, talking to the local Slack over real HTTP."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from typing import Any, cast

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from bot.playground import LocalSlack, Message
from bot.processes.web import Web
from bot.slack.app import Bot, build_bot
from commands import verbs
from data.catalog.entity import Entity
from data.catalog.live import Catalog
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.integrations.oncall import AllOnCall
from data.store.catalog import SourceState
from data.store.database import Database
from data.store.tables.catalog import InboxRow
from tests.journeys.processes import Start
from tests.ports import free_port


def entity(ref: str, **fields: Any) -> Entity:
    """An entity with everything that a test does not care about left empty."""
    kind, _, rest = ref.partition(":")
    namespace, _, name = rest.partition("/")
    values = dict.fromkeys(Entity._fields, "") | {
        "ref": ref.lower(),
        "kind": kind,
        "namespace": namespace,
        "name": name,
        "source": "acme",
        "path": f"{name}/catalog-info.yaml",
        "line": 1,
        "stale": False,
    }
    return Entity(**cast("dict[str, Any]", values | fields))


PATIENCE = 20.0  # seconds that Slack waits for us here: the bench says how fast we are, on a quiet machine

FORGED = "<!channel> <@U0ENGINEER> <https://evil.example|Approve here> & ``` *x*"

ENTITIES = [
    entity("Component:default/checkout", owner="group:default/team-payments", type="service"),
    entity("Component:default/payload-service", owner="group:default/team-payments", type="service"),
    entity("Group:default/team-payments", title="Payments", type="team"),
    entity("User:default/sam", title="Sam Second", detail='{"profile":{"email":"sam@acme.example"}}'),
    entity("Component:default/forged", title=FORGED, description=FORGED, owner="group:default/team-payments"),
    *[entity(f"Component:default/copy-{n}", owner="group:default/team-payments", type="copy") for n in range(500)],
]


@dataclass
class StillCatalog:
    """A catalog that does not follow any database."""

    snapshot: Snapshot
    loaded: bool = True

    def refresh(self) -> bool:
        return False


def post_to(web: Web) -> Callable[[bytes, Mapping[str, str]], tuple[int, Mapping[str, str], bytes]]:
    """Call the WSGI application as a server would."""

    def post(body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/slack/events",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
        }
        for name, value in headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
        got: dict[str, Any] = {}

        def start_response(status: str, names: list[tuple[str, str]], *_: object) -> Any:
            got.update(status=int(status.split(maxsplit=1)[0]), headers=dict(names))

        answer = b"".join(web(environ, start_response))
        return got["status"], got["headers"], answer

    return post


@dataclass
class Replica:
    """One replica of the bot."""

    bot: Bot
    web: Web
    idp: Idp
    post: Callable[[bytes, Mapping[str, str]], tuple[int, Mapping[str, str], bytes]] = field(init=False)

    def __post_init__(self) -> None:
        self.post = post_to(self.web)


@dataclass
class Door:
    """Where Slack's requests arrive: a replica each in turn, so that tests can start and stop them."""

    replicas: list[Replica] = field(default_factory=list)
    _turn: Iterator[int] = field(default_factory=count)

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        if not self.replicas:
            raise ConnectionRefusedError
        return self.replicas[next(self._turn) % len(self.replicas)].post(body, headers)


@pytest.fixture
def workspace() -> Iterator[LocalSlack]:
    """A local Slack that sends to a port on which `idp serve` will listen."""
    with LocalSlack(f"http://127.0.0.1:{free_port()}/slack/events", retry_waits=(), patience=PATIENCE) as slack:
        yield slack


@pytest.fixture
def start(environ: dict[str, str]) -> Iterator[Start]:
    """Start `idp` with words; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def run(*words: str, **changes: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "bot", *words]
        process = subprocess.Popen(
            command, env=environ | changes, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def door() -> Door:
    """Nobody is behind it until a replica starts."""
    return Door()


@pytest.fixture
def slack(door: Door) -> Iterator[LocalSlack]:
    """A local Slack that listens, and sends to whoever is behind the door."""
    with LocalSlack(post=door, retry_waits=(0.0, 0.05, 0.1), patience=PATIENCE) as slack:
        yield slack


@pytest.fixture
def kept_in(sqlite: Database) -> Database:
    """Where events are kept; a test module that cares runs on both databases by overriding this."""
    return sqlite


@pytest.fixture
def idp(kept_in: Database) -> Idp:
    """A small catalog, a real database, nobody on call."""
    now = datetime.now(UTC)
    source = SourceState("acme", "files", "./catalog", now, now, "", len(ENTITIES))
    return Idp(
        database=kept_in,
        catalog=cast("Catalog", StillCatalog(Snapshot.build(ENTITIES, [source]))),
        oncall=AllOnCall((), lambda: datetime.now(UTC)),
        sources=(),
        now=lambda: datetime.now(UTC),
        request_sync=lambda _source: "Syncing now.",
        version="0",
        config_path="idp.yaml",
    )


@pytest.fixture
def new_replica(slack: LocalSlack, idp: Idp, door: Door) -> Iterator[Callable[[], Replica]]:
    """Start a replica of the bot behind the door; all share the database and the workspace."""
    verbs()  # found before anybody asks, as the process does
    started: list[Replica] = []

    def start() -> Replica:
        bot = build_bot(idp, slack.bot_token, slack.api_url)
        web = Web(bot.app, bot.me, slack.signing_secret, lambda: {"slack": bot.me.error})
        started.append(Replica(bot, web, idp))
        door.replicas.append(started[-1])
        return started[-1]

    yield start
    for replica in started:
        replica.bot.close()


@pytest.fixture
def replica(new_replica: Callable[[], Replica]) -> Replica:
    """One replica that gets everything Slack sends."""
    return new_replica()


def unfinished(idp: Idp) -> int:
    """How much of what Slack told the bot has not been done."""
    with idp.database.reading() as store:
        rows = select(func.count()).select_from(InboxRow).where(col(InboxRow.done_at).is_(None))
        return int(store.connection.execute(rows).scalar_one())


@pytest.fixture
def ask(slack: LocalSlack) -> Callable[..., Message]:
    """Ask as a person, and get the answer that this person sees, whether it came at once or a moment later."""

    def command(user: str, channel: str, text: str) -> Message:
        before = len(slack.messages(channel, seen_by=user))
        assert slack.command(user, channel, text).status == 200
        slack.wait(lambda: len(slack.messages(channel, seen_by=user)) > before)
        return slack.messages(channel, seen_by=user)[-1]

    return command

"""The demo company holds together: its files are taken, its people exist, its questions are answered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.playground.block_kit.checking import faults_of
from bot.settings.idp_yaml import read_idp_yaml
from bot.slack.drawing.views import render
from commands import Asker, answer, verbs
from data.catalog.live import Catalog
from data.catalog.snapshot import Snapshot
from data.catalog.sources.files import FilesSource
from data.catalog.syncing.sync import sync
from data.documents import Document, load_documents
from data.idp import Idp
from data.integrations.oncall import AllOnCall
from data.integrations.pager_fake import FakePager
from data.integrations.rota import Rota
from data.store.catalog import load_entities, load_problems, load_sources
from data.store.database import Database

DEMO = Path(__file__).parents[3] / "data" / "demo"
REFUSED = {
    "breakglass": "Only members of sre may",
    "approve": "There is no request",
    "go-on": "There is no request",
    "new-service": "There is no golden path",
    "template": "There is no golden path",
    "stop": "There is no request",
    "workspace": "Nobody can launch workspaces here yet",
    "workspaces": "No workspace system is connected",
}  # Ann is neither asked nor SRE, nothing waits, and golden paths and workspaces are there only in a started demo
NOW = datetime(2026, 11, 25, 10, 20, tzinfo=UTC)


class Held:
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Idp]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('acme')}/idp.db")
    database.migrate()
    report = sync(database, FilesSource("acme", DEMO / "catalog"), now=lambda: NOW)
    assert report.error == ""
    with database.store() as store:
        snapshot = Snapshot.build(load_entities(store), load_sources(store), load_problems(store), 1)
    config, faults = read_idp_yaml(DEMO / "idp.yaml")
    assert config is not None, faults
    yield Idp(
        database=database,
        catalog=cast(Catalog, Held(snapshot)),
        oncall=AllOnCall([Rota(DEMO / "rota.yaml", lambda: NOW)], lambda: NOW),
        sources=cast(Any, ()),
        now=lambda: NOW,
        request_sync=lambda _source: "Soon.",
        version="0",
        config_path="idp.yaml",
        policies=config.located_policies,
        scorecards=config.loaded_scorecards,
        pager=FakePager(lambda: NOW, {"component:default/checkout": "Checkout"}),
    )
    database.close()


def people() -> dict[str, Any]:
    (document,) = load_documents((DEMO / "people.yaml").read_bytes())
    assert isinstance(document, Document)
    return cast(dict[str, Any], document.value)


def test_it_has_entities_of_every_kind(acme: Idp) -> None:
    kinds = {entity.kind for entity in acme.catalog.snapshot}
    assert kinds >= {
        "Component",
        "API",
        "Resource",
        "System",
        "Domain",
        "Group",
        "User",
        "Location",
        "Template",
        "Dashboard",
    }
    assert 40 <= len(acme.catalog.snapshot) <= 60


def test_its_deliberate_problems_are_found_and_no_others(acme: Idp) -> None:
    problems = {(problem.path, problem.code) for problem in acme.catalog.snapshot.problems()}
    assert {path for path, _ in problems} == {
        "reviews/catalog-info.yaml",
        "fraud-check/catalog-info.yaml",
        "gift-cards/catalog-info.yaml",
        "mobile-app/catalog-info.yaml",
    }
    assert {code for _, code in problems} == {"yaml", "placeholder", "tag"}


def test_every_example_of_the_help_is_answered_within_slacks_limits(acme: Idp) -> None:
    ann = Asker("ann", "ann@acme.example")
    for command in verbs():
        if command.name != "sync":
            reply = answer(command.example, ann, acme)
            assert reply.ok or REFUSED.get(command.name, "?") in reply.text, (command.example, reply.text)
            assert faults_of(render(reply)) == []


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("who-owns checkout", "checkout is owned by Payments (team-payments); on call: Ann Sommer until Mon"),
        ("who-owns legacy-billing", "which is not in the catalog"),
        ("who-owns search-service", "is probably owned by Search (team-search)"),
        ("who is on call for checkout", "On call for checkout: *Ann Sommer* until Mon 09:00 CET"),
        ("what breaks if postgres-checkout-db fails?", "If postgres-checkout-db breaks: 7 components, 2 APIs"),
        ("api user-service-api", "version 3.2.1, 5 endpoints, provided by user-service"),
        ("payments db", "Checkout database is a database"),
        ("find postgres", "3 found"),
        ("oncall fulfilment", "*Raj Anand* until 18:00 IST"),
    ],
)  # fmt: skip
def test_it_answers(acme: Idp, question: str, said: str) -> None:
    assert said in answer(question, Asker("ann", "ann@acme.example"), acme).text


def test_everybody_in_slack_but_guests_is_in_the_catalog(acme: Idp) -> None:
    for person in people()["people"]:
        match = acme.catalog.snapshot.resolve(person["email"], ("User",))
        if person["role"] in ("guest", "stranger"):
            assert match.how != "email"
        else:
            assert match.entity is not None
            assert match.entity.name == person["name"]


def test_channels_and_their_members_exist(acme: Idp) -> None:
    names = {person["name"] for person in people()["people"]}
    channels = {channel["name"] for channel in people()["channels"]}
    assert all(set(channel["members"]) <= names for channel in people()["channels"])
    for entity in acme.catalog.snapshot:
        channel = entity.details().get("annotations", {}).get("slack.com/channel")
        assert channel is None or channel in channels


def test_everybody_on_the_rota_is_in_the_catalog_and_everything_covered_too(acme: Idp) -> None:
    rotas = acme.oncall.rotas(NOW, NOW + timedelta(days=60))
    assert rotas.failures == []
    assert {shift.level for shift in rotas.shifts} == {1, 2}
    assert all(acme.catalog.snapshot.get(f"user:default/{shift.person}") for shift in rotas.shifts)
    assert all(acme.catalog.snapshot.get(ref) for schedule in rotas.schedules for ref in schedule.covers)

"""Prism with the published descriptions between each adapter and the stand-in that it is tested with.

It refuses calls of ours and answers of the stand-in that the description does not allow, so that neither of them
can drift away from the real system. Each adapter does all its work once.
"""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from data.catalog.sources.backstage import BackstageSource
from data.catalog.sources.github_api import GitHubApi
from data.catalog.sources.github_queries import Repo
from data.catalog.sources.github_token import Token
from data.catalog.sources.okta import OktaSource
from data.catalog.syncing.sync import sync
from data.errors import NotFound
from data.http.api import Api
from data.integrations import incident_io_api
from data.integrations.pagerduty_api import PagerDutyApi
from data.integrations.workspaces.coder import CoderWorkspaces
from data.integrations.workspaces.coder_api import CoderApi
from data.integrations.workspaces.codespaces import Codespaces, connect
from data.ports.catalog import CatalogSource
from data.ports.workspaces import NewWorkspace
from data.store.catalog import load_entities
from data.store.database import Database
from tests.conftest import Clock
from tests.fakes.backstage import FakeBackstage
from tests.fakes.coder import FakeCoder
from tests.fakes.codespaces import FakeCodespaces
from tests.fakes.github import FakeGitHub
from tests.fakes.incident_io import FakeIncidentIo
from tests.fakes.okta import FakeOkta
from tests.fakes.pagerduty import FakePagerDuty, FakeSchedule
from tests.fakes.prism import prism

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SPAN = (NOW, NOW + timedelta(days=10))


@pytest.fixture
def between(shared: Path) -> "Between":
    return Between(shared / "specs")


class Between:
    def __init__(self, specs: Path) -> None:
        self._specs = specs

    @contextmanager
    def __call__(self, name: str, upstream: str) -> Iterator[str]:
        with prism(self._specs / name, upstream) as url:
            yield url


def synced(database: Database, clock: Clock, source: CatalogSource) -> set[str]:
    """What a sync brings; it must not meet any trouble."""
    report = sync(database, source, now=clock)
    assert (report.error, report.problems) == ("", 0)
    with database.reading() as store:
        return {str(row[0]) for row in load_entities(store)}


def test_github(between: Between) -> None:
    """Of contents the request, and that nothing changed: the description has no words for a file as it is."""
    fake = FakeGitHub(without_graphql=True)
    repo = fake.create("shop", {"catalog-info.yaml": "kind: Component", "main.go": "package main"})
    shop = Repo("", "shop", "acme/shop", fake.page("shop"), False, False, (), repo.branch, repo.head, "")
    etag = f'"{hashlib.sha1(repo.files["catalog-info.yaml"]).hexdigest()}"'
    with ExitStack() as stack:
        stack.callback(fake.server.stop)
        url = stack.enter_context(between("github-trimmed-openapi3.json", fake.url))
        api = GitHubApi(stack.enter_context(closing(Api(url, {}))), Token("ghp_valid"), "acme", f"{url}/graphql")
        assert [row["name"] for page in api.pages("/orgs/acme/repos", {"type": "all"}) for row in page] == ["shop"]
        found = next(api.pages("/search/code", {"q": "org:acme filename:catalog-info.yaml"}))
        assert [item["path"] for item in found["items"]] == ["catalog-info.yaml"]
        assert set(api.tree(shop)) == {"catalog-info.yaml", "main.go"}
        assert api.file(shop, "catalog-info.yaml", etag) == (None, etag)
        with pytest.raises(NotFound):
            api.file(shop, "README.md")


def test_backstage(between: Between, sqlite: Database, clock: Clock) -> None:
    """But for what is asked for with `fields`, which is no whole entity as the description wants it."""
    fake = FakeBackstage()
    for name in ("shop", "ledger"):
        relations = [{"type": "ownedBy", "targetRef": "group:default/payments"}]
        spec = {"type": "service", "lifecycle": "production", "owner": "payments"}
        head = {"apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": {"name": name}}
        fake.put({**head, "spec": spec, "relations": relations})
    try:
        with between("backstage-catalog-4.0.0-openapi3.json", fake.url) as url:
            source = BackstageSource("portal", url, fake.token, ("kind=component",))
            assert synced(sqlite, clock, source) == {"component:default/shop", "component:default/ledger"}
            with closing(Api(f"{url}/api/catalog", {"authorization": f"Bearer {fake.token}"})) as api:
                told = api.query("/entities/by-refs", {"entityRefs": ["component:default/shop", "api:default/no"]})
            assert [each and each["metadata"]["name"] for each in told["items"]] == ["shop", None]
    finally:
        fake.server.stop()


def test_okta(between: Between, sqlite: Database, clock: Clock) -> None:
    with FakeOkta() as fake, between("okta-management-trimmed-openapi3.json", fake.url) as url:
        fake.user("ann@acme.example", fake.group("team-payments"))
        found = synced(sqlite, clock, OktaSource("people", url, fake.token))
        assert found == {"user:default/ann", "group:default/team-payments"}


def test_incident_io(between: Between) -> None:
    with FakeIncidentIo() as fake, between("incident-io-trimmed-openapi3.json", fake.url) as url:
        fake.people = {"U1": ("Ann Day", "ann@acme.example")}
        fake.schedules = {"S1": FakeSchedule("Primary", ["U1"], NOW)}
        fake.paths = {"P1": ("Urgent", [fake.level("S1"), fake.level("U1")])}
        client = incident_io_api.connect(url, fake.token)
        client.check()
        assert [one["name"] for one in client.schedules()] == ["Primary"]
        assert [level["type"] for one in client.paths() for level in one["path"]] == ["level", "level"]
        assert [one["email"] for one in client.users()] == ["ann@acme.example"]
        assert [one["user"]["id"] for one in client.entries("S1", *SPAN)] == ["U1", "U1"]
        client.escalate({"idempotency_key": "k", "title": "Down", "escalation_path_id": "P1"})
        client.close()
        assert len(fake.escalations) == 1


def test_pagerduty(between: Between) -> None:
    with FakePagerDuty() as fake, between("pagerduty-trimmed-openapi3.json", fake.url) as url:
        fake.literal = True
        fake.users = {"PU0": ("Ann Day", "ann@acme.example")}
        fake.schedules = {"PSCH1": FakeSchedule("Primary", ["PU0"], NOW)}
        fake.policies = {"PEP1": ("Checkout policy", [["PSCH1"]])}
        fake.service("PSVC1", "Checkout", "PEP1", "k" * 32)
        # Prism takes `Accept` for a media type; PagerDuty's own names the version, and stands in its prose.
        headers = {"content-type": "application/json", "accept": "application/json"}
        api = Api(url, {**headers, "authorization": f"Token token={fake.token}"})
        client = PagerDutyApi(api, api)
        client.check()
        assert [one["name"] for one in client.services()] == ["Checkout"]
        assert [one["name"] for one in client.policies()] == ["Checkout policy"]
        assert [one["time_zone"] for one in client.schedules()] == ["Europe/London"]
        assert [one["user"]["summary"] for one in client.oncalls(*SPAN)] == ["Ann Day", "Ann Day"]
        assert list(client.open_incidents(["PSVC1"])) == []
        api.close()


def test_an_answer_that_breaks_the_description_is_noticed(between: Between) -> None:
    with FakeIncidentIo() as fake, between("incident-io-trimmed-openapi3.json", fake.url) as url:
        fake._user = lambda id: {"id": id, "email": 7}  # type: ignore[method-assign]  # a stand-in that has drifted
        fake.people = {"U1": ("", "")}
        asked = httpx.get(f"{url}/v2/users", headers={"authorization": f"Bearer {fake.token}"})
        assert asked.status_code == 500
        assert "response" in asked.json()["validation"][0]["location"]


def test_coder(between: Between, clock: Clock) -> None:
    """Errors are not tried: the description has no words for them."""
    with FakeCoder(clock) as fake, between("coder-trimmed-openapi3.json", fake.url) as url:
        fake.account("ann", "ann@acme.example")
        coder = CoderWorkspaces(CoderApi(url, fake.token), clock, url)
        with closing(coder):
            template = coder.template("python-service")
            assert len(coder.templates()) == 2
            assert coder.quota("ann@acme.example")
            new = NewWorkspace(
                "ann@acme.example", "checkout", template.name, {"cpu": "4"}, template.presets[0].id, 28_800
            )
            made = coder.create(new)
            clock.advance(seconds=20)
            ready = coder.find("ann@acme.example", "checkout")
            assert ready
            assert ready.state == "running"
            assert ready.deadline
            coder.extend(made.id, ready.deadline + timedelta(hours=2))
            assert coder.log(made.id, 5)
            coder.turn(made.id, "stop")
            coder.cancel(made.id)
            assert [one.id for one in coder.list()] == [made.id]
            assert coder.get(made.id)
            assert coder.check() == "idp-bot"


def test_codespaces(between: Between) -> None:
    with FakeCodespaces() as fake, between("github-trimmed-openapi3.json", fake.url) as url:
        fake.put("blue-lamp", "ann-acme", "acme/checkout")
        codespaces = Codespaces(connect(url, "x"), "acme")
        with closing(codespaces):
            assert [one.repository for one in codespaces.list()] == ["acme/checkout"]
            codespaces.turn("blue-lamp", "stop")
            codespaces.turn("blue-lamp", "delete")

"""What the catalog, the rota, the templates and Prometheus tell."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from data.catalog.snapshot import Snapshot
from data.errors import Unavailable
from data.http.api import Api, Limits
from data.integrations.facts.catalog import CatalogFacts
from data.integrations.facts.oncall import OnCallFacts
from data.integrations.facts.prometheus import PrometheusSlos
from data.integrations.facts.template import TemplateFacts
from data.ports.facts import Collector, Known
from data.ports.oncall import Rotas, Schedule, Shift
from tests.ports import free_port
from tests.waiting import until
from tests.workflows.house import entity, group, people
from tests.workflows.scorecards.conftest import CART, LEDGER, LOGIN, PAYMENTS, service, snapshot

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def told(collector: Collector, seen: Snapshot, ref: str = CART) -> dict[str, Any]:
    return {fact.name: fact.value for fact in collector.collect(Known(seen, NOW)).facts if fact.entity == ref}


def repository(name: str, **files: str) -> list[tuple[str, str, str]]:
    facts = orjson.dumps(
        {"name": f"acme/{name}", "url": f"https://github.com/acme/{name}", "branch": "main"}
    ).decode()
    return [
        ("acme", f"{name}/{path.replace('__', '.')}", text)
        for path, text in {"__repository": facts, **files}.items()
    ]


def with_repositories(*companions: list[tuple[str, str, str]], **fields: Any) -> Snapshot:
    held = [service(ref, path=f"{ref.rpartition('/')[2]}/catalog-info.yaml", **fields) for ref in (CART, LEDGER)]
    rows = [*held, *(group(name) for name in ("acme", "payments")), *people()]
    return Snapshot.build(rows, version=1, companions=[row for each in companions for row in each])


def test_the_catalog_tells_what_is_there_and_what_is_not() -> None:
    bare = told(CatalogFacts(), snapshot())
    assert bare["catalog.owner"] is True
    assert (bare["catalog.description"], bare["catalog.docs"], bare["catalog.tags"]) == (False, False, 0)
    assert not bare.keys() & {"catalog.tier", "readme.runbook", "catalog.api_definitions"}
    detail = {"labels": {"tier": "tier-2"}, "annotations": {"backstage.io/techdocs-ref": "dir:."}}
    full = snapshot(service("component:default/full", description="Sells.", tags="a b", detail=detail))
    facts = told(CatalogFacts(), full, "component:default/full")
    assert (facts["catalog.tier"], facts["catalog.docs"], facts["catalog.tags"]) == (2, True, 2)


def test_an_owner_that_is_not_there_is_told() -> None:
    seen = snapshot(service("component:default/orphan", "group:default/gone"))
    assert told(CatalogFacts(), seen, "component:default/orphan")["catalog.owner"] is False


@pytest.mark.parametrize(("detail", "all_defined"), [({"api": {"endpoints": ["GET /x"]}}, True), ({}, False)])
def test_apis_have_definitions(detail: dict[str, Any], all_defined: bool) -> None:
    api = entity("api:default/x", detail=detail)
    provider = entity("component:default/p", {"api:default/x": "providesApi"}, type="service")
    assert (
        told(CatalogFacts(), snapshot(api, provider), "component:default/p")["catalog.api_definitions"]
        is all_defined
    )


def test_the_readme_of_the_repository_of_its_own() -> None:
    seen = with_repositories(repository("cart", README__md="# cart\n## Runbook\n"), repository("ledger"))
    assert told(CatalogFacts(), seen)["readme.runbook"] is True
    ledger = told(CatalogFacts(), seen, LEDGER)
    assert (ledger["readme.present"], ledger["readme.runbook"]) == (False, False)


def test_the_version_of_the_template_and_whether_a_newer_one_is_in_use() -> None:
    def answers(version: str) -> str:
        return f"_src_path: https://git.acme.example/python.git\n_commit: {version}\n"

    seen = with_repositories(
        repository("cart", **{"__copier-answers__yml": answers("v1.9.0")}),
        repository("ledger", **{"__copier-answers__yml": answers("v1.10.0")}),
    )
    assert told(TemplateFacts(), seen)["template.current"] is False
    assert told(TemplateFacts(), seen, LEDGER)["template.current"] is True
    assert told(TemplateFacts(), seen)["template.version"] == "v1.9.0"


@pytest.mark.parametrize(
    ("followed", "published", "current"),
    [
        ("v1.10.0", ("v1.9.0", "v1.10.0", "v2.0.0"), False),
        ("v2.0.0", ("v1.10.0", "v2.0.0"), True),
        ("v2.1.0", ("v1.10.0", "v2.0.0"), True),  # ahead: tried out before it is everybody's
        ("v0.1.0", ("v1.10.0", "v2.0.0"), False),  # so old that it is no longer among them
        ("3f2a9c1", ("v1.10.0", "3f2a9c1"), True),
        ("3f2a9c1", ("v1.10.0", "v2.0.0"), None),
    ],
)
def test_of_a_golden_path_the_newest_version_is_what_was_published(
    followed: str, published: tuple[str, ...], current: bool | None
) -> None:
    answers = f"_src_path: git@git.acme.example:python.git\n_commit: {followed}\n"
    seen = with_repositories(repository("cart", **{"__copier-answers__yml": answers}))
    known = Known(seen, NOW, {"git.acme.example/python": published})
    values = {fact.name: fact.value for fact in TemplateFacts().collect(known).facts if fact.entity == CART}
    assert values.get("template.current") is current


class Rota:
    def __init__(self, shifts: list[Shift], *failures: str, schedules: int = 1) -> None:
        listed = [Schedule("payments", "rota", (PAYMENTS,))] if schedules else []
        self._rotas = Rotas(listed, shifts, NOW, failures)

    def rotas(self, start: datetime, end: datetime) -> Rotas:
        return self._rotas


def shift(start: timedelta, end: timedelta) -> Shift:
    return Shift("payments", 1, "ann", NOW.replace(minute=0) + start, NOW.replace(minute=0) + end, "rota")


def test_on_call_by_the_owners_schedule_and_how_many_hours_nobody_is() -> None:
    days = timedelta(days=1)
    rota = Rota([shift(-days, 3 * days), shift(3 * days + timedelta(hours=5), 20 * days)])
    assert told(OnCallFacts(rota), snapshot()) == {"oncall.rotation": True, "oncall.gap_hours": 5}
    assert told(OnCallFacts(rota), snapshot(), LOGIN) == {"oncall.rotation": False}


def test_nobody_at_all_is_a_gap_of_fourteen_days() -> None:
    assert told(OnCallFacts(Rota([])), snapshot())["oncall.gap_hours"] == 14 * 24


def test_a_system_that_could_not_be_asked_leaves_unknown_what_it_may_cover() -> None:
    collected = OnCallFacts(Rota([], "PagerDuty does not answer.")).collect(Known(snapshot(), NOW))
    assert LOGIN not in {fact.entity for fact in collected.facts}
    assert collected.kept(LOGIN, "oncall.rotation")
    assert not collected.kept(CART, "oncall.rotation")
    with pytest.raises(Unavailable):
        OnCallFacts(Rota([], "PagerDuty does not answer.", schedules=0)).collect(Known(snapshot(), NOW))


RULES = """
groups:
- name: slo
  interval: 1s
  rules:
  - {record: sloth_slo_info, expr: vector(1), labels: {sloth_service: cart, sloth_slo: requests, sloth_id: cart-1}}
  - {record: "BUDGET", expr: vector(0.41), labels: {sloth_service: cart, sloth_slo: requests}}
  - {record: sloth_slo_info, expr: vector(1), labels: {sloth_service: ledger, sloth_slo: read, endpoint: "GET /x"}}
  - {record: "BUDGET", expr: vector(NaN), labels: {sloth_service: ledger, sloth_slo: read}}
""".replace("BUDGET", "slo:period_error_budget_remaining:ratio")


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Prometheus, where Debian's package is installed."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("there is no prometheus on this machine")
    folder = tmp_path_factory.mktemp("prometheus")
    (folder / "rules.yml").write_text(RULES)
    (folder / "prometheus.yml").write_text("global: {evaluation_interval: 1s}\nrule_files: [rules.yml]\n")
    port = free_port()
    command = [program, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
    with subprocess.Popen([*command, f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]) as server:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def test_slos_of_a_real_prometheus(prometheus: str) -> None:
    api = entity("api:default/x", detail={"api": {"endpoints": ["GET /x", "POST /x"]}})
    provider = entity(LEDGER, {"api:default/x": "providesApi"}, type="service")
    seen = Snapshot.build([service(CART), provider, api, service(LOGIN), *people()], version=1)
    collector = PrometheusSlos("prometheus", lambda: Api(prometheus))

    def learned() -> dict[str, Any]:
        with suppress(Unavailable):
            return found if (found := told(collector, seen)).get("slo.count") else {}
        return {}

    assert until(learned) == {"slo.count": 1, "slo.missing": 0, "slo.budget": 41}
    assert told(collector, seen, LEDGER) == {"slo.count": 1, "slo.missing": 1}
    assert told(collector, seen, LOGIN) == {"slo.count": 0, "slo.missing": 1}


def test_a_prometheus_that_is_away_teaches_nothing() -> None:
    away = PrometheusSlos("prometheus", lambda: Api("http://127.0.0.1:9", limits=Limits(step=0.2, tries=1)))
    with pytest.raises(Unavailable):
        away.collect(Known(snapshot(), NOW))

"""SLOs out of Prometheus, from the series that Sloth's rules make.

Source: sloth.dev, "SLO metrics"; prometheus.io, "HTTP API". `sloth_slo_info` has one series for each SLO with the
labels sloth_service and sloth_slo; `slo:period_error_budget_remaining:ratio` says how much of the budget is left.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.errors import Unavailable
from data.http.answers import understood
from data.http.api import Api
from data.ports.facts import Collected, Fact, Known

INFO: Final = "sloth_slo_info"
BUDGET: Final = "slo:period_error_budget_remaining:ratio"
ENDPOINT: Final = "endpoint"
"""A label that says which endpoint ("GET /carts/{id}") an SLO is for; one without it is for the whole service."""


@dataclass(frozen=True, slots=True)
class _Slo:
    """One SLO of a service."""

    service: str
    name: str
    endpoint: str


class PrometheusSlos:
    """One Prometheus, connected to for each run. A service is found by its name in the label sloth_service."""

    every = 300

    def __init__(self, name: str, connect: Callable[[], Api]) -> None:
        self.name = name
        self._connect = connect

    def collect(self, known: Known) -> Collected:
        """Two questions for all services. Raises Unavailable, NotAllowed."""
        with closing(self._connect()) as api:
            infos, lefts = list(_ask(api, INFO)), list(_ask(api, BUDGET))
        slos: dict[str, list[_Slo]] = {}
        for labels, _ in infos:
            slo = _Slo(labels.get("sloth_service", ""), labels.get("sloth_slo", ""), labels.get(ENDPOINT, ""))
            slos.setdefault(slo.service, []).append(slo)
        budgets: dict[str, float] = {}
        for labels, value in lefts:
            service = labels.get("sloth_service", "")
            budgets[service] = min(value, budgets.get(service, value))
        told: list[Fact] = []
        for entity in known.snapshot:
            if entity.kind == "Component":
                mine = slos.get(entity.name, [])
                missing = _missing(endpoints(known.snapshot, entity), mine)
                values: dict[str, float] = {"slo.count": len(mine), "slo.missing": missing}
                if entity.name in budgets:
                    values["slo.budget"] = round(budgets[entity.name] * 100, 2)
                told += [Fact(entity.ref, name, value, self.name, known.now) for name, value in values.items()]
        return Collected(told)


def _ask(api: Api, query: str) -> Iterator[tuple[Mapping[str, str], float]]:
    """An instant query; what is no number is left out."""
    answer = api.json("GET", "/api/v1/query", params={"query": query})
    with understood(api.host):
        if answer["status"] != "success":
            raise Unavailable(f"{api.host} says {answer.get('errorType', 'nothing')}.")
        rows: list[dict[str, Any]] = answer["data"]["result"]
        found = [({str(k): str(v) for k, v in row["metric"].items()}, float(row["value"][1])) for row in rows]
    return ((labels, value) for labels, value in found if math.isfinite(value))


def endpoints(snapshot: Snapshot, entity: Entity) -> list[str]:
    """The endpoints of the APIs that it provides, as far as their definitions tell."""
    apis = [link.entity for link in snapshot.links(entity.ref) if link.type == "providesApi" and link.entity]
    return list(
        dict.fromkeys(str(each) for api in apis for each in api.details().get("api", {}).get("endpoints", ()))
    )


def _missing(known: list[str], slos: list[_Slo]) -> int:
    """How many endpoints no SLO is for; one, where no endpoint is known and there is no SLO."""
    if any(not slo.endpoint for slo in slos):
        return 0
    covered = {slo.endpoint.casefold() for slo in slos}
    if not known:
        return 0 if slos else 1
    return sum(endpoint.casefold() not in covered for endpoint in known)

"""What the catalog itself tells of an entity, and the README and the template of its repository."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from data.catalog.entity import Entity
from data.catalog.repos.repositories import Repository
from data.catalog.snapshot import Snapshot
from data.ports.facts import Collected, Fact, Known, Value

LEFT_OUT: Final = frozenset({"User", "Group", "Location"})
DOCS_KEYS: Final = ("backstage.io/techdocs-ref", "backstage.io/techdocs-entity")
TIER_KEYS: Final = ("tier", "idp/tier", "idp.dev/tier")
_TIER = re.compile(r"(?:tier[ _-]?)?([1-9])", re.IGNORECASE)


class CatalogFacts:
    """Facts of every component, API, resource and system; never fails."""

    name = "catalog"
    every = 600

    def collect(self, known: Known) -> Collected:
        """Read from memory."""
        snapshot = known.snapshot
        told = [
            Fact(entity.ref, name, value, self.name, known.now)
            for entity in snapshot
            if entity.kind not in LEFT_OUT
            for name, value in _told(snapshot, entity)
        ]
        return Collected(told)


def _told(snapshot: Snapshot, entity: Entity) -> Iterator[tuple[str, Value]]:
    details = entity.details()
    held = snapshot.repositories.of(entity)
    repository = held[0] if held and not held[1] else None  # that is this entity's alone
    yield "catalog.owner", snapshot.owner(entity).certainty == "declared"
    yield "catalog.description", bool(entity.description.strip())
    yield "catalog.docs", _documented(details, repository)
    yield "catalog.tags", len(entity.tags.split())
    if entity.lifecycle:
        yield "catalog.lifecycle", entity.lifecycle
    if tier := _tier(details):
        yield "catalog.tier", tier
    apis = [link.entity for link in snapshot.links(entity.ref) if link.type == "providesApi"]
    if apis:
        yield "catalog.api_definitions", all(api is not None and "api" in api.details() for api in apis)
    if repository is not None:
        yield "readme.present", repository.readme
        yield "readme.runbook", repository.runbook


def _documented(details: Mapping[str, Any], repository: Repository | None) -> bool:
    annotations = details.get("annotations", {})
    links = details.get("links", ())
    return (
        any(annotations.get(key) for key in DOCS_KEYS)
        or any("doc" in f"{link.get('type', '')} {link.get('title', '')}".lower() for link in links)
        or bool(repository and repository.docs)
    )


def _tier(details: Mapping[str, Any]) -> int:
    places = (details.get("labels", {}), details.get("annotations", {}))
    stated = next((str(place[key]) for place in places for key in TIER_KEYS if place.get(key)), "")
    read = _TIER.fullmatch(stated.strip())
    return int(read[1]) if read else 0

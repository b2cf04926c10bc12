"""Full text and its filters."""

from collections.abc import Callable

import pytest

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from tests.waiting import soon

MakeEntity = Callable[..., Entity]


@pytest.fixture
def snapshot(entity: MakeEntity) -> Snapshot:
    return Snapshot.build(
        [
            entity(
                "payments-api",
                tags="java pci",
                type="service",
                lifecycle="production",
                owner="group:default/team-payments",
                system="system:default/shop",
                description="Takes money from cards.",
            ),
            entity("ledger", tags="python", lifecycle="deprecated", description="Books of the payments."),
            entity(
                "cards", title="Payments by Card", tags="payments java", detail={"labels": {"acme/language": "Go"}}
            ),
            entity("API:payments", type="openapi", owner="group:org/team-x"),
            entity("Group:team-payments", title="The Payers"),
            entity(
                "Resource:money",
                detail={"links": [{"title": "Runbook", "url": "https://wiki.example.com/zanzibar"}]},
            ),
            entity("web", description="Über uns: die Straße"),
        ]
    )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("payments", ["payments", "payments-api", "team-payments", "cards", "ledger"]),
        ("PAYMENTS api", ["payments-api", "payments"]),
        ("pay", ["payments", "payments-api", "team-payments", "cards", "ledger"]),
        ("money", ["money", "payments-api"]),
        ("zanzibar", ["money"]),
        ("runbook wiki", ["money"]),
        ("strasse", ["web"]),
        ("über", ["web"]),
        ('"from cards"', ["payments-api"]),
        ('"cards from"', []),
        ("tag:java", ["cards", "payments-api"]),
        ("tag:java tag:pci", ["payments-api"]),
        ("owner:team-payments", ["payments-api"]),
        ("owner:group:default/team-payments", ["payments-api"]),
        ('owner:"the payers"', ["payments-api"]),
        ("kind:api", ["payments"]),
        ("kind:team", ["team-payments"]),
        ("kind:resources", ["money"]),
        ("type:openapi", ["payments"]),
        ("lifecycle:production payments", ["payments-api"]),
        ("system:shop", ["payments-api"]),
        ("lang:go", ["cards"]),
        ("lang:python", ["ledger"]),
        ("payments not:deprecated kind:component", ["payments-api", "cards"]),
        ("not:tag:java kind:component", ["web", "ledger"]),
        ("not:kind:component not:kind:group", ["money", "payments"]),
        ("payments zebra", []),
        ("", []),
        ("   ", []),
    ],
)
def test_finds(snapshot: Snapshot, query: str, names: list[str]) -> None:
    found = snapshot.search(query)
    assert [hit.name for hit in found.hits] == names
    assert found.total == len(names)


def test_unknown_filters_are_named_and_left_out(snapshot: Snapshot) -> None:
    found = snapshot.search("tier:1 ledger team:x")
    assert found.unknown_filters == ("tier", "team")
    assert [hit.name for hit in found.hits] == ["ledger"]


def test_counts_all_and_shows_the_best(entity: MakeEntity) -> None:
    snapshot = Snapshot.build(
        [entity(f"payment-{number:05}") for number in range(3000)] + [entity("a", description="no payment-00007")]
    )
    found = snapshot.search("payment 00007", limit=5)
    assert [hit.name for hit in found.hits] == ["payment-00007", "a"]
    found = snapshot.search("payment", limit=5)
    assert (found.total, len(found.hits)) == (3001, 5)
    assert found.hits[0].name == "payment-00000"


def test_a_frequent_word_is_found_like_a_rare_one(entity: MakeEntity) -> None:
    """Words are kept differently from a certain number on; answers must not tell."""
    for count in (1, 2, 63, 64, 65, 200, 1000):
        rows = [entity(f"often-{number}") for number in range(count)] + [entity(f"other-{n}") for n in range(500)]
        snapshot = Snapshot.build(rows)
        assert snapshot.search("often kind:component").total == count
        assert snapshot.search("oft").total == count
        assert snapshot.search("not:often").total == 500


@pytest.mark.parametrize(
    "query", ["^(a+)+$" * 1500, "a " * 5000, '"' * 9999, ":" * 9999, "not:" * 3000, "tag:" * 3000, "\x00" * 999]
)
def test_hostile_queries_are_harmless(snapshot: Snapshot, query: str) -> None:
    snapshot.search("warm")
    with soon():
        snapshot.search(query)

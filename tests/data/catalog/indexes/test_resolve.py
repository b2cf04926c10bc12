"""What people type, and what is meant."""

import random
from collections.abc import Callable

import pytest

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from tests.waiting import soon

MakeEntity = Callable[..., Entity]

CHECKOUT = {"annotations": {"github.com/project-slug": "Acme/Checkout", "slack.com/channel": "#pay"}}
MONOREPO = {
    "annotations": {"backstage.io/source-location": "url:https://github.com/acme/mono/tree/main/services/tax/"}
}


@pytest.fixture
def snapshot(entity: MakeEntity) -> Snapshot:
    return Snapshot.build(
        [
            entity("checkout-service", title="Checkout", detail=CHECKOUT),
            entity("tax", detail=MONOREPO),
            entity("Resource:payments-db", title="Payments Database"),
            entity("Group:team-payments", detail={"annotations": {"slack.com/channel": "pay"}}),
            entity("Group:retail/team-search"),
            entity("User:ann", detail={"profile": {"email": "Ann@example.com", "displayName": "Ann Lee"}}),
            entity("System:orders"),
            entity("orders"),
            entity("shipping", detail={"annotations": {"github.com/project-slug": "acme/shipping"}}),
            entity("Group:acme-shippers", title="shipping crew"),
            entity("a/twin"),
            entity("b/twin"),
            entity("ledger", detail={"aliases": ["books", "Haupt-Buch"]}),
        ]
    )


@pytest.mark.parametrize(
    ("typed", "ref", "how"),
    [
        ("component:default/checkout-service", "component:default/checkout-service", "ref"),
        ("Component:Checkout-Service", "component:default/checkout-service", "ref"),
        ("service:checkout-service", "component:default/checkout-service", "ref"),
        ("team:retail/team-search", "group:retail/team-search", "ref"),
        ("retail/team-search", "group:retail/team-search", "ref"),
        ("a/twin", "component:a/twin", "ref"),
        ("  checkout-service ", "component:default/checkout-service", "name"),
        ("Checkout Service", "component:default/checkout-service", "name"),
        ("checkout_service", "component:default/checkout-service", "name"),
        ("CHECKOUT.SERVICE", "component:default/checkout-service", "name"),
        ("team payments", "group:default/team-payments", "name"),
        ("@ann", "user:default/ann", "name"),
        ("checkout", "component:default/checkout-service", "title"),
        ("payments database", "resource:default/payments-db", "title"),
        ("haupt buch", "component:default/ledger", "alias"),
        ("acme/checkout", "component:default/checkout-service", "repository"),
        ("https://github.com/acme/checkout", "component:default/checkout-service", "repository"),
        ("https://github.com/Acme/Checkout.git", "component:default/checkout-service", "repository"),
        ("git@github.com:acme/checkout.git", "component:default/checkout-service", "repository"),
        ("ssh://git@github.com:22/acme/checkout.git", "component:default/checkout-service", "repository"),
        ("github.com/acme/checkout/blob/main/src/a.py#L3", "component:default/checkout-service", "repository"),
        ("https://github.com/acme/mono/blob/v2/services/tax/app/x.py", "component:default/tax", "repository"),
        ("https://github.com/acme/shipping/issues", "component:default/shipping", "repository"),
        ("ann@EXAMPLE.com", "user:default/ann", "email"),
        ("#pay", "component:default/checkout-service", "channel"),
        ("chekout", "component:default/checkout-service", "typo"),
        ("chekcout", "component:default/checkout-service", "typo"),
        ("team-paymetns", "group:default/team-payments", "typo"),
        ("payments dat", "resource:default/payments-db", "title"),
    ],
)
def test_finds_what_is_meant(snapshot: Snapshot, typed: str, ref: str, how: str) -> None:
    match = snapshot.resolve(typed)
    if typed == "payments dat":
        assert [candidate.ref for candidate in match.candidates] == [ref]
        return
    assert match.entity is not None
    assert (match.entity.ref, match.how, match.asked) == (ref, how, typed.strip())


def test_kind_that_people_mean_first_wins(snapshot: Snapshot) -> None:
    match = snapshot.resolve("orders")
    assert [candidate.ref for candidate in match.candidates] == [
        "component:default/orders",
        "system:default/orders",
    ]
    assert match.entity == match.candidates[0]


def test_preferred_kind_wins(snapshot: Snapshot) -> None:
    assert _ref(snapshot, "orders", ["System"]) == "system:default/orders"
    assert _ref(snapshot, "#pay", ["Group"]) == "group:default/team-payments"
    assert _ref(snapshot, "payments", ["Group"]) == "group:default/team-payments"
    assert _ref(snapshot, "ledger", ["Group"]) == "component:default/ledger"


def test_same_name_in_two_namespaces_is_ambiguous(snapshot: Snapshot) -> None:
    match = snapshot.resolve("twin")
    assert match.entity is None
    assert match.how == "ambiguous"
    assert [candidate.ref for candidate in match.candidates] == ["component:a/twin", "component:b/twin"]


def test_default_namespace_wins(entity: MakeEntity) -> None:
    snapshot = Snapshot.build([entity("other/web"), entity("web")])
    assert _ref(snapshot, "web") == "component:default/web"


def test_a_title_never_takes_the_name_of_another(entity: MakeEntity) -> None:
    snapshot = Snapshot.build([entity("zzz", title="checkout"), entity("checkout")])
    assert _ref(snapshot, "checkout") == "component:default/checkout"
    snapshot = Snapshot.build([entity("evil", title="component:default/web"), entity("web")])
    assert _ref(snapshot, "component:default/web") == "component:default/web"


def test_two_equally_near_are_offered(entity: MakeEntity) -> None:
    snapshot = Snapshot.build([entity("carts"), entity("cards"), entity("elsewhere")])
    match = snapshot.resolve("carbs")
    assert match.entity is None
    assert {candidate.name for candidate in match.candidates} == {"carts", "cards"}


def test_at_most_five_candidates(entity: MakeEntity) -> None:
    snapshot = Snapshot.build([entity(f"payments-{letter}") for letter in "abcdefgh"])
    assert len(snapshot.resolve("payments-").candidates) == 5
    assert len(snapshot.resolve("payments-x").candidates) == 5


@pytest.mark.parametrize(
    "typed", ["", "   ", "zz", "no such thing", "://", ":", "/", "a:b:c/d/e", "\u202e", "%s{}"]
)
def test_nothing_is_nothing(snapshot: Snapshot, typed: str) -> None:
    match = snapshot.resolve(typed)
    assert (match.entity, match.candidates, match.how) == (None, (), "none")


@pytest.mark.parametrize(
    "typed", ["^(a+)+$" + "a" * 10_000, "/" * 10_000, "a/" * 5_000, "x y " * 2_500, "é" * 10_000]
)
def test_hostile_text_is_answered_soon(snapshot: Snapshot, typed: str) -> None:
    snapshot.warm(lambda: None)
    with soon():
        assert snapshot.resolve(typed).entity is None


def test_single_slips_are_recalled(entity: MakeEntity) -> None:
    dice = random.Random(5)
    words = [
        "payment",
        "order",
        "ledger",
        "invoice",
        "checkout",
        "search",
        "basket",
        "worker",
        "gateway",
        "service",
    ]
    names = {"-".join(dice.sample(words, 3)) for _ in range(400)}
    snapshot = Snapshot.build([entity(name) for name in names])
    found = sum(
        any(candidate.name == name for candidate in snapshot.resolve(_slip(name, dice)).candidates[:3])
        for name in sorted(names)
    )
    assert found / len(names) >= 0.98


def _slip(name: str, dice: random.Random) -> str:
    at = dice.randrange(len(name) - 1)
    letter = dice.choice("abcdefghijklmnopqrstuvwxyz")
    return dice.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + letter + name[at:],
            name[:at] + letter + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        ]
    )


def _ref(snapshot: Snapshot, typed: str, kinds: list[str] | None = None) -> str | None:
    entity = snapshot.resolve(typed, kinds or ()).entity
    return entity.ref if entity else None

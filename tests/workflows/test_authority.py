"""Who people are and what they may do, out of a catalog and a rota."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from data.catalog.entity import Entity
from data.catalog.snapshot import Snapshot
from data.errors import Unavailable
from data.idp import Idp
from data.ports.oncall import Rotas, Schedule, Shift
from data.store.catalog import SourceState
from tests.workflows.house import entity, group, person, policies
from workflows.authority import groups, judge, members, on_call, tier

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ACME, PAY, CORE, PLAT = (f"group:default/{name}" for name in ("acme", "pay", "pay-core", "platform"))
ANN, BEN, KIM, LEA, PIA = (f"user:default/{name}" for name in ("ann", "ben", "kim", "lea", "pia"))
SHOP, LONE, LOST, MAYBE = (f"component:default/{name}" for name in ("shop", "lone", "lost", "maybe"))


def below(name: str, parent: str) -> Entity:
    return entity(f"group:default/{name}", {parent: "childOf"})


ROWS = [
    group("acme"),
    below("pay", ACME),
    below("pay-core", PAY),
    below("solo", PAY),
    below("platform", ACME),
    below("round", "group:default/round-two"),
    below("round-two", "group:default/round"),
    entity("group:elsewhere/far", {}),
    person(ANN, PAY),
    person(BEN, CORE),
    person(KIM, "group:default/solo"),
    person(LEA, PAY, PLAT),
    person(PIA, PLAT),
    person("user:default/rod", "group:default/round"),
    person("user:elsewhere/fae", "group:elsewhere/far"),
    entity(SHOP, owner=PAY, detail={"labels": {"tier": "tier-1"}}),
    entity(LONE, owner="group:default/solo"),
    entity(LOST, owner="group:default/nobody"),
    entity(MAYBE, owner="group:default/far"),
    entity("component:default/mine", owner=KIM),
]
CATALOG = Snapshot.build(ROWS)


class Rota:
    """Answers with what it is given."""

    def __init__(self, shifts: list[Shift] | None = None, failures: list[str] | None = None, age: int = 0) -> None:
        self.shifts, self.failures, self.age = shifts or [], failures or [], age

    def rotas(self, start: datetime, end: datetime) -> Rotas:
        schedules = [Schedule("pay", "test", (PAY,)), Schedule("all", "test", (ACME,))]
        return Rotas(schedules, self.shifts, NOW - timedelta(minutes=self.age), self.failures)


class Silent:
    """Does not answer."""

    def rotas(self, start: datetime, end: datetime) -> Rotas:
        raise Unavailable("The rota does not answer.")


def shift(who: str, level: int = 1, schedule: str = "pay", minutes: int = 0, **more: Any) -> Shift:
    start = NOW + timedelta(minutes=minutes)
    return Shift(schedule, level, who, start - timedelta(hours=1), start + timedelta(hours=1), "test", **more)


def idp(oncall: Any = None, **more: Any) -> Idp:
    house: dict[str, Any] = {"database": None, "catalog": None, "sources": (), "request_sync": str, "version": "0"}
    written = {
        "prod-access": {
            "durations": ["1h"],
            "rules": [
                {"when": {"requester": "on-call"}, "then": "allow"},
                {"then": {"approvals": 1, "from": ["owners"]}},
            ],
            "break_glass": {"groups": ["platform"], "duration": "1h"},
        }
    }
    made = Idp(**house, oncall=oncall or Rota(), now=lambda: NOW, config_path="", policies=policies(written))
    return replace(made, platform_owner=PLAT, **more)


def asks(who: str, target: str, house: Idp | None = None, **more: Any) -> Any:
    asked: dict[str, Any] = {"policy": "prod-access", "environment": "prod", "duration": 3600} | more
    return judge(house or idp(), CATALOG, requester=who, target=target, **asked)


def test_a_group_has_its_people_and_those_of_the_groups_below() -> None:
    assert members(CATALOG, PAY) == {ANN, BEN, KIM, LEA}
    assert members(CATALOG, PAY, below=False) == {ANN, LEA}
    assert members(CATALOG, "group:default/nobody") == frozenset()


def test_people_are_in_their_groups_and_in_those_above() -> None:
    assert groups(CATALOG, BEN) == {CORE, PAY, ACME}
    assert groups(CATALOG, "user:default/rod") == {"group:default/round", "group:default/round-two"}


def test_the_owners_of_the_target_approve_without_the_requester() -> None:
    assert asks(ANN, SHOP).approvers == {BEN, KIM, LEA}
    assert asks(PIA, SHOP, beneficiary=ANN).approvers == {BEN, KIM, LEA}


def test_where_the_team_has_nobody_else_those_directly_above_are_asked() -> None:
    decision = asks(KIM, LONE)
    assert decision.approvers == {ANN, LEA}
    assert decision.teams[0].instead_of == "group:default/solo"


def test_a_person_who_owns_something_approves_it_and_their_team_approves_theirs() -> None:
    assert asks(ANN, "component:default/mine").approvers == {KIM}
    assert asks(KIM, "component:default/mine").approvers == {ANN, LEA}


@pytest.mark.parametrize("target", [LOST, MAYBE])
def test_an_owner_who_is_not_certain_gives_nobody_a_right_and_the_platform_stands_in(target: str) -> None:
    assert asks(ANN, target).approvers == {LEA, PIA}
    assert asks(ANN, target, replace(idp(), platform_owner="")).effect == "refuse"


@pytest.mark.parametrize(
    ("what", "asked"),
    [
        ("a target that is not in the catalog", {"target": "component:default/no"}),
        ("an empty target", {"target": ""}),
        ("a person who is not in the catalog", {"who": "user:default/gone"}),
        ("a group as a person", {"who": PAY}),
        ("a beneficiary who is not in the catalog", {"beneficiary": "user:default/gone"}),
        ("a policy that is not there", {"policy": "nothing"}),
        ("a length that is not offered", {"duration": 3601}),
    ],
)
def test_what_is_unknown_is_refused(what: str, asked: dict[str, Any]) -> None:
    decision = asks(**{"who": ANN, "target": SHOP} | asked)
    assert decision.effect == "refuse", what
    assert decision.reason


@pytest.mark.parametrize(
    ("what", "rota", "levels"),
    [
        ("nobody", Rota(), frozenset()),
        ("by reference", Rota([shift(ANN)]), frozenset({1})),
        ("by name", Rota([shift("ann", 2)]), frozenset({2})),
        ("by address", Rota([shift("Ann S.", email="ANN@acme.example")]), frozenset({1})),
        ("somebody else", Rota([shift("ben")]), frozenset()),
        ("a display name is no proof", Rota([shift("Ann Sommer")]), frozenset()),
        ("an hour ago", Rota([shift(ANN, minutes=-90)]), frozenset()),
        ("in an hour", Rota([shift(ANN, minutes=90)]), frozenset()),
        ("for the group above only", Rota([shift(ANN, schedule="all")]), frozenset()),
        ("another source failed and she is not found", Rota(failures=["PagerDuty is down"]), None),
        ("another source failed but she is found", Rota([shift(ANN)], ["PagerDuty is down"]), frozenset({1})),
        ("what is known is old", Rota([shift(ANN)], ["PagerDuty is down"], age=20), None),
        ("nothing answers", Silent(), None),
    ],
)
def test_on_call_now_for_it_or_its_owner(what: str, rota: Any, levels: frozenset[int] | None) -> None:
    shop = CATALOG.get(SHOP)
    assert shop
    assert on_call(idp(rota), CATALOG, ANN, shop) == levels, what


def test_on_call_allows_at_once_and_an_unknown_rota_does_not() -> None:
    assert asks(ANN, SHOP, idp(Rota([shift(ANN)]))).effect == "allow"
    assert asks(ANN, SHOP, idp(Silent())).effect == "ask"


@pytest.mark.parametrize(
    ("detail", "read"),
    [
        ({}, 0),
        ({"labels": {"tier": "1"}}, 1),
        ({"annotations": {"idp/tier": "Tier 2"}}, 2),
        ({"spec": {"tier": 3}}, 3),
        ({"labels": {"tier": "gold"}}, None),
        ({"labels": {"tier": "0"}}, None),
        ({"labels": {"tier": "1"}, "spec": {"tier": 4}}, 1),
    ],
)
def test_the_tier_is_read_where_it_is_stated(detail: dict[str, Any], read: int | None) -> None:
    assert tier(entity("component:default/x", detail=detail)) == read


def test_break_glass_asks_for_the_group_at_this_moment() -> None:
    assert asks(PIA, SHOP, break_glass=True).effect == "allow"
    assert asks(ANN, SHOP, break_glass=True).effect == "refuse"


def directory(minutes: int, kinds: Collection[str] = ("Group", "User")) -> Snapshot:
    """The catalog as above, with groups and people told by Okta so many minutes ago."""
    told = [one._replace(source="okta") if one.kind in kinds else one for one in ROWS]
    return Snapshot.build(told, [SourceState("okta", "okta", "", NOW - timedelta(minutes=minutes))])


@pytest.mark.parametrize("kinds", [("Group", "User"), ("User",)], ids=["all of okta", "groups in files"])
@pytest.mark.parametrize(("minutes", "effect"), [(1, "ask"), (2, "refuse")])
def test_groups_of_a_directory_that_has_not_answered_for_long_give_no_voice(
    minutes: int, effect: str, kinds: Collection[str]
) -> None:
    asked = judge(
        idp(),
        directory(minutes, kinds),
        requester=ANN,
        target=SHOP,
        policy="prod-access",
        environment="prod",
        duration=3600,
    )
    assert asked.effect == effect
    if effect == "refuse":
        assert asked.reason == "Who is in group:default/pay is not known: okta has not answered since 09:28 UTC."


def test_in_an_emergency_the_last_that_is_known_counts() -> None:
    glass = judge(
        idp(),
        directory(60),
        requester=PIA,
        target=SHOP,
        policy="prod-access",
        environment="prod",
        duration=3600,
        break_glass=True,
    )
    assert glass.effect == "allow"

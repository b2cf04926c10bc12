"""Who follows which version, what a version would do, and telling owners of it once."""

from datetime import timedelta
from typing import Any

import pytest

from data.errors import NotFound
from data.integrations.facts.template import TemplateFacts
from data.store import facts, messages, templates
from tests.conftest import Clock
from tests.workflows.house import House
from workflows.scorecards.gathering import take_in
from workflows.templates.adoption import adoption
from workflows.templates.census import PathCensus, census, standing
from workflows.templates.foreseeing import foresee
from workflows.templates.telling import template_card
from workflows.templates.upgrading import counted
from workflows.templates.watching import watch


def counts(house: House) -> PathCensus:
    found = census(house.idp, house.idp.catalog.snapshot).of("demo")
    assert found is not None
    return found


def test_services_are_counted_before_anybody_has_looked_at_the_template(still: House) -> None:
    found = census(still.idp, still.idp.catalog.snapshot)
    assert [each.follower.entity.name for each in found.paths[0].standings] == ["cart", "ghost", "invoices"]
    assert all(each.behind is None and each.edited is None for each in found.paths[0].standings)
    assert [each.origin.address for each in found.elsewhere] == ["github.com/somebody/else"]
    assert [each.name for each in found.by_hand] == ["orders"]


def test_a_look_around_finds_versions_notes_and_edits(still: House) -> None:
    watch(still.idp, "now")
    found = counts(still)
    assert [each.name for each in found.versions] == ["v1", "v2", "v3"]
    assert [each.notes for each in found.versions] == ["The first.", "The second.", "The third: *read* this."]
    assert found.newest == "v3"
    assert {e.follower.entity.name: e.edited for e in found.standings} == {
        "cart": True,
        "invoices": False,
        "ghost": None,
    }
    outcomes = {e.follower.entity.name: e.check and e.check.outcome for e in found.standings}
    assert outcomes == {"cart": "conflicts", "invoices": "clean", "ghost": "unknown"}
    assert [v.name for v in found.standings[0].behind or ()] == ["v2", "v3"]


def test_a_published_version_that_nobody_uses_yet_makes_services_outdated(still: House) -> None:
    def current(service: str) -> Any:
        take_in(still.idp, TemplateFacts())
        ref = f"component:default/{service}"
        with still.idp.database.reading() as store:
            told = facts.readings(store, [ref])[ref].get("template.current")
        return told.value if told else None

    assert (current("cart"), current("foreign")) == (None, True)  # v1 is compared with nothing; 3.1 is all in use
    watch(still.idp, "now")
    assert (current("cart"), current("foreign")) == (False, True)


def test_an_owner_hears_of_a_version_once_in_their_channel(still: House) -> None:
    watch(still.idp, "now")
    watch(still.idp, "later")
    with still.idp.database.reading() as store:
        told = messages.overdue(store, still.idp.now() + timedelta(days=1))
    assert [message.place for message in told] == ["team-payments"]
    card = template_card(still.idp, told[0].text)
    assert card is not None
    assert [name for _, name, _ in card.services] == ["cart", "ghost", "invoices"]
    assert [version.name for version in card.notes] == ["v2", "v3"]


def test_what_stands_is_not_looked_at_again_before_a_day(still: House, clock: Clock) -> None:
    watch(still.idp, "now")
    first = looked(still)
    clock.advance(hours=1)
    watch(still.idp, "an hour later")
    assert looked(still) == first | {"component:default/ghost": clock.time}  # it could not be looked into
    clock.advance(days=1)
    watch(still.idp, "a day later")
    assert set(looked(still).values()) == {clock.time}


def looked(house: House) -> dict[str, object]:
    with house.idp.database.reading() as store:
        return {ref: check.checked_at for ref, check in templates.checks(store).items()}


def test_the_registry_says_which_version_is_newest(still: House) -> None:
    from dataclasses import replace

    renderer = still.idp.golden_paths
    path = replace(renderer.all()[0], version="v2")
    still.idp = replace(still.idp, golden_paths=replace(renderer, registry=[path]))  # type: ignore[type-var]
    watch(still.idp, "now")
    found = counts(still)
    assert (found.newest, [each.name for each in found.versions]) == ("v2", ["v1", "v2"])
    assert {each.check.outcome for each in found.standings if each.check} == {"clean", "unknown"}


def test_a_dry_run_says_what_would_happen_and_changes_nothing(still: House) -> None:
    watch(still.idp, "now")
    snapshot = still.idp.catalog.snapshot
    seen = foresee(still.idp, snapshot, counted(still.idp, snapshot, "demo", "v3"), "v3")
    said = {each.standing.follower.entity.name: each.check for each in seen}
    assert said["invoices"].outcome == "clean"  # type: ignore[union-attr]
    assert (said["cart"].outcome, said["cart"].conflicts) == ("conflicts", ("app.txt",))  # type: ignore[union-attr]
    assert "no repository ghost" in said["ghost"].note  # type: ignore[union-attr]
    assert still.idp.repo_host.pull_request("invoices", "idp/template-demo-v3") is None


def test_a_version_that_is_not_there_is_named(still: House) -> None:
    watch(still.idp, "now")
    with pytest.raises(NotFound, match="has no version v9"):
        counted(still.idp, still.idp.catalog.snapshot, "demo", "v9")


def test_one_service_by_itself(still: House) -> None:
    watch(still.idp, "now")
    snapshot = still.idp.catalog.snapshot
    cart, orders = snapshot.get("component:default/cart"), snapshot.get("component:default/orders")
    assert cart is not None
    assert orders is not None
    found = standing(still.idp, snapshot, cart)
    assert found is not None
    assert [version.name for version in found.behind or ()] == ["v2", "v3"]
    assert standing(still.idp, snapshot, orders) is None


def test_adoption_counts_and_says_how_many_it_knows(still: House, clock: Clock) -> None:
    watch(still.idp, "now")
    found = adoption(still.idp, still.idp.catalog.snapshot)
    assert (found.made, found.adhering, found.unlooked) == (3, 0, 1)
    assert (found.templated.n, found.templated.seconds, found.templated.enough) == (0, None, False)
    deployed(still, "component:default/orders", clock, hours=72)
    assert adoption(still.idp, still.idp.catalog.snapshot).by_hand.seconds == timedelta(hours=2).total_seconds()


def deployed(house: House, ref: str, clock: Clock, hours: float) -> None:
    """The first look at all was long before this service was seen; two hours later it was deployed."""
    from data.ports.facts import Fact
    from data.store import facts
    from data.store.tables.scores import ScoreRow

    seen = clock.time + timedelta(hours=hours)
    rows = {"component:default/cart": clock.time, ref: seen}
    with house.idp.database.store() as store:
        for entity, at in rows.items():
            row = ScoreRow(
                scorecard="s",
                entity=entity,
                owner="",
                level="",
                points=0,
                outcomes="{}",
                first_at=at,
                changed_at=at,
            )
            store.session.add(row)
        for later in (2, 50):
            at = seen + timedelta(hours=later)
            told = Fact(ref, "deployment.at", at.isoformat(), "test", at)
            facts.put(store, [told], at)


def test_new_looks_are_put_into_the_census_that_is_remembered(still: House) -> None:
    watch(still.idp, "now")
    assert edited(still) == {"cart": True, "invoices": False, "ghost": None}
    put(still, "ghost", timedelta(minutes=1))
    assert edited(still) == {"cart": True, "invoices": False, "ghost": True}
    put(still, "invoices", timedelta(minutes=-1))  # by another process: begun before that one, kept after it
    put(still, "cart", timedelta(minutes=2), paths=())
    assert edited(still) == {"cart": False, "invoices": True, "ghost": True}
    put(still, "invoices", timedelta(minutes=3), version="v2")  # which it does not follow by the catalog
    assert edited(still) == {"cart": False, "invoices": None, "ghost": True}
    assert [each.name for each in counts(still).standings[0].behind or ()] == ["v2", "v3"]


def edited(house: House) -> dict[str, bool | None]:
    return {each.follower.entity.name: each.edited for each in counts(house).standings}


def put(
    house: House, name: str, after: timedelta, version: str = "v1", paths: tuple[str, ...] = ("app.txt",)
) -> None:
    now = house.idp.now() + after
    ref = f"component:default/{name}"
    look = templates.looked_at(ref, "demo", version=version, target="v3", outcome="clean", now=now)
    with house.idp.database.store() as store:
        templates.put_check(store, templates.with_paths(look, paths, []))

"""Okta as a directory: who is in, who is out, and that trouble changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.catalog.live import Catalog
from data.catalog.snapshot import Snapshot
from data.catalog.sources.okta import OktaSource
from data.catalog.syncing.report import Report
from data.catalog.syncing.sync import sync
from data.errors import NotAllowed
from data.store.database import Database
from tests.conftest import Clock
from tests.fakes.api import Answer
from tests.fakes.okta import FakeOkta
from tests.fakes.spec import Spec


@dataclass
class House:
    okta: FakeOkta
    database: Database
    clock: Clock
    payments: str
    checkout: str

    def sync(self, allow_removals: bool = False) -> Report:
        source = OktaSource("people", self.okta.url, self.okta.token, "OKTA_TOKEN", ("team-*",))
        return sync(self.database, source, now=self.clock, allow_removals=allow_removals)

    def snapshot(self) -> Snapshot:
        catalog = Catalog(self.database)
        catalog.refresh()
        return catalog.snapshot

    def members(self, group: str) -> list[str]:
        links = self.snapshot().links(f"group:default/{group}")
        return sorted(link.ref for link in links if link.type == "hasMember" and link.entity)

    def error(self) -> str:
        return self.snapshot().sources["people"].error


@pytest.fixture
def house(shared: Path, database: Database, clock: Clock) -> Iterator[House]:
    spec = Spec(shared / "specs" / "okta-management-trimmed-openapi3.json")
    with FakeOkta(spec) as okta:
        payments, checkout = okta.group("team-payments"), okta.group("team-checkout")
        okta.group("Everyone", "BUILT_IN")
        okta.group("wine club")
        for n in range(12):
            okta.user(f"p{n}@acme.example", payments)
        okta.user("ann@acme.example", payments, checkout)
        okta.user("guest@acme.example", status="SUSPENDED")
        yield House(okta, database, clock, payments, checkout)
        assert okta.faults == []


def test_people_and_groups_become_entities(house: House) -> None:
    report = house.sync()
    assert (len(report.added), report.error, report.problems) == (15, "", 0)
    snapshot = house.snapshot()
    ann = snapshot.resolve("ann@acme.example", ("User",)).entity
    assert ann
    assert ann.ref == "user:default/ann"
    assert ann.details()["profile"] == {"displayName": "Ann Day", "email": "ann@acme.example"}
    assert house.members("team-checkout") == ["user:default/ann"]
    assert len(house.members("team-payments")) == 13
    assert snapshot.get("group:default/wine-club") is None  # no pattern takes it
    assert snapshot.get("user:default/guest") is None  # suspended


def test_many_pages_come_whole(house: House) -> None:
    house.okta.page = 3
    assert len(house.sync().added) == 15
    assert len(house.members("team-payments")) == 13


def test_pages_without_an_end_are_not_taken_for_everybody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.okta.page = 3
    monkeypatch.setattr("data.catalog.sources.okta.PAGES", 2)
    assert "without an end" in house.sync().error
    assert len(house.snapshot()) == 0


def test_an_organisation_in_which_nobody_works_is_not_believed_the_first_time_either(house: House) -> None:
    for user in house.okta.users.values():
        user["status"] = "SUSPENDED"
    assert "nobody works here" in house.sync().error
    assert len(house.snapshot()) == 0


def test_whoever_leaves_loses_the_group_within_one_sync(house: House) -> None:
    ann = next(id for id, one in house.okta.users.items() if one["profile"]["login"] == "ann@acme.example")
    house.sync()
    house.okta.leave(ann)
    assert house.sync().removed == ["user:default/ann"]
    assert house.members("team-checkout") == []
    assert house.snapshot().get("user:default/ann") is None


def test_whoever_is_taken_out_of_a_group_is_out_within_one_sync(house: House) -> None:
    house.sync()
    ann = house.okta.members[house.checkout].pop()
    assert house.sync().changed == ["user:default/ann"]
    assert house.members("team-checkout") == []
    assert ann in house.okta.members[house.payments]


def test_nothing_changed_writes_nothing(house: House) -> None:
    house.sync()
    before = house.snapshot().version
    report = house.sync()
    assert [*report.added, *report.changed, *report.removed] == []
    assert house.snapshot().version == before


def lose_all(okta: FakeOkta) -> None:
    okta.users.clear()


def lose_half(okta: FakeOkta) -> None:
    okta.page, okta.lose_next = 6, True


def lose_memberships(okta: FakeOkta) -> None:
    for members in okta.members.values():
        members.clear()


def lose_groups(okta: FakeOkta) -> None:
    okta.groups.clear()


@pytest.mark.parametrize("lose", [lose_all, lose_half, lose_memberships, lose_groups])
def test_an_answer_without_most_people_or_memberships_changes_nothing(
    house: House, lose: Callable[[FakeOkta], None]
) -> None:
    house.sync()
    good = house.snapshot()
    lose(house.okta)
    house.clock.advance(minutes=10)
    report = house.sync()
    assert report.error
    assert house.snapshot().version == good.version
    assert len(house.members("team-payments")) == 13
    state = house.snapshot().sources["people"]
    assert state.error == report.error
    assert state.synced_at == good.sources["people"].synced_at  # the age is said with every answer


def test_most_may_go_when_somebody_says_so(house: House) -> None:
    house.sync()
    for id in list(house.okta.users)[:11]:
        house.okta.leave(id)
    assert "are gone at once" in house.sync().error
    assert len(house.sync(allow_removals=True).removed) == 11
    assert len(house.members("team-payments")) == 2
    assert not house.sync().error


@pytest.mark.parametrize(
    ("path", "answer", "says"),
    [
        ("/api/v1/users", Answer(500, {}), "answers 500"),
        ("/api/v1/users", Answer(401, {"errorCode": "E0000011"}), "does not accept the token"),
        ("/api/v1/users", Answer(403, {"errorCode": "E0000006"}), "does not allow it"),
        ("/api/v1/groups", Answer(429, {}, {"X-Rate-Limit-Reset": "99999999999"}), "asks us to wait"),
        ("/api/v1/groups/", Answer(404, {"errorCode": "E0000007"}), "does not know it"),
        ("/api/v1/groups/", Answer(200, content=b'[{"id": "0'), "not JSON"),
        ("/api/v1/groups/", Answer(200, {"error": "?"}), "no list"),
        ("/api/v1/users", Answer(200, [], {"Link": '<https://evil.example/x>; rel="next"'}), "another host"),
    ],
)
def test_trouble_changes_nothing(house: House, path: str, answer: Answer, says: str, fast: None) -> None:
    house.sync()
    before = house.snapshot().version
    with house.okta.trouble(path, answer):
        error = house.sync().error
    assert says in error
    assert house.okta.token not in error
    assert house.snapshot().version == before
    assert not house.sync().error


def test_a_token_that_expires_between_two_groups_changes_nothing(house: House) -> None:
    house.sync()
    house.okta.user("new@acme.example", house.payments)
    with house.okta.trouble("/api/v1/groups/", Answer(401, {}), after=1):
        assert "token" in house.sync().error
    assert len(house.members("team-payments")) == 13


def test_two_groups_of_one_name_are_none(house: House) -> None:
    house.okta.members[house.okta.group("team-Checkout")] = [next(iter(house.okta.users))]
    report = house.sync()
    assert report.problems == 2
    assert house.members("team-checkout") == []


def test_two_logins_of_one_name_are_two_people(house: House) -> None:
    house.okta.user("ann@other.example", house.checkout)
    house.sync()
    assert house.members("team-checkout") == ["user:default/ann-acme.example", "user:default/ann-other.example"]


def test_without_a_token_it_says_which_variable() -> None:
    with pytest.raises(NotAllowed, match="OKTA_TOKEN"):
        OktaSource("people", "https://acme.okta.example", "", "OKTA_TOKEN").open()


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for what the other side asks for."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)

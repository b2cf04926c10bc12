"""Where a directory tells people, a file gives nobody a group, an address or a place above others."""

from pathlib import Path

import pytest

from data.catalog.entity import Problem
from data.catalog.live import Catalog
from data.catalog.snapshot import Snapshot
from data.catalog.sources.files import FilesSource
from data.catalog.syncing.sync import sync_all
from data.store.catalog import load_problems
from data.store.database import Database
from tests.conftest import Clock
from workflows.authority import groups, members

DIRECTORY = """\
kind: Group
metadata: {name: platform}
spec: {type: team, children: []}
---
kind: Group
metadata: {name: payments}
spec: {type: team, children: []}
---
kind: User
metadata: {name: ann}
spec: {memberOf: [payments], profile: {email: ann@acme.example}}
---
kind: User
metadata: {name: eve}
spec: {memberOf: [payments], profile: {email: eve@acme.example}}
"""
FILES = """\
kind: Group
metadata: {name: payments, annotations: {slack.com/channel: pay}}
spec: {type: team, parent: platform, children: [], members: [mallory]}
---
kind: Group
metadata: {name: mine}
spec: {type: team, parent: platform, children: [payments], members: [eve]}
---
kind: User
metadata: {name: mallory}
spec: {memberOf: [platform], profile: {email: mallory@acme.example}}
---
kind: Component
metadata: {name: checkout}
spec: {type: service, lifecycle: production, owner: payments}
"""


class House:
    def __init__(self, folder: Path, database: Database, clock: Clock) -> None:
        self.folder, self.database, self.clock = folder, database, clock
        for name, text in (("okta", DIRECTORY), ("files", FILES)):
            (folder / name).mkdir()
            (folder / name / "catalog-info.yaml").write_text(text)

    def sync(self, order: str = "files okta", people_from: str | None = "okta") -> Snapshot:
        self.clock.advance(minutes=1)
        sources = [FilesSource(name, self.folder / name) for name in order.split()]
        people = None if people_from is None else people_from.split()
        reports = sync_all(self.database, sources, now=self.clock, people_from=people, allow_removals=True)
        assert not any(each.error for each in reports)
        catalog = Catalog(self.database)
        catalog.refresh()
        return catalog.snapshot

    def problems(self) -> list[Problem]:
        with self.database.reading() as store:
            return [problem for _, problem in load_problems(store) if problem.code == "people"]


@pytest.fixture
def house(tmp_path: Path, sqlite: Database, clock: Clock) -> House:
    return House(tmp_path, sqlite, clock)


@pytest.mark.parametrize("order", ["files okta", "okta files"])
def test_rights_come_from_the_directory_whatever_files_say(house: House, order: str) -> None:
    snapshot = house.sync(order)
    assert members(snapshot, "group:default/payments") == {"user:default/ann", "user:default/eve"}
    assert members(snapshot, "group:default/platform") == frozenset()
    assert groups(snapshot, "user:default/eve") == {"group:default/payments"}
    assert snapshot.get("user:default/mallory") is None
    assert snapshot.get("component:default/checkout") is not None


def test_a_group_in_a_file_keeps_what_gives_no_rights(house: House) -> None:
    payments = house.sync("files okta").get("group:default/payments")
    assert payments is not None
    assert payments.details()["annotations"] == {"slack.com/channel": "pay"}
    assert groups(house.sync(), "user:default/ann") == {"group:default/payments"}


def test_its_author_hears_it(house: House) -> None:
    house.sync()
    told = {problem.ref: problem for problem in house.problems()}
    assert set(told) == {"group:default/payments", "group:default/mine", "user:default/mallory"}
    assert told["user:default/mallory"].line == 9
    assert "people_from" in told["user:default/mallory"].expected


def test_the_rule_may_change_without_a_change_of_the_files(house: House) -> None:
    assert house.sync(people_from="okta").get("user:default/mallory") is None
    open_to_all = house.sync(people_from=None)
    assert "user:default/mallory" in members(open_to_all, "group:default/platform")
    assert house.problems() == []
    closed = house.sync(people_from="okta")
    assert members(closed, "group:default/platform") == frozenset()

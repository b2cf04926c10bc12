"""Nobody becomes the owner of an entity, and so its approver, by writing so in a file."""

from pathlib import Path

import pytest

from data.catalog.entity import Entity
from data.catalog.sources.files import FilesSource
from data.catalog.syncing.sync import Report, sync_all
from data.store.catalog import load_entities, load_problems
from data.store.database import Database
from data.store.takeovers import agree, waiting
from tests.conftest import Clock

GROUPS = "".join(
    f"kind: Group\nmetadata: {{name: {name}}}\nspec: {{type: team, children: []}}\n---\n" for name in "abc"
)


class Company:
    def __init__(self, folder: Path, database: Database, clock: Clock) -> None:
        self.folder, self.database, self.clock = folder, database, clock
        self.sources = ["main"]
        self.tell("main", "groups", GROUPS)
        self.owned_by("a")

    def tell(self, source: str, name: str, text: str) -> None:
        file = self.folder / source / name / "catalog-info.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def owned_by(self, owner: str, source: str = "main", name: str = "pay") -> None:
        self.tell(source, name, f"kind: Component\nmetadata: {{name: pay}}\nspec: {{owner: {owner}, type: x}}\n")

    def sync(self) -> list[Report]:
        self.clock.advance(minutes=1)
        sources = [FilesSource(name, self.folder / name) for name in self.sources]
        return sync_all(self.database, sources, now=self.clock, hold_takeovers=True)

    @property
    def pay(self) -> Entity:
        with self.database.reading() as store:
            return next(Entity(*row) for row in load_entities(store) if row[0] == "component:default/pay")

    @property
    def owner(self) -> str:
        owner = self.pay.owner
        assert [one.target for one in self.pay.declared() if one.type == "ownedBy"] == [owner]
        return owner.rpartition("/")[2]

    def agree(self) -> None:
        with self.database.store() as store:
            assert [each.ref for each in agree(store, waiting(store))] == ["component:default/pay"]


@pytest.fixture
def company(tmp_path: Path, database: Database, clock: Clock) -> Company:
    made = Company(tmp_path / "catalog", database, clock)
    made.sync()
    return made


def test_a_new_owner_waits_for_the_old_one(company: Company) -> None:
    company.owned_by("b")
    assert company.sync()[0].taken_over == ["component:default/pay"]
    assert company.owner == "a"
    assert company.pay.details()["claimed_owner"] == "group:default/b"
    with company.database.reading() as store:
        told = [problem for _, problem in load_problems(store) if problem.code == "takeover"]
    assert "from group:default/a to group:default/b" in told[0].message
    company.sync()
    assert company.owner == "a"
    company.agree()
    assert company.owner == "b"
    company.sync()
    assert company.owner == "b"


def test_a_withdrawn_claim_is_forgotten(company: Company) -> None:
    company.owned_by("b")
    company.sync()
    company.owned_by("a")
    company.sync()
    assert company.owner == "a"
    with company.database.reading() as store:
        assert waiting(store) == []


def test_a_second_claim_is_still_held_by_the_first_owner(company: Company) -> None:
    company.owned_by("b")
    company.sync()
    company.owned_by("c")
    company.sync()
    assert company.owner == "a"
    assert company.pay.details()["claimed_owner"] == "group:default/c"


def test_another_source_that_comes_first_does_not_take_over_either(company: Company) -> None:
    company.owned_by("b", source="other")
    company.sources = ["other", "main"]
    company.sync()
    assert (company.owner, company.pay.source) == ("a", "other")
    company.agree()
    assert company.owner == "b"


def test_a_file_that_moves_to_another_owner_does_not_take_over(company: Company) -> None:
    (company.folder / "main/pay/catalog-info.yaml").unlink()
    company.owned_by("b", name="elsewhere")
    company.sync()
    assert company.owner == "a"


def test_an_owner_that_is_dropped_waits_too(company: Company) -> None:
    company.tell("main", "pay", "kind: Component\nmetadata: {name: pay}\nspec: {type: x}\n")
    company.sync()
    assert company.owner == "a"


def test_where_nobody_could_agree_it_happens(company: Company) -> None:
    company.owned_by("gone")
    company.sync()
    company.agree()
    company.owned_by("c")
    company.sync()
    assert company.owner == "c"


def test_a_group_that_is_renamed_holds_nothing(company: Company) -> None:
    company.tell("main", "groups", GROUPS.replace("name: a}", "name: a2}"))
    company.owned_by("a2")
    company.sync()
    assert company.owner == "a2"

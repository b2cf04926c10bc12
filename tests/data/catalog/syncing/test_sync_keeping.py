"""What a source said before keeps answering where it cannot be read, or where too much would go at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data.catalog.syncing.sync import sync
from data.errors import Unavailable
from data.ports.catalog import Checkout, Known, SourceFile
from data.store.database import Database
from tests.data.catalog.syncing.folder import COMPONENT, Folder


def test_an_entity_that_stands_twice_keeps_nothing_else_alive(acme: Folder) -> None:
    acme.write("two/catalog-info.yaml", "first", "second")
    acme.sync()
    acme.write("two/catalog-info.yaml", "first", "first")
    assert acme.sync().removed == ["component:default/second"]


def test_a_broken_file_keeps_answering_as_stale_until_it_reads_again(acme: Folder) -> None:
    file = acme.folder / "cart/catalog-info.yaml"
    good = file.read_text()
    file.write_text("kind: [\n")
    report = acme.sync()
    assert (report.removed, report.entities) == ([], 3)
    assert acme.entities()["component:default/cart"].stale
    assert [problem[:2] for problem in acme.problems()] == [("cart/catalog-info.yaml", "error")]
    assert acme.sync().read == 0
    file.write_text(good)
    assert acme.sync().changed == []
    assert not acme.entities()["component:default/cart"].stale
    assert acme.problems() == []


def test_one_broken_document_keeps_what_it_said_and_takes_the_others(acme: Folder) -> None:
    file = acme.write("team/catalog-info.yaml", "a", "b")
    acme.sync()
    file.write_text(COMPONENT.format(name="a", owner="shopping") + "---\nkind: Component\nmetadata: {name: 'b\n")
    report = acme.sync()
    assert (report.changed, report.removed) == (["component:default/a"], [])
    entities = acme.entities()
    assert not entities["component:default/a"].stale
    assert entities["component:default/b"].stale


def test_a_file_that_cannot_be_opened_keeps_answering(acme: Folder) -> None:
    file = acme.folder / "cart/catalog-info.yaml"
    good = file.read_text()
    file.unlink()
    file.symlink_to("/proc/self/environ")
    report = acme.sync()
    assert (report.removed, report.entities) == ([], 3)
    assert acme.entities()["component:default/cart"].stale
    version = acme.version()
    acme.sync()
    assert acme.version() == version
    file.unlink()
    file.write_text(good)
    acme.sync()
    assert not acme.entities()["component:default/cart"].stale


@pytest.mark.parametrize("count", [9, 10])
def test_a_mass_removal_is_held_until_somebody_allows_it(acme: Folder, count: int) -> None:
    for number in range(17):
        acme.service(f"many-{number:02}")
    acme.sync()
    for number in range(count):
        (acme.folder / f"many-{number:02}/catalog-info.yaml").unlink()
    acme.service("new")
    report = acme.sync()
    assert report.added == ["component:default/new"]
    if count == 9:
        assert (len(report.removed), report.held) == (9, "")
        return
    assert (report.removed, report.entities) == ([], 21)
    assert "10 of 20 entities would be removed" in report.held
    assert acme.state().held == report.held
    assert acme.entities()["component:default/many-00"].stale
    assert "of 21 entities" in acme.sync().held
    report = acme.sync(allow_removals=True)
    assert (len(report.removed), report.held, report.entities) == (10, "", 11)
    assert acme.state().held == ""
    assert len(acme.entities()) == 11


def test_a_removal_of_three_in_ten_is_not_held(acme: Folder) -> None:
    acme.write("more/catalog-info.yaml", *(f"many-{number}" for number in range(37)))
    acme.sync()
    acme.write("more/catalog-info.yaml", *(f"many-{number}" for number in range(25)))
    assert len(acme.sync().removed) == 12


def test_documents_held_inside_a_file_go_when_allowed(acme: Folder) -> None:
    acme.write("more/catalog-info.yaml", *(f"many-{number}" for number in range(20)))
    acme.sync()
    acme.write("more/catalog-info.yaml", "many-0")
    assert acme.sync().held
    assert len(acme.entities()) == 23
    assert len(acme.sync(allow_removals=True).removed) == 19
    assert len(acme.entities()) == 4


def test_a_held_entity_that_comes_back_is_fresh_again(acme: Folder) -> None:
    for number in range(17):
        acme.service(f"many-{number:02}")
    acme.write("broken/catalog-info.yaml", "fine", extra="---\nkind: [\n")
    acme.sync()
    problems = acme.problems()
    (acme.folder).rename(acme.folder.with_name("away"))
    acme.folder.mkdir()
    version = acme.version()
    assert acme.sync().held
    assert acme.version() == version + 1, "those who ask must see that it is stale"
    assert acme.problems() == problems != []
    acme.folder.rmdir()
    acme.folder.with_name("away").rename(acme.folder)
    report = acme.sync()
    assert (report.held, report.entities) == ("", 21)
    assert not any(entity.stale for entity in acme.entities().values())


def test_a_source_that_fails_changes_nothing_and_says_why(acme: Folder) -> None:
    good = acme.state()
    acme.folder.rename(acme.folder.with_name("gone"))
    acme.clock.advance(minutes=10)
    report = acme.sync()
    assert "does not exist" in report.error
    state = acme.state()
    assert (state.synced_at, state.tried_at, state.error) == (good.synced_at, acme.clock(), report.error)
    assert len(acme.entities()) == 3
    acme.folder.with_name("gone").rename(acme.folder)
    assert acme.sync().error == ""
    assert acme.state().error == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is said is no matter of SQL
def test_a_database_that_is_away_is_told_and_nobody_stumbles(acme: Folder, tmp_path: Path) -> None:
    away = Database(f"sqlite:///{tmp_path}/nowhere/idp.db")
    assert sync(away, acme.source, now=acme.clock).error
    away.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is said is no matter of SQL
def test_a_source_that_fails_half_way_changes_nothing(acme: Folder) -> None:
    class Half:
        name, type, location = "acme", "files", str(acme.folder)

        def open(self) -> Checkout:
            return _HalfCheckout()

    acme.service("cart", owner="shopping")
    report = sync(acme.database, Half(), now=acme.clock)
    assert report.error == "The line went dead."
    assert acme.entities()["component:default/cart"].owner == "group:default/payments"


class _HalfCheckout:
    def files(self, known: Known) -> Iterator[SourceFile]:
        yield SourceFile("cart/catalog-info.yaml", "2", COMPONENT.format(name="cart", owner="thieves").encode())
        raise Unavailable("The line went dead.")

    def want(self, path: str, target: str) -> list[Any]:
        return []

    def wanted(self, known: Known) -> Iterator[SourceFile]:
        return iter(())

    def stamp(self, path: str, target: str) -> str:
        return ""

    def notes(self) -> str:
        return ""

    def read(self, path: str, target: str) -> bytes:
        return b""

    def close(self) -> None:
        pass

"""A sync reports what changed, and never mixes with another one."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data.catalog.sources.files import FilesSource
from data.catalog.syncing.sync import forget, sync_all
from data.errors import NotFound
from data.store import catalog
from tests.data.catalog.syncing.folder import Folder


def test_nothing_changed_reads_nothing_and_moves_no_version(acme: Folder) -> None:
    version = acme.version()
    acme.clock.advance(minutes=10)
    report = acme.sync()
    assert (report.added, report.changed, report.removed, report.read) == ([], [], [], 0)
    assert (report.entities, report.files, report.documents) == (3, 3, 3)
    assert acme.version() == version
    assert acme.state().synced_at == acme.clock()


def test_a_new_owner_is_reported_and_answers(acme: Folder) -> None:
    acme.service("cart", owner="shopping")
    report = acme.sync()
    assert report.changed == ["component:default/cart"]
    assert report.owner_changed == [("component:default/cart", "group:default/payments", "group:default/shopping")]
    assert acme.entities()["component:default/cart"].owner == "group:default/shopping"
    assert report.read == 1


def test_a_newer_reader_trusts_nothing_that_an_older_one_has_read(
    acme: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.catalog.syncing.apply.READER", "newer")
    assert acme.sync().read == 3
    assert acme.sync().read == 0


def test_a_touched_file_is_no_change(acme: Folder) -> None:
    version = acme.version()
    file = acme.folder / "cart/catalog-info.yaml"
    file.write_text(file.read_text())
    assert acme.sync().changed == []
    assert acme.sync().read == 0
    assert acme.version() == version


def test_a_comment_at_the_end_of_a_file_moves_nothing(acme: Folder) -> None:
    version = acme.version()
    with (acme.folder / "cart/catalog-info.yaml").open("a") as file:
        file.write("# Kept by hand.\n")
    report = acme.sync()
    assert (report.read, report.changed) == (1, [])
    assert acme.version() == version


def test_a_moved_line_is_no_change_of_the_entity_but_is_shown(acme: Folder) -> None:
    version = acme.version()
    file = acme.folder / "cart/catalog-info.yaml"
    file.write_text("---\n# Kept by hand.\n" + file.read_text())
    assert acme.sync().changed == []
    assert acme.version() == version + 1
    assert acme.entities()["component:default/cart"].line > 1


def test_a_removed_file_takes_its_entities_with_it(acme: Folder) -> None:
    (acme.folder / "cart/catalog-info.yaml").unlink()
    report = acme.sync()
    assert report.removed == ["component:default/cart"]
    assert (report.entities, report.files) == (2, 2)
    assert set(acme.entities()) == {"component:default/checkout", "component:default/search"}


def test_of_two_files_the_first_by_name_counts_and_the_second_takes_over(acme: Folder) -> None:
    acme.write("zz/catalog-info.yaml", "cart", owner="thieves")
    report = acme.sync()
    assert (report.added, report.changed, report.entities) == ([], [], 3)
    assert acme.entities()["component:default/cart"].owner == "group:default/payments"
    with acme.database.reading() as store:
        [(_, problem)] = catalog.load_problems(store)
    assert problem.path == "zz/catalog-info.yaml"
    assert "cart/catalog-info.yaml" in problem.message
    assert acme.state().problems == 1
    (acme.folder / "cart/catalog-info.yaml").unlink()
    report = acme.sync()
    assert report.owner_changed == [("component:default/cart", "group:default/payments", "group:default/thieves")]
    assert acme.entities()["component:default/cart"].owner == "group:default/thieves"
    assert acme.problems() == []


def test_of_two_sources_the_first_configured_counts(acme: Folder, tmp_path: Path) -> None:
    other = Folder(acme.database, tmp_path / "other", acme.clock)
    other.source = FilesSource("other", other.folder)
    other.service("cart", owner="thieves")
    other.service("extra")
    one, two = acme.source, other.source
    sync_all(acme.database, [one, two], now=acme.clock)
    assert acme.entities()["component:default/cart"].source == "acme"
    with acme.database.reading() as store:
        [conflict] = catalog.load_conflicts(store)
    assert (conflict.source, conflict.winner_source) == ("other", "acme")
    version = acme.version()
    sync_all(acme.database, [two, one], now=acme.clock)
    assert acme.entities()["component:default/cart"].source == "other"
    assert acme.version() > version
    sync_all(acme.database, [two, one], now=acme.clock, only=["acme"])
    assert "component:default/extra" in acme.entities(), "the others were only not read"
    version = acme.version()
    assert forget(acme.database, ["acme"]) == ["other"]
    assert acme.version() == version + 1
    assert acme.entities()["component:default/cart"].source == "acme"
    assert len(acme.entities()) == 3
    assert forget(acme.database, ["acme"]) == []


def test_sync_all_forgets_what_is_no_longer_configured_and_names_what_is_unknown(acme: Folder) -> None:
    with pytest.raises(NotFound, match="nope"):
        sync_all(acme.database, [acme.source], now=acme.clock, only=["nope"])
    sync_all(acme.database, [], now=acme.clock)
    assert acme.entities() == {}


def test_syncs_at_once_end_in_one_truth(acme: Folder) -> None:
    for number in range(60):
        acme.service(f"many-{number:02}", owner="shopping")
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: acme.sync(), range(4)))
    assert [report.error for report in reports] == [""] * 4
    assert sorted(len(report.added) for report in reports) == [0, 0, 0, 60]
    assert len(acme.entities()) == 63


def test_another_place_under_the_same_name_is_read_afresh(acme: Folder, tmp_path: Path) -> None:
    other = Folder(acme.database, tmp_path / "other", acme.clock)
    other.write("cart/catalog-info.yaml", "cart")
    other.folder.rename(tmp_path / "away")
    assert other.sync_at_once().error
    assert acme.state().location == str(acme.folder), "what answers is still of the old place"
    (tmp_path / "away").rename(other.folder)
    report = other.sync()
    assert (report.removed, report.read) == (["component:default/checkout", "component:default/search"], 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is said is no matter of SQL
def test_progress_is_told(acme: Folder) -> None:
    acme.write("x/catalog-info.yaml", "x")
    for number in range(200):
        acme.service(f"many-{number}")
    told: list[tuple[str, int]] = []
    acme.sync(progress=lambda name, count: told.append((name, count)))
    assert told == [("acme", 200)]

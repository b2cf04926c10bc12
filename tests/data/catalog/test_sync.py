"""A sync reports what changed, keeps what it cannot read, and never mixes with another one."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from data.catalog.entity import Entity
from data.catalog.sources.files import FilesSource
from data.catalog.sync import Report, forget, sync, sync_all
from data.errors import NotFound, Unavailable
from data.ports.catalog import Checkout, Known, SourceFile
from data.store import catalog
from data.store.database import Database

COMPONENT = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: {name}
spec:
  type: service
  lifecycle: production
  owner: {owner}
"""


class Folder:
    """A folder of catalog files with a database that knows it."""

    def __init__(self, database: Database, folder: Path, clock: Any) -> None:
        self.database, self.folder, self.clock = database, folder, clock
        folder.mkdir()
        self.source = FilesSource("acme", folder)

    def write(self, path: str, *names: str, owner: str = "payments", extra: str = "") -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("---\n".join(COMPONENT.format(name=name, owner=owner) for name in names) + extra)
        return file

    def service(self, name: str, owner: str = "payments") -> Path:
        return self.write(f"{name}/catalog-info.yaml", name, owner=owner)

    def sync(self, **options: Any) -> Report:
        """As an hour after the last change: what is younger than two seconds is looked at again."""
        for path in [self.folder, *self.folder.rglob("*")]:
            _age(path)
        return self.sync_at_once(**options)

    def sync_at_once(self, **options: Any) -> Report:
        return sync(self.database, self.source, now=self.clock, **options)

    def entities(self) -> dict[str, Entity]:
        with self.database.reading() as store:
            return {row[0]: Entity(*row) for row in catalog.load_entities(store)}

    def version(self) -> int:
        with self.database.reading() as store:
            return catalog.catalog_version(store)

    def state(self) -> catalog.SourceState:
        with self.database.reading() as store:
            return catalog.load_sources(store)[0]

    def problems(self) -> list[tuple[str, str, str]]:
        with self.database.reading() as store:
            return [(p.path, p.level, p.code) for _, p in catalog.load_problems(store)]


def _age(path: Path) -> None:
    changed = path.lstat().st_mtime_ns if path.is_symlink() or path.exists() else 0
    if changed > (time.time() - 60) * 1e9:
        hour_before = changed - 3600 * 10**9
        os.utime(path, ns=(hour_before, hour_before), follow_symlinks=False)


@pytest.fixture
def acme(database: Database, tmp_path: Path, clock: Any) -> Folder:
    """Three services on both databases, synced."""
    folder = Folder(database, tmp_path / "catalog", clock)
    for name in ("cart", "checkout", "search"):
        folder.service(name)
    report = folder.sync()
    assert report.added == [f"component:default/{name}" for name in ("cart", "checkout", "search")]
    assert (report.entities, report.files, report.read, report.documents) == (3, 3, 3, 3)
    return folder


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


def test_a_touched_file_is_no_change(acme: Folder) -> None:
    version = acme.version()
    file = acme.folder / "cart/catalog-info.yaml"
    file.write_text(file.read_text())
    assert acme.sync().changed == []
    assert acme.sync().read == 0
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


def test_a_removal_of_less_than_a_third_is_not_held(acme: Folder) -> None:
    acme.write("more/catalog-info.yaml", *(f"many-{number}" for number in range(40)))
    acme.sync()
    acme.write("more/catalog-info.yaml", *(f"many-{number}" for number in range(28)))
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
    acme.sync()
    (acme.folder).rename(acme.folder.with_name("away"))
    acme.folder.mkdir()
    assert acme.sync().held
    acme.folder.rmdir()
    acme.folder.with_name("away").rename(acme.folder)
    report = acme.sync()
    assert (report.held, report.entities) == ("", 20)
    assert not any(entity.stale for entity in acme.entities().values())


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
    assert forget(acme.database, ["acme"]) == ["other"]
    assert acme.entities()["component:default/cart"].source == "acme"
    assert len(acme.entities()) == 3
    assert forget(acme.database, ["acme"]) == []


def test_sync_all_forgets_what_is_no_longer_configured_and_names_what_is_unknown(acme: Folder) -> None:
    with pytest.raises(NotFound, match="nope"):
        sync_all(acme.database, [acme.source], now=acme.clock, only=["nope"])
    sync_all(acme.database, [], now=acme.clock)
    assert acme.entities() == {}


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
    report = other.sync()
    assert (report.removed, report.read) == (["component:default/checkout", "component:default/search"], 1)


def test_what_a_placeholder_names_is_part_of_the_file(acme: Folder) -> None:
    (acme.folder / "api").mkdir()
    (acme.folder / "api/openapi.yaml").write_text(
        "openapi: 3.0.0\ninfo: {title: Cart, version: 1.0.0}\npaths: {}\n"
    )
    (acme.folder / "api/catalog-info.yaml").write_text(
        "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: cart-api}\n"
        "spec: {type: openapi, lifecycle: production, owner: payments, definition: {$text: ./openapi.yaml}}\n"
    )
    assert acme.sync().added == ["api:default/cart-api"]
    report = acme.sync()
    assert (report.changed, report.read) == ([], 0)
    (acme.folder / "api/openapi.yaml").write_text(
        "openapi: 3.0.0\ninfo: {title: Cart, version: 2.0.0}\npaths: {}\n"
    )
    assert acme.sync().changed == ["api:default/cart-api"]
    with acme.database.reading() as store:
        body = catalog.load_body(store, "api:default/cart-api")
    assert body is not None
    assert "2.0.0" in body


def test_what_was_written_a_moment_ago_is_looked_at_again(acme: Folder) -> None:
    acme.sync()
    acme.service("cart", owner="shopping")
    assert acme.sync_at_once().changed == ["component:default/cart"]
    assert acme.sync_at_once().read == 1
    assert acme.sync().read == 1
    assert acme.sync().read == 0


def test_what_comes_and_goes_in_folders_that_are_known_is_noticed(acme: Folder) -> None:
    acme.sync()
    acme.write("cart/deep/er/catalog-info.yml", "deep")
    assert acme.sync().added == ["component:default/deep"]
    assert acme.sync().read == 0
    (acme.folder / "cart/deep").rename(acme.folder / "checkout/deep")
    assert acme.sync().files == 4
    assert acme.entities()["component:default/deep"].path == "checkout/deep/er/catalog-info.yml"
    (acme.folder / "checkout").rename(acme.folder.with_name("outside"))
    (acme.folder / "checkout").symlink_to(acme.folder.with_name("outside"), target_is_directory=True)
    assert acme.sync().removed == ["component:default/checkout", "component:default/deep"]


def test_many_files_are_read_as_few_are(acme: Folder) -> None:
    names = [f"many-{number:03}" for number in range(700)]
    for name in names:
        acme.service(name)
    acme.write("many-007/catalog-info.yaml", "many-007", extra="---\nkind: [\n")
    acme.write("late.yaml", "late")
    location = "kind: Location\nmetadata: {name: all}\nspec: {target: ./late.yaml}\n"
    (acme.folder / "catalog-info.yaml").write_text(location)
    report = acme.sync()
    assert len(report.added) == 702
    assert (report.read, report.error) == (702, "")
    assert ("many-007/catalog-info.yaml", "error", "yaml") in acme.problems()
    assert acme.sync().read == 0


def test_hostile_text_does_not_stop_the_other_files(acme: Folder) -> None:
    hostile: dict[str, bytes] = {
        "nul": b'kind: Component\nmetadata: {name: nul, title: "a\\0b"}\nspec: {owner: x}\n',
        "surrogate": b'kind: Component\nmetadata: {name: half, title: "\\ud800"}\nspec: {owner: x}\n',
        "raw": b"kind: Component\nmetadata: {name: raw}\nspec: {owner: \xff\xfe\x00}\n",
        "deep": b"[" * 100_000,
        "merge": b"a: &a {x: 1}\nb: {<<: *a}\n",
        "date": b"a: 2024-13-45\n",
        "long": b"kind: Component\nmetadata: {name: " + b"n" * 50_000 + b"}\nspec: {owner: x}\n",
        "owner": b"kind: Component\nmetadata: {name: owned}\nspec: {owner: " + b"o" * 50_000 + b"}\n",
        "kind": b"kind: " + b"k" * 5_000 + b"\nmetadata: {name: n}\n",
        "namespace": b"kind: Component\nmetadata: {name: n, namespace: " + b"s" * 5_000 + b"}\n",
    }
    for name, content in hostile.items():
        (acme.folder / name).mkdir()
        (acme.folder / name / "catalog-info.yaml").write_bytes(content)
    acme.service("late")
    report = acme.sync()
    assert report.error == ""
    assert "component:default/late" in report.added
    assert report.files == 4 + len(hostile)
    assert report.problems >= len(hostile) - 2


def test_progress_is_told(acme: Folder) -> None:
    acme.write("x/catalog-info.yaml", "x")
    for number in range(200):
        acme.service(f"many-{number}")
    told: list[tuple[str, int]] = []
    acme.sync(progress=lambda name, count: told.append((name, count)))
    assert told == [("acme", 200)]


def test_a_file_that_names_too_much_is_cut_and_told(acme: Folder) -> None:
    targets = ", ".join(f"./{number}.yaml" for number in range(1_500))
    globs = ", ".join(f"./{number}*.yaml" for number in range(300))
    for name, names in {"many": targets, "globs": globs}.items():
        text = f"kind: Location\nmetadata: {{name: {name}}}\nspec: {{targets: [{names}]}}\n"
        (acme.folder / name).mkdir()
        (acme.folder / name / "catalog-info.yaml").write_text(text)
    report = acme.sync()
    assert (report.error, report.entities) == ("", 5)
    assert ("many/catalog-info.yaml", "warning", "limit") in acme.problems()
    assert acme.problems().count(("globs/catalog-info.yaml", "warning", "limit")) == 100


def test_placeholders_that_name_too_much_are_cut_and_told(acme: Folder) -> None:
    for number in range(150):
        (acme.folder / f"{number}.txt").write_text("text")
    values = ", ".join(f"k{number}: {{$text: ./{number}.txt}}" for number in range(150))
    text = f"kind: Component\nmetadata: {{name: much}}\nspec: {{owner: x, {values}}}\n"
    (acme.folder / "catalog-info.yaml").write_text(text)
    report = acme.sync()
    assert report.added == ["component:default/much"]
    assert 0 < report.problems <= 50
    assert acme.sync().changed == []

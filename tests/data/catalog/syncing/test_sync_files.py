"""What a sync looks at again, reads, cuts and survives in the files themselves."""

import pytest

from tests.data.catalog.syncing.folder import Folder


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
    assert acme.entities()["api:default/cart-api"].details()["api"]["version"] == "2.0.0"


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
    report = acme.sync()
    assert (report.files, report.changed) == (4, [])
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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is said is no matter of SQL
def test_a_text_beside_a_service_that_changes_is_seen_although_no_entity_does(acme: Folder) -> None:
    container = acme.folder / "cart/devcontainer.json"
    container.write_text('{"image": "python:3.11"}')
    acme.sync()
    version = acme.version()
    container.write_text('{"image": "golang:1.24"}')
    assert acme.sync().changed == []
    assert acme.version() == version + 1


def test_what_a_location_names_is_missed_beside_a_change_elsewhere(acme: Folder) -> None:
    acme.write("late.yaml", "late")
    (acme.folder / "catalog-info.yaml").write_text(
        "kind: Location\nmetadata: {name: all}\nspec: {targets: [./late.yaml]}\n"
    )
    acme.sync()
    problems = acme.problems()
    acme.service("cart", owner="shopping")
    assert acme.sync().changed == ["component:default/cart"]
    acme.service("cart", owner="search")
    (acme.folder / "late.yaml").unlink()
    report = acme.sync()
    assert (report.changed, report.removed) == (["component:default/cart"], ["component:default/late"])
    assert len(acme.problems()) == len(problems) + 1
    assert acme.sync().read == 0
    acme.write("late.yaml", "late")
    assert acme.sync().added == ["component:default/late"]
    assert acme.problems() == problems, "nobody is sent to look for what is there"


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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is said is no matter of SQL
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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is said is no matter of SQL
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

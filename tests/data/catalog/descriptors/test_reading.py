"""One file in: its entities, what its author should know, and never a surprise."""

import json
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from data.catalog.descriptors.reading import read_file
from data.catalog.entity import Relation
from tests.data.catalog.descriptors.texts import component, entity, fetch, read
from tests.waiting import soon


def test_an_entity_has_what_its_file_says() -> None:
    found = entity(
        component(
            "  system: shop\n  dependsOn:\n    - resource:db\n    - Component:other/Pay\n"
            "  providesApis: [orders]\n",
            "  title: Checkout\n  description: Takes the money\n  tags: [java, tier-1]\n"
            "  annotations:\n    idp/aliases: cart, basket\n    github.com/project-slug: acme/checkout\n"
            "  links:\n    - {url: 'https://example.com/d', title: Dashboard}\n    - {title: nowhere}\n",
        )
    )
    assert (found.ref, found.kind, found.title) == ("component:default/checkout", "Component", "Checkout")
    assert (found.owner, found.system) == ("group:default/team-a", "system:default/shop")
    assert (found.type, found.lifecycle, found.tags) == ("service", "production", "java tier-1")
    assert (found.source, found.path, found.line) == ("acme", "catalog-info.yaml", 1)
    assert found.declared() == [
        Relation("ownedBy", "group:default/team-a", 17),
        Relation("partOf", "system:default/shop", 18),
        Relation("providesApi", "api:default/orders", 22),
        Relation("dependsOn", "resource:default/db", 20),
        Relation("dependsOn", "component:other/pay", 21),
    ]
    details = found.details()
    assert details["aliases"] == ["cart", "basket"]
    assert details["links"] == [{"url": "https://example.com/d", "title": "Dashboard"}]
    assert details["annotations"]["github.com/project-slug"] == "acme/checkout"


def test_groups_and_users_carry_their_people() -> None:
    group = entity(
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: team-a, namespace: eng}\n"
        "spec: {type: team, children: [x], parent: root, members: [jo], profile: {email: a@example.com}}\n"
    )
    assert [(one.type, one.target) for one in group.declared()] == [
        ("parentOf", "group:eng/x"),
        ("childOf", "group:eng/root"),
        ("hasMember", "user:eng/jo"),
    ]
    assert group.details()["profile"] == {"email": "a@example.com"}


def test_an_api_says_what_its_definition_offers() -> None:
    text = (
        "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: pets}\n"
        "spec:\n  type: openapi\n  lifecycle: production\n  owner: a\n  definition:\n    $text: ./openapi.yaml\n"
    )
    assert not read(text).problems
    assert entity(text).details()["api"] == {
        "format": "openapi 3.0.1",
        "title": "Pets",
        "version": "1.2",
        "endpoints": ["GET /pets"],
    }


def test_a_name_is_one_line() -> None:
    assert (
        entity(component().replace("name: checkout", "name: |\n    check\n    out")).ref
        == "component:default/check out"
    )


def test_deep_nesting_by_aliases_is_read_or_refused_without_harm() -> None:
    deep = "  a0: &a0 x\n" + "".join(f"  a{n}: &a{n} {'[' * 45}*a{n - 1}{']' * 45}\n" for n in range(1, 6))
    reading = read(component(deep + "  z: {$text: ./spec.json}\n"))
    assert len(reading.rows) == 1
    reading = read(component(deep + f"  b: {'[' * 45}*a5{']' * 45}\n"))
    assert [found.code for found in reading.problems] == ["limit"]


def test_locations_name_their_targets_and_are_entities() -> None:
    reading = read(
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\n"
        "spec: {target: ./a.yaml, targets: [./b/*.yaml, https://example.com/c.yaml]}\n"
    )
    assert reading.targets == ["./a.yaml", "./b/*.yaml", "https://example.com/c.yaml"]
    assert reading.rows[0].entity.ref == "location:default/all"


def test_of_an_entity_twice_the_first_counts() -> None:
    reading = read(component() + "---\n" + component().replace("checkout", "Checkout"))
    assert [row.entity.name for row in reading.rows] == ["checkout"]
    (found,) = reading.problems
    assert (found.level, found.code, found.line) == ("error", "duplicate", 10)
    assert "line 1" in found.message


def test_one_broken_document_costs_no_other() -> None:
    reading = read(component() + "---\na: [\n---\n" + component().replace("checkout", "pay"))
    assert [row.entity.name for row in reading.rows] == ["checkout", "pay"]
    assert [found.level for found in reading.problems] == ["error"]
    assert reading.documents == 3


def test_the_digest_follows_the_content_not_its_place_or_form() -> None:
    (first,) = read(component("  system: shop\n")).rows
    (moved,) = read("# moved\n---\n" + component("  'system':   \"shop\"\n")).rows
    (other,) = read(component("  system: shop2\n")).rows
    assert first.digest == moved.digest != other.digest


WORDS = st.sampled_from(
    ["a", 1, None, True, [], {}, [None], "x y", "{{ x }}", "kind:", "a/b", "$text", {"$text": 1}]
)

KEYS = st.sampled_from(["url", "$text", "a"])

VALUES = WORDS | st.lists(WORDS, max_size=2) | st.dictionaries(KEYS, WORDS, max_size=2)

FIELDS = st.dictionaries(
    st.sampled_from(
        ["name", "namespace", "tags", "links", "annotations", "owner", "dependsOn", "profile", "targets"]
    ),
    VALUES,
    max_size=3,
)


@settings(max_examples=150)
@given(st.sampled_from(["Component", "API", "Group", "Location", "Template", "Thing", 3]), FIELDS, FIELDS | VALUES)
def test_no_document_raises(kind: object, metadata: object, spec: object) -> None:
    document = {"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": metadata, "spec": spec}
    reading = read_file(json.dumps(document).encode(), "a.yaml", "acme", fetch)
    assert reading.documents == 1
    assert len(reading.rows) + sum(found.level == "error" for found in reading.problems) + reading.templates == 1


def test_every_real_catalog_file_reads(shared: Path) -> None:
    """No crash, none slow, and every document is accounted for."""
    root, counts = shared / "catalogs", Counter[str]()
    for path in sorted(found for found in root.rglob("*") if found.is_file()):
        with soon():
            reading = read_file(path.read_bytes(), str(path.relative_to(root)), "real", fetch)
        errors = [found for found in reading.problems if found.level == "error"]
        assert reading.documents == len(reading.rows) + reading.templates + len(errors), path
        assert all(found.line >= 1 and found.message and found.expected for found in reading.problems)
        counts += Counter(files=1, documents=reading.documents, entities=len(reading.rows))
        counts += Counter(f"{found.level} {found.code}" for found in reading.problems)
    print(dict(counts))
    assert counts["entities"] > 3_900


def test_real_changes_change_the_digest(shared: Path) -> None:
    """What the recorded histories call added, removed and changed is what the digests say."""
    for recorded in sorted((shared / "catalogs" / "_history").glob("*/expected_diffs.json")):
        before: dict[str, str] = {}
        for state in json.loads(recorded.read_text())["states"]:
            now: dict[str, str] = {}
            for path in sorted(found for found in (recorded.parent / state["state"]).rglob("*.y*ml")):
                for row in read_file(path.read_bytes(), path.name, "real", fetch).rows:
                    now.setdefault(row.entity.ref, row.digest)
            if "added" in state:
                assert sorted(now.keys() - before.keys()) == state["added"], state["state"]
                assert sorted(before.keys() - now.keys()) == state["removed"], state["state"]
                kept = now.keys() & before.keys()
                assert sorted(ref for ref in kept if now[ref] != before[ref]) == state["changed"], state["state"]
            before = now

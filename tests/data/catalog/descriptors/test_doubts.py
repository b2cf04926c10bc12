"""What the author of a file should know: doubts, slips, templates, and what is no entity."""

import copy
import json

import pytest

from data.catalog.descriptors.placeholders import Filler
from data.catalog.locations import SOURCE_LOCATION
from tests.data.catalog.descriptors.texts import component, entity, fetch, problem, read


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("$text: ./gone.yaml", "./gone.yaml does not exist."),
        ("$yaml: ./two.yaml", "2 documents"),
        ("$json: ./bad.json", "not JSON"),
        ("$text: ./nul.txt", "U+0000"),
        ("$text: 7", "the number 7"),
    ],
)
def test_a_placeholder_that_fails_costs_only_its_value(how: str, said: str) -> None:
    reading = read(component(f"  definition:\n    {how}\n", kind="API"))
    (found,) = reading.problems
    assert (found.level, found.code, found.line) == ("warning", "placeholder", 9)
    assert said in found.message
    assert reading.rows[0].entity.details()["api"] == {"format": "service"}  # nothing that a definition says


def test_what_only_looks_like_a_placeholder_is_left_alone() -> None:
    spec = {"note": "$text: https://example.com", "x": {"$text": "a", "other": "b"}, "y": {"$ref": "#/a"}}
    assert not read(component(f"  more: {json.dumps(spec)}\n")).problems
    assert Filler(fetch).fill(copy.deepcopy(spec)) == spec


@pytest.mark.parametrize(
    ("text", "code", "line", "said"),
    [
        (component(metadata="  namespace: My_NS\n"), "namespace", 5, "“My_NS”"),
        (component(metadata="  tags: [ok, Not OK]\n"), "tag", 5, "tags[1] is “Not OK”"),
        (component(metadata="  labels: {team: 7}\n"), "label", 5, "the number 7"),
        (component(metadata="  annotations: {a/b/c: x}\n"), "annotation", 5, "a/b/c"),
        (
            component(metadata=f"  annotations: {{{SOURCE_LOCATION}: 'https://a/b'}}\n"),
            "annotation",
            5,
            "lacks its type",
        ),
        (
            component(metadata="  annotations: {backstage.io/techdocs-ref: .}\n"),
            "annotation",
            5,
            "a type and a target",
        ),
        (component("  dependsOn: [db]\n"), "relation", 9, "names no kind"),
        (component("  dependOn: ['resource:db']\n"), "field", 9, "dependOn"),
        (component("  domain: shop\n"), "field", 9, "spec.domain"),
        (component("  memberOf: [a]\n"), "field", 9, "spec.memberOf"),
        (component("dependsOn: ['resource:db']\n"), "field", 9, "beside spec"),
        (component().replace("  owner: team-a\n", ""), "owner", 5, "spec.owner is missing"),
        (component().replace("production", "7"), "lifecycle", 7, "the number 7"),
        (component().replace("name: checkout", "name: My Checkout"), "name", 4, "“My Checkout”"),
        (component().replace("name: checkout", "name: 42"), "name", 4, "the number 42"),
        (component().replace("apiVersion: backstage.io/v1alpha1\n", ""), "envelope", 1, "apiVersion is missing"),
    ],
)
def test_a_doubtful_entity_is_kept_and_its_author_told(text: str, code: str, line: int, said: str) -> None:
    reading = read(text)
    assert len(reading.rows) == 1
    found = reading.problems[0]
    assert (found.level, found.code, found.line) == ("warning", code, line)
    assert said in found.message
    assert found.expected
    assert found.ref == reading.rows[0].entity.ref


def test_slips_of_the_fingers_are_guessed() -> None:
    assert problem(component("  dependOn: ['resource:db']\n")).expected == "did you mean dependsOn?"


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: example.com/v1\nkind: Deployment\nmetadata: {name: x}\ndata: {}\n",
        "apiVersion: backstage.io/v1alpha1\nkind: Wizard\nmetadata: {name: x}\nspec: {anything: [1]}\n",
        "apiVersion: backstage.io/v9\nkind: Component\nmetadata: {name: x}\nspec: {}\n",
    ],
)
def test_unknown_kinds_and_foreign_versions_are_kept_silently(text: str) -> None:
    reading = read(text)
    assert len(reading.rows) == 1
    assert not reading.problems


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("just text\n", "“just text”"),
        ("- a\n- b\n", "a list"),
        ("kind: Component\nspec: {}\n", "no metadata.name; it begins with kind, spec"),
        ("metadata: {name: a}\n", "no kind"),
        ("kind: Component\nmetadata: [name]\n", "no metadata.name"),
        ("kind: [a]\nmetadata: {name: a}\n", "its kind is a list"),
        ("kind: 'a:b'\nmetadata: {name: a}\n", "its kind is “a:b”"),
        (f"kind: A\nmetadata: {{name: {'a' * 300}}}\n", "far too long"),
    ],
)
def test_what_is_no_entity_is_an_error_that_says_why(text: str, said: str) -> None:
    reading = read("# first\n" + text)
    (found,) = reading.problems
    assert not reading.rows
    assert (found.level, found.code, found.line) == ("error", "envelope", 2)
    assert said in found.message
    assert found.expected == "apiVersion, kind and metadata.name"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (component().replace("checkout", "${{ values.name }}"), "catalog-info.yaml"),
        (component().replace("checkout", "{{ name }}"), "catalog-info.yaml"),
        (component().replace("checkout", "{{cookiecutter.name | jsonify}}"), "catalog-info.yaml"),
        (component("{% if x %}\n  system: a\n{% endif %}\n"), "catalog-info.yaml"),
        (component(), "skeleton/${{ values.name }}/catalog-info.yaml"),
    ],
)
def test_skeletons_are_recognised_and_not_taken(text: str, path: str) -> None:
    reading = read(text, path)
    assert not reading.rows
    assert reading.templates == 1
    assert [(found.level, found.code) for found in reading.problems] == [("warning", "template")]


def test_an_entity_whose_text_mentions_a_template_is_taken() -> None:
    assert entity(component(metadata="  description: Fills ${{ values.name }} and {{ x }}\n")).name == "checkout"


def test_a_lost_document_mark_is_told_once() -> None:
    found = problem(component() + component().replace("checkout", "other"))
    assert (found.line, found.code, found.expected) == (9, "duplicate-key", "a line of --- before it")


def test_doubts_of_one_document_are_bounded() -> None:
    tags = ", ".join(f"Tag {number}" for number in range(1_000))
    assert len(read(component(metadata=f"  tags: [{tags}]\n")).problems) == 20

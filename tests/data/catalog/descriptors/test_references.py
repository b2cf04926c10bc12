"""References read and write back, whatever their case; relations are seen from both ends."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.catalog.descriptors.reading import read_entity
from data.catalog.descriptors.specs import POINTERS
from data.catalog.entity import INVERSE, Ref, parse_ref
from data.catalog.snapshot import Snapshot
from data.errors import Invalid

NAMES = st.text("abcXYZ019-_.", min_size=1, max_size=20)
REFS = st.builds(Ref, NAMES, NAMES, NAMES | NAMES.map(lambda name: f"{name}:{name}/{name}"))


@given(REFS)
def test_a_full_reference_reads_back(ref: Ref) -> None:
    assert parse_ref(f"{ref.kind}:{ref.namespace}/{ref.name}") == ref
    assert str(parse_ref(str(ref), "other", "elsewhere")) == str(ref)


@given(REFS)
def test_the_canonical_form_ignores_case(ref: Ref) -> None:
    shouted = f"{ref.kind}:{ref.namespace}/{ref.name}".upper()
    assert str(parse_ref(shouted)) == str(ref)


@given(NAMES, NAMES, NAMES)
def test_defaults_fill_only_what_is_not_written(name: str, kind: str, namespace: str) -> None:
    assert parse_ref(name, kind, namespace) == Ref(kind, namespace, name)
    assert parse_ref(f"a:b/{name}", kind, namespace) == Ref("a", "b", name)
    assert parse_ref({"name": name}, kind, namespace) == Ref(kind, namespace, name)


@given(
    st.text()
    | st.none()
    | st.integers()
    | st.dictionaries(st.sampled_from(["kind", "namespace", "name"]), st.text())
)
def test_anything_else_is_refused_with_a_sentence(text: object) -> None:
    message = ""
    try:
        assert all(parse_ref(text, "component"))
    except Invalid as reason:
        message = reason.message
    assert not message or message.endswith(".")


@pytest.mark.parametrize("text", [":a", "a:", "/", "a/", ":", "https://example.com"])
def test_empty_parts_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_ref(text, "component")


FIELDS = sorted({field for fields in POINTERS.values() for field in fields})


@given(
    st.sampled_from([*POINTERS, "thing"]),
    st.dictionaries(st.sampled_from(FIELDS), REFS.map(str) | st.lists(REFS.map(str))),
)
def test_relations_are_symmetric(kind: str, spec: dict[str, object]) -> None:
    document = {"kind": kind, "metadata": {"name": "me"}, "spec": spec}
    snapshot = Snapshot.build(row.entity for row in read_entity(json.dumps(document).encode(), "me", "acme").rows)
    me = str(Ref(kind, "default", "me"))
    for link in snapshot.links(me):
        assert (INVERSE[link.type], me) in {(back.type, back.ref) for back in snapshot.links(link.ref)}

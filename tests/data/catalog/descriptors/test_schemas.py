"""Our verdicts and those of the published JSON schemas, over every small change of a sound document."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from data.catalog.descriptors.envelope import flaws
from data.catalog.descriptors.flaws import Flaw
from data.catalog.descriptors.kinds import verdict
from data.catalog.descriptors.relations import declared
from data.catalog.descriptors.soundness import is_sound

SCHEMAS = {
    "Component": "Component.v1alpha1",
    "API": "API.v1alpha1",
    "Resource": "Resource.v1alpha1",
    "System": "System.v1alpha1",
    "Domain": "Domain.v1alpha1",
    "Group": "Group.v1alpha1",
    "User": "User.v1alpha1",
    "Location": "Location.v1alpha1",
    "Template": "Template.v1beta3",
}
VALUES: tuple[Any, ...] = (7, "", " ", "x", None, True, [], {}, [""], [None], ["x"], [7], [{}], {"x": 7})


def changes(value: Any) -> Iterator[Any]:
    """The value with one part of it deleted or replaced, at every depth."""
    yield from VALUES
    if isinstance(value, dict):
        for key in value:
            yield {other: inner for other, inner in value.items() if other != key}
            yield from ({**value, key: changed} for changed in changes(value[key]))
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from ([*value[:index], changed, *value[index + 1 :]] for changed in changes(item))


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_verdict_is_that_of_the_schema(shared: Path, kind: str) -> None:
    folder = shared / "specs" / "backstage-catalog-model-1.10.1"
    schema = json.loads((folder / f"{SCHEMAS[kind]}.schema.json").read_text())["allOf"][1]
    base = json.loads((shared / "facts" / "kinds.json").read_text())["bases"][kind]
    validator, count = jsonschema.Draft7Validator(schema), 0
    for spec in changes(base["spec"]):
        document = copy.deepcopy(base) | {"spec": spec}
        wanted = "accepted" if validator.is_valid(document) else "refused"
        assert verdict(document).outcome == wanted, spec
        count += 1
    print(f"{kind}: {count} changes agree")


def test_the_quick_look_is_never_laxer_than_the_close_one(shared: Path) -> None:
    bases = json.loads((shared / "facts" / "envelope.json").read_text())["bases"]
    metadata = bases.get("ENVELOPE_BASE", bases)["metadata"]
    component = json.loads((shared / "facts" / "kinds.json").read_text())["bases"]["Component"]
    sound = 0
    for changed in filter(lambda one: isinstance(one, dict), [metadata, *changes(metadata)]):
        document = component | {"metadata": changed}
        if is_sound(document):
            sound += 1
            assert not flaws(document), changed
    assert sound > 20


def test_a_real_backend_says_the_same(shared: Path) -> None:
    """Verdicts recorded from a Backstage 4.0 catalog backend."""
    recorded = json.loads((shared / "specs" / "backstage-catalog-4.0.0-live-samples.json").read_text())
    count = 0
    for sample in recorded:
        if sample["request"]["path"].endswith("/validate-entity") and "entity" in (
            sample["request"]["body"] or {}
        ):
            entity = sample["request"]["body"]["entity"]
            relations = declared(entity["kind"], "default", entity.get("spec"))
            refused = flaws(entity) or any(isinstance(one, Flaw) for one in relations)
            accepted = not refused and verdict(entity).outcome == "accepted"
            assert accepted is (sample["status"] == 200), entity
            count += 1
    print(f"{count} recorded verdicts agree")
    assert count

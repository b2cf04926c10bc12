"""What the author of an entity should know although it is taken: where Backstage is stricter, and slips."""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from data.catalog.descriptors import envelope
from data.catalog.descriptors.flaws import Flaw
from data.catalog.descriptors.kinds import verdict
from data.catalog.descriptors.soundness import is_sound
from data.catalog.descriptors.specs import FIELDS, POINTERS, VERSIONS
from data.catalog.locations import MANAGED_BY, SOURCE_LOCATION, parse_place
from data.errors import Invalid

MOST = 20
"""Doubts told of one document; an author who mends these sees the next ones."""

_LOCATIONS = (SOURCE_LOCATION, MANAGED_BY, "backstage.io/techdocs-ref")
_RELATION_FIELDS = {field for fields in POINTERS.values() for field in fields}


def doubts(value: dict[str, Any]) -> Iterator[Flaw]:
    """The doubts of a document that is an entity. Unknown kinds and foreign apiVersions are nobody's fault."""
    if not is_sound(value):
        yield from _closer_look(value)
    yield from _no_locations(value["metadata"].get("annotations"))
    kind, spec = value["kind"], value.get("spec")
    if isinstance(spec, dict) and value.get("apiVersion") in VERSIONS.get(kind, ()):
        yield from _slips(kind, spec)


def _closer_look(value: dict[str, Any]) -> Iterator[Flaw]:
    judged = verdict(value)
    if judged.outcome == "ignored":
        yield from envelope.identity_flaws(value)
        return
    yield from (_with_hint(flaw, value["kind"]) for flaw in envelope.flaws(value))
    yield from judged.flaws


def _with_hint(flaw: Flaw, kind: str) -> Flaw:
    """A field of spec that stands beside it is a common slip."""
    field = flaw.path[0] if len(flaw.path) == 1 else ""
    if flaw.code != "field" or field not in FIELDS[kind]:
        return flaw
    return Flaw(flaw.path, flaw.code, f"{field} stands beside spec and is not read.", f"spec.{field}")


def _no_locations(annotations: object) -> Iterator[Flaw]:
    """The annotations that should be locations and are none: whoever follows them stumbles."""
    given = annotations if isinstance(annotations, dict) else {}
    for key in _LOCATIONS:
        stated = given.get(key)
        try:
            if stated and isinstance(stated, str):
                parse_place(stated)
        except Invalid as reason:
            path = ("metadata", "annotations", key)
            yield Flaw(path, "annotation", f"metadata.annotations.{key}: {reason.message}", reason.hint)


def _slips(kind: str, spec: dict[str, Any]) -> Iterator[Flaw]:
    for field in spec.keys() - FIELDS[kind]:
        if field in _RELATION_FIELDS:
            yield Flaw(
                ("spec", field), "field", f"spec.{field} says nothing for the kind {kind}.", _fields_of(kind)
            )
        elif meant := _meant(kind, field):
            yield Flaw(("spec", field), "field", f"spec.{field} is not read.", f"did you mean {meant}?")


def _fields_of(kind: str) -> str:
    return "one of " + ", ".join(FIELDS[kind])


@lru_cache(maxsize=4096)
def _meant(kind: str, field: str) -> str:
    """The known field that differs by a slip of the fingers, or ""."""
    return next(iter(get_close_matches(field, FIELDS[kind], n=1, cutoff=0.85)), "")

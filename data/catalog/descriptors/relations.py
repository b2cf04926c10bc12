"""Which relations an entity declares, by the fields of its kind."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from data.catalog.descriptors.flaws import Flaw
from data.catalog.descriptors.specs import ANYWHERE, POINTERS, Points
from data.catalog.entity import parse_ref
from data.documents.checking import dotted
from data.documents.values import Path
from data.errors import Invalid


class Declared(NamedTuple):
    """One reference of a field: the relation as seen from the declaring entity, its canonical target, where."""

    type: str
    target: str
    path: Path


def declared(kind: str, namespace: str, spec: object) -> Iterator[Declared | Flaw]:
    """The relations that a spec declares, and a flaw for each reference that cannot be read.

    `namespace` is the entity's own: references without one mean it.
    """
    if not isinstance(spec, dict):
        return
    for field, points in POINTERS.get(kind.lower(), ANYWHERE).items():
        value = spec.get(field)
        if not value:
            continue
        if not isinstance(value, list):
            yield _one(value, ("spec", field), points, namespace)
            continue
        for index, item in enumerate(value):
            yield _one(item, ("spec", field, index), points, namespace)


def _one(value: Any, path: Path, points: Points, namespace: str) -> Declared | Flaw:
    try:
        target = _canonical(value, points.kind, namespace) if isinstance(value, str) else str(parse_ref(value))
    except Invalid as reason:
        return Flaw(
            path, "relation", f"{dotted(path)}: {reason.message}", reason.hint or "[kind:][namespace/]name"
        )
    return Declared(points.relation, target, path)


@lru_cache(maxsize=8192)
def _canonical(text: str, kind: str, namespace: str) -> str:
    """The same few owners and systems are named again and again."""
    return str(parse_ref(text, kind or None, namespace))

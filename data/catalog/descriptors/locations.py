"""Where entities come from: `type:target` as Backstage writes it, and targets relative to a file."""

import posixpath
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urljoin

from data.errors import Invalid

SOURCE = "backstage.io/source-location"
MANAGED_BY = "backstage.io/managed-by-location"


class Place(NamedTuple):
    """A location: `type` is url, file or dir, or what somebody else means by it."""

    type: str
    target: str

    def __str__(self) -> str:
        return f"{self.type}:{self.target}"


def place(kind: str, target: str) -> Place:
    """A location of two parts. Raises Invalid when one of them is empty."""
    if not kind or not target:
        raise Invalid("A location has a type and a target.", "Write url:https://… or file:./…")
    return Place(kind, target)


def parse_place(text: object) -> Place:
    """Read `type:target`. Raises Invalid, also for a URL that lacks its type."""
    if not isinstance(text, str):
        raise Invalid("A location is a text.", "Write url:https://… or file:./…")
    kind, _, target = text.partition(":")
    if kind in ("http", "https"):
        raise Invalid(f"The location {text!r} lacks its type.", f"Write url:{text}")
    return place(kind.strip(), target.strip())


def source_of(annotations: Mapping[str, Any]) -> Place:
    """Where the source of an entity is, from its annotations. Raises Invalid when they do not say."""
    stated = annotations.get(SOURCE) or annotations.get(MANAGED_BY)
    if not stated:
        raise Invalid("The entity does not say where its source is.", f"Add the annotation {SOURCE}.")
    return parse_place(stated)


def resolve_target(kind: str, base: str, target: str) -> str:
    """A target as seen from the file `base`: a URL for the type url, else a path."""
    if kind == "url":
        return urljoin(base, target)
    return (
        target if posixpath.isabs(target) else posixpath.normpath(posixpath.join(posixpath.dirname(base), target))
    )


def targets_of(spec: Mapping[str, Any]) -> list[str]:
    """The targets that the spec of a Location names, as written; others than texts are left out."""
    listed = spec.get("targets")
    every = [spec.get("target"), *(listed if isinstance(listed, list) else [])]
    return [target for target in every if isinstance(target, str) and target]

"""Where entities come from: `type:target` as Backstage writes it."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from data.errors import Invalid

SOURCE_LOCATION: Final = "backstage.io/source-location"
MANAGED_BY: Final = "backstage.io/managed-by-location"


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


def parse_place(text: str) -> Place:
    """Read `type:target`. Raises Invalid, also for a URL that lacks its type."""
    kind, _, target = text.partition(":")
    if kind in ("http", "https"):
        raise Invalid(f"The location {text[:200]} lacks its type.", f"Write {place('url', text[:200])}")
    return place(kind.strip(), target.strip())


def source_of(annotations: Mapping[str, str]) -> Place | None:
    """Where the source of an entity is, None when its annotations do not say. A URL may lack its type."""
    stated = annotations.get(SOURCE_LOCATION) or annotations.get(MANAGED_BY) or ""
    try:
        return parse_place(stated)
    except Invalid:
        return place("url", stated) if stated.startswith(("http://", "https://")) else None


def targets_of(spec: Mapping[str, Any]) -> list[str]:
    """The targets that the spec of a Location names, as written; others than texts are left out."""
    listed = spec.get("targets")
    every = [spec.get("target"), *(listed if isinstance(listed, list) else [])]
    return [target for target in every if isinstance(target, str) and target]

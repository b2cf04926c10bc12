"""What a folder says of everything below it."""

from collections.abc import Mapping
from typing import TypeVar

from data.catalog.entity import Entity

T = TypeVar("T")


def nearest(by_folder: Mapping[tuple[str, str], T], entity: Entity) -> T | None:
    """What the nearest folder above the file of an entity says, of `by_folder` by (source, folder).

    The top of a source ("") speaks for its own files only, not for everything below.
    """
    folder = entity.path.rpartition("/")[0]
    found = by_folder.get((entity.source, folder))
    while found is None and "/" in folder:
        folder = folder.rpartition("/")[0]
        found = by_folder.get((entity.source, folder))
    return found

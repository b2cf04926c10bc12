"""One catalog file in, entities and problems out. Pure: the caller brings the bytes and what placeholders name."""

from collections.abc import Callable
from dataclasses import dataclass, field

from data.catalog.entity import Entity, Problem


@dataclass(frozen=True, slots=True)
class Row:
    """An entity with its whole document as JSON and a hash of its content, which ignores where it stands."""

    entity: Entity
    body: str
    digest: str


@dataclass(slots=True)
class Reading:
    """What one file says. `targets` are the files that its Locations name, as written; `documents` counts all
    that are not empty, `templates` those recognised as skeletons of a template engine."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    documents: int = 0
    templates: int = 0


def read_file(content: bytes, path: str, source: str, fetch: Callable[[str], bytes], url: str = "") -> Reading:
    """Read one file; never raises for what the file contains.

    `fetch(target)` serves `$text`, `$json` and `$yaml` and raises UserError when it may not or cannot; `url` is
    where a person can look at the file.
    """
    raise NotImplementedError

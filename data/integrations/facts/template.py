"""Which template a repository was made from, at which version, and whether a newer one is known."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from data.catalog.entity import Entity
from data.catalog.repos.origins import Origin
from data.ports.facts import Collected, Fact, Known

_VERSION: Final = re.compile(r"v?([0-9]{1,6})\.([0-9]{1,6})(?:\.([0-9]{1,6}))?")

Version = tuple[int, ...]


class TemplateFacts:
    """Read from the answers that copier leaves beside a service; never fails."""

    name = "template"
    every = 900

    def collect(self, known: Known) -> Collected:
        """Of a golden path the newest version is what was published; of any other template, what is in use."""
        made = list(_made(known))
        in_use: dict[str, Version] = {}
        for _, origin in made:
            version = _version(origin.version)
            in_use[origin.template] = max(version, in_use.get(origin.template, ()))
        told: list[Fact] = []
        for entity, origin in made:
            values = {"template.name": origin.template, "template.version": origin.version}
            told += [Fact(entity.ref, name, text, self.name, known.now) for name, text in values.items() if text]
            published = known.published.get(origin.address, ())
            current = _current(origin.version, published, in_use[origin.template])
            if current is not None:
                told.append(Fact(entity.ref, "template.current", current, self.name, known.now))
        return Collected(told)


def _current(followed: str, published: Sequence[str], in_use: Version) -> bool | None:
    """Whether nothing newer is there; None where the two cannot be compared."""
    if followed in published:
        return followed == published[-1]
    version = _version(followed)
    newest = _version(published[-1]) if published else in_use
    return version >= newest if version and newest else None


def _made(known: Known) -> Iterator[tuple[Entity, Origin]]:
    for entity in known.snapshot:
        origin = known.snapshot.repositories.origin(entity) if entity.kind == "Component" else None
        if origin is not None and origin.template:
            yield entity, origin


def _version(text: str) -> Version:
    """As numbers; () for what is no version, such as a commit."""
    found = _VERSION.fullmatch(text)
    return tuple(int(part or 0) for part in found.groups()) if found else ()

"""Which template a repository was made from, at which version, and whether a newer one is known."""

import re
from collections.abc import Iterator
from typing import Final

from data.catalog.entity import Entity
from data.catalog.repositories import Repository
from data.ports.facts import Collected, Fact, Known

_VERSION: Final = re.compile(r"v?([0-9]{1,6})\.([0-9]{1,6})(?:\.([0-9]{1,6}))?")

Version = tuple[int, ...]


class TemplateFacts:
    """Read from the answers that copier leaves in a repository; never fails."""

    name = "template"
    every = 900

    def collect(self, known: Known) -> Collected:
        """The newest version of a template is the newest that any repository has."""
        made = list(_made(known))
        newest: dict[str, Version] = {}
        for _, repository in made:
            version = _version(repository.template_version)
            newest[repository.template] = max(version, newest.get(repository.template, ()))
        told: list[Fact] = []
        for entity, repository in made:
            values = {"template.name": repository.template, "template.version": repository.template_version}
            told += [Fact(entity.ref, name, text, self.name, known.now) for name, text in values.items() if text]
            version = _version(repository.template_version)
            if version:
                current = version == newest[repository.template]
                told.append(Fact(entity.ref, "template.current", current, self.name, known.now))
        return Collected(told)


def _made(known: Known) -> Iterator[tuple[Entity, Repository]]:
    for entity in known.snapshot:
        held = known.snapshot.repositories.of(entity) if entity.kind == "Component" else None
        if held is not None and not held[1] and held[0].template:
            yield entity, held[0]


def _version(text: str) -> Version:
    """As numbers; () for what is no version, such as a commit."""
    found = _VERSION.fullmatch(text)
    return tuple(int(part or 0) for part in found.groups()) if found else ()

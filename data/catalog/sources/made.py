"""What was made here a moment ago, as a source of the catalog: it stands back when another source tells of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from data.catalog.entity import Problem
from data.catalog.repos.origins import COPIER, made_from
from data.errors import NotFound
from data.ports.catalog import Checkout, Form, Known, SourceFile
from data.store import made
from data.store.database import Database
from data.store.made import MadeService

NAME: Final = "new-services"
YAML: Final[Form] = "yaml"
COMPANION: Final[Form] = "companion"


@dataclass(frozen=True, slots=True)
class MadeSource:
    """The last of all sources: every other one is nearer to the truth."""

    database: Database
    name: str = NAME

    @property
    def type(self) -> str:
        return "made"

    @property
    def location(self) -> str:
        return "made here"

    def open(self) -> Checkout:
        with self.database.reading() as store:
            return _Made(made.untold(store, self.name))


@dataclass(frozen=True, slots=True)
class _Made:
    services: list[MadeService]

    def files(self, known: Known) -> Iterator[SourceFile]:
        for service in self.services:
            origin = made_from(service.path, service.version)
            for name, text, form in (("catalog-info.yaml", service.content, YAML), (COPIER, origin, COMPANION)):
                path, content = f"{service.repository}/{name}", text.encode()
                stamp = blake2b(content, digest_size=16).hexdigest()
                same = known.stamps.get(path) == stamp
                yield SourceFile(path, stamp, None if same else content, service.url, form=form)

    def want(self, _path: str, _target: str) -> Iterable[Problem]:
        return ()

    def wanted(self, _known: Known) -> Iterator[SourceFile]:
        return iter(())

    def read(self, _path: str, _target: str) -> bytes:
        raise NotFound("Nothing else is kept of what was made here.")

    def stamp(self, _path: str, _target: str) -> str:
        return ""

    def notes(self) -> str:
        return ""

    def close(self) -> None:
        return None

"""What is known of repositories beside their entities: CODEOWNERS, README, docs, the template they came from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

import orjson

from data.catalog.entity import Entity
from data.catalog.indexes.names import repository_path
from data.catalog.locations import source_of
from data.catalog.repos.codeowners import PLACES, owners_of
from data.catalog.repos.devcontainers import DEVCONTAINER, Devcontainers
from data.catalog.repos.origins import COPIER, Origin, Origins, origin_of
from data.catalog.repos.readme import has_runbook

FACTS: Final = ".repository"  # the companion with the facts of a repository, told by whoever hosts it
README: Final = "README.md"
DOCS: Final = "docs"
MOST_DOCS: Final = 200  # pages of one repository

_VIEWS: Final = ("github.com/project-slug", "backstage.io/view-url")  # what else says where the code is


class Repository(NamedTuple):
    """One repository: `name` is owner/name as written, `folder` what its files' paths in the source begin with."""

    name: str
    source: str
    folder: str
    url: str
    branch: str
    codeowners: str  # the text of the file that counts, "" without one
    codeowners_path: str
    readme: bool
    runbook: bool  # the README has a section named so
    docs: Sequence[str]  # paths of pages
    template: str  # where it was made from, as copier wrote it down
    template_version: str

    def owners(self, path: str) -> Sequence[str]:
        """Whom CODEOWNERS names for a path inside, as written; empty without such a line."""
        return owners_of(self.codeowners, path) if self.codeowners else ()

    def page(self, path: str) -> str:
        """Where a person can look at a file."""
        return f"{self.url}/blob/{self.branch}/{path}" if self.url else ""


class Repositories:
    """All repositories that sources told of, to be asked by name, by the file of an entity, or by an address."""

    def __init__(self, companions: Iterable[tuple[str, str, str]] = ()) -> None:
        """From (source, path, content) of companions."""
        rows = list(companions)
        self._by_name = _repositories(rows)
        self.known = bool(self._by_name)  # whether there is any
        self.origins = Origins(rows)
        self.devcontainers = Devcontainers(rows)
        self._by_folder = {(each.source, each.folder): each for each in self._by_name.values()}

    def __len__(self) -> int:
        return len(self._by_name)

    def get(self, name: str) -> Repository | None:
        """By owner/name."""
        return self._by_name.get(name.lower())

    def in_folder(self, source: str, folder: str) -> Repository | None:
        """The one whose files begin with this folder in their source."""
        return self._by_folder.get((source, folder))

    def at(self, text: str) -> tuple[Repository, str] | None:
        """The repository that an address, a clone URL or a slug points into, and the path inside, as written."""
        text = unquote(text)
        names = repository_path(text).split("/")
        repository = self.get("/".join(names[:2])) if len(names) > 1 else None
        if repository is None:
            return None
        inside = "/".join(names[2:])
        written = text.partition("?")[0].partition("#")[0].rstrip("/")
        return repository, written[len(written) - len(inside) :] if inside else ""

    def of(self, entity: Entity) -> tuple[Repository, str] | None:
        """The repository that holds an entity, and the folder of it inside ("" for all of it)."""
        folder, _, inside = entity.path.partition("/")
        if repository := self._by_folder.get((entity.source, folder)):
            return repository, inside.rpartition("/")[0]
        annotations = entity.details().get("annotations", {})
        return next(filter(None, map(self.at, _places_of_code(annotations))), None)

    def origin(self, entity: Entity) -> Origin | None:
        """The template that an entity was made from, as copier wrote it down beside it or in its repository."""
        if not len(self.origins):
            return None
        if (near := self.origins.of(entity)) is not None:
            return near
        found = self.of(entity) if entity.detail and self._by_name else None
        return self.origins.at(found[0].source, found[0].folder) if found else None


def _places_of_code(annotations: Mapping[str, str]) -> Iterator[str]:
    if source := source_of(annotations):
        yield str(source)
    yield from filter(None, map(annotations.get, _VIEWS))


def is_companion(path: str) -> bool:
    """Whether a file, named by its path in the repository, is brought along for its text."""
    return (
        path in {FACTS, README, COPIER, DEVCONTAINER}
        or path in PLACES
        or (path.startswith(f"{DOCS}/") and path.endswith(".md"))
    )


def _repositories(rows: Iterable[tuple[str, str, str]]) -> Mapping[str, Repository]:
    """By name in lower case; of several sources the first one counts."""
    folders: dict[tuple[str, str], dict[str, str]] = {}
    for source, path, content in rows:
        folder, _, inside = path.partition("/")
        folders.setdefault((source, folder), {})[inside] = content
    found: dict[str, Repository] = {}
    for (source, folder), files in folders.items():
        if FACTS in files:
            repository = _repository(source, folder, files)
            found.setdefault(repository.name.lower(), repository)
    return found


def _repository(source: str, folder: str, files: Mapping[str, str]) -> Repository:
    facts: Mapping[str, Any] = orjson.loads(files[FACTS])
    place = next((place for place in PLACES if place in files), "")
    origin = origin_of(files.get(COPIER, ""))
    return Repository(
        name=str(facts["name"]),
        source=source,
        folder=folder,
        url=str(facts.get("url", "")),
        branch=str(facts.get("branch", "")),
        codeowners=files.get(place, ""),
        codeowners_path=place,
        readme=README in files,
        runbook=has_runbook(files.get(README, "")),
        docs=tuple(sorted(path for path in files if path.startswith(f"{DOCS}/") and path.endswith(".md"))),
        template=origin.template,
        template_version=origin.version,
    )

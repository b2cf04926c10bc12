"""What is known of repositories beside their entities: CODEOWNERS, README, docs, the template they came from."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

from data.catalog.codeowners import PLACES, owners_of

FACTS: Final = ".repository"  # the companion with the facts of a repository, told by whoever hosts it
README: Final = "README.md"
COPIER: Final = ".copier-answers.yml"
DOCS: Final = "docs"
MOST_DOCS: Final = 200  # pages of one repository

_ANSWER = re.compile(r"^(_src_path|_commit):\s*['\"]?([^'\"\n]+?)['\"]?\s*$", re.MULTILINE)


class Repository(NamedTuple):
    """One repository: `name` is owner/name as written, `folder` what paths of its files begin with in its source."""

    name: str
    source: str
    folder: str
    url: str
    branch: str
    codeowners: str  # the text of the file that counts, "" without one
    codeowners_path: str
    readme: bool
    docs: Sequence[str]  # paths of pages
    template: str  # where it was made from, as copier wrote it down
    template_version: str

    def owners(self, path: str) -> Sequence[str]:
        """Whom CODEOWNERS names for a path inside, as written; empty without such a line."""
        return owners_of(self.codeowners, path) if self.codeowners else ()

    def page(self, path: str) -> str:
        """Where a person can look at a file."""
        return f"{self.url}/blob/{self.branch}/{path}" if self.url else ""


def is_companion(path: str) -> bool:
    """Whether a file, named by its path in the repository, is brought along for its text."""
    return (
        path in {FACTS, README, COPIER} or path in PLACES or (path.startswith(f"{DOCS}/") and path.endswith(".md"))
    )


def repositories(rows: Iterable[tuple[str, str, str]]) -> Mapping[str, Repository]:
    """Repositories by name in lower case, from (source, path, content) of companions."""
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
    answers = dict(_ANSWER.findall(files.get(COPIER, "")))
    return Repository(
        name=str(facts["name"]),
        source=source,
        folder=folder,
        url=str(facts.get("url", "")),
        branch=str(facts.get("branch", "")),
        codeowners=files.get(place, ""),
        codeowners_path=place,
        readme=README in files,
        docs=tuple(sorted(path for path in files if path.startswith(f"{DOCS}/") and path.endswith(".md"))),
        template=answers.get("_src_path", ""),
        template_version=answers.get("_commit", ""),
    )

"""What the devcontainer of a service is made of: the language that its image or its features name.

Facts: the devcontainer specification: `image`, `features` (a mapping by address), comments allowed in the JSON.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

import orjson

from data.catalog.entity import Entity
from data.catalog.repos.nearest import nearest

DEVCONTAINER: Final = ".devcontainer/devcontainer.json"
NAMES: Final = frozenset({"devcontainer.json", ".devcontainer.json"})
FOLDER: Final = ".devcontainer"

# How languages are called in images, features, templates and registries.
_WORDS: Final = {
    "python": "python",
    "python3": "python",
    "go": "go",
    "golang": "go",
    "node": "node",
    "nodejs": "node",
    "javascript": "node",
    "typescript": "node",
    "java": "java",
    "kotlin": "java",
    "rust": "rust",
    "ruby": "ruby",
    "php": "php",
    "dotnet": "dotnet",
}
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING = re.compile(r",(\s*[}\]])")


class Devcontainers:
    """The devcontainers that sources told of, by the folder of the project that they are for."""

    def __init__(self, companions: Iterable[tuple[str, str, str]]) -> None:
        """From (source, path, content) of companions."""
        self._by_folder: Mapping[tuple[str, str], str] = {
            (source, _project(path)): content
            for source, path, content in companions
            if path.rpartition("/")[2] in NAMES
        }

    def of(self, entity: Entity) -> str | None:
        """The text of the nearest one above the file of an entity; None when there is none."""
        return nearest(self._by_folder, entity)


def _project(path: str) -> str:
    folder = path.rpartition("/")[0]
    return folder.removesuffix(FOLDER).rstrip("/")


def devcontainer_language(content: str) -> str:
    """The language of a devcontainer, "" when it names none that is known, or cannot be read."""
    try:
        said = orjson.loads(_TRAILING.sub(r"\1", _COMMENT.sub(lambda found: found[1] or "", content)))
    except ValueError:
        return ""
    if not isinstance(said, dict):
        return ""
    features = said.get("features")
    named = [str(said.get("image") or ""), *(map(str, features) if isinstance(features, dict) else ())]
    return next((language for text in named if (language := language_of(_last(text)))), "")


def _last(address: str) -> str:
    """Of mcr.microsoft.com/devcontainers/python:3.12 the python."""
    return address.rpartition("/")[2].partition(":")[0].partition("@")[0]


def language_of(text: str) -> str:
    """The language that a name such as python-service names, "" for none or several."""
    found = {_WORDS[word] for word in re.findall(r"[a-z0-9]+", text.lower()) if word in _WORDS}
    return found.pop() if len(found) == 1 else ""

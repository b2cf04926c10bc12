"""Which template a service was made from, and at which version: what copier writes down beside it."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from data.catalog.entity import Entity
from data.catalog.repos.nearest import nearest

COPIER: Final = ".copier-answers.yml"

_ANSWER = re.compile(
    r"^(_src_path|_commit|workspace_template):[ \t]*['\"]?([^'\"\n]+?)['\"]?[ \t]*$", re.MULTILINE
)
_SHORT: Final = {"gh:": "github.com/", "gl:": "gitlab.com/"}  # copier's words for hosts


class Origin(NamedTuple):
    """`template` is where the template lies, as copier wrote it, `version` the tag or commit; each "" if unsaid.

    `folder` is where the project begins in its source, `workspace` the template of development workspaces that the
    golden path was told ("" when it does not ask).
    """

    template: str
    version: str
    folder: str
    workspace: str = ""

    @property
    def address(self) -> str:
        """The template in a form that can be compared."""
        return address(self.template)


class Origins:
    """The origins that sources told of, by the folder that the answers of copier lie in."""

    def __init__(self, companions: Iterable[tuple[str, str, str]]) -> None:
        """From (source, path, content) of companions."""
        self._by_folder: Mapping[tuple[str, str], Origin] = {
            (source, folder): origin_of(content, folder)
            for source, path, content in companions
            for folder, _, name in (path.rpartition("/"),)
            if name == COPIER
        }

    def __len__(self) -> int:
        return len(self._by_folder)

    def at(self, source: str, folder: str) -> Origin | None:
        """The one of exactly this folder."""
        return self._by_folder.get((source, folder))

    def of(self, entity: Entity) -> Origin | None:
        """The nearest one above the file of an entity."""
        return nearest(self._by_folder, entity)


def registered(id: str) -> str:
    """The address of a golden path for what was made from it here."""
    return f"golden-path:{id}"


def made_from(id: str, version: str) -> str:
    """What copier would have written down, as far as we ask for it."""
    return f"_commit: {version}\n_src_path: {registered(id)}\n"


def origin_of(content: str, folder: str = "") -> Origin:
    """What an answers file says; read by lines, so that a broken one says what it can."""
    said = dict(_ANSWER.findall(content))
    return Origin(said.get("_src_path", ""), said.get("_commit", ""), folder, said.get("workspace_template", ""))


def address(text: str) -> str:
    """A template's address in a form that can be compared: host and path in lower case, without user and `.git`.

    A folder of this machine stays as it is.
    """
    text = text.strip().rstrip("/")
    for short, host in _SHORT.items():
        if text.startswith(short):
            return host + text.removeprefix(short).removesuffix(".git").lower()
    bare = re.sub(r"^(?:git\+)?[a-z]+://", "", text)
    if bare.startswith("/") or (bare == text and not re.match(r"[^/@]+@[^/:]+:", text)):
        return bare.removesuffix(".git")  # a path: its letters count
    bare = bare.rpartition("@")[2] if "@" in bare.partition("/")[0] else bare
    return re.sub(r"^([^/:]+):(?:\d+(?=/))?/?", r"\1/", bare).removesuffix(".git").lower()

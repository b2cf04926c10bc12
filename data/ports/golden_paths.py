"""Templates of new services: what there is, what each asks, and what it makes of the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from data.errors import Invalid

Answers = Mapping[str, Any]

# Questions of a template that the platform answers, by their names; `GoldenPath.fields` maps others to them.
# name, description, lifecycle: text. owner, system: canonical references ("" without a system). consumes_apis: a
# list of canonical references. repository: "acme/orders" at the Git host; repository_url: its page, perhaps "".
KNOWN: Final = (
    "name",
    "description",
    "owner",
    "system",
    "lifecycle",
    "consumes_apis",
    "repository",
    "repository_url",
)


@dataclass(frozen=True, slots=True)
class GoldenPath:
    """One entry of the registry.

    `source` is a folder or a git URL, `version` a tag or a full commit id ("" for the newest tag, else the newest
    commit; of a folder without git just its name). `groups` may use it ("*": everybody). `trusted` are full commit
    ids whose tasks and extensions may run. `fields` says which question is which KNOWN one under another name.
    `manifests` is the folder of what it makes that goes to the GitOps repository. `formerly` are other addresses
    of the template, as services that follow it may have written it down.
    """

    id: str
    title: str
    source: str = field(repr=False)  # a URL may hold a credential
    language: str = ""
    description: str = ""
    owner: str = ""
    version: str = ""
    groups: tuple[str, ...] = ("*",)
    trusted: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    manifests: str = "deploy"
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pinned:
    """A golden path at one exact state: what was previewed is what is rendered.

    `commit` is the full commit id, or a hash of the content of a folder without git (40 hexadecimal digits);
    `version` is the tag of it, else the beginning of the commit. Answers files keep `version` as `_commit` and
    `address` (the source without any credential) as `_src_path`.
    """

    path: GoldenPath
    version: str
    commit: str
    address: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question, evaluated with the answers so far.

    `type` is one of str, int, float, bool, json, yaml, path. `choices` are (label, value) pairs, empty for a free
    answer. `value` is what holds now: the answer, else the default (None when there is none). `fault` is what is
    wrong with it, "" when nothing. Secret questions and those whose `when` does not hold are not in the list.
    `known` is the name of the platform's field that answers it, "" for one to be asked of the person.
    """

    name: str
    type: str
    help: str
    choices: tuple[tuple[str, Any], ...] = ()
    many: bool = False
    multiline: bool = False
    placeholder: str = ""
    value: Any = None
    fault: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class Questions:
    """What is to be asked now; `depends` are the questions whose answer changes others.

    `unheeded` are settings of the template that we do not follow: migrations, skip_if_exists.
    """

    asked: tuple[Question, ...]
    depends: frozenset[str] = frozenset()
    unheeded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """One file: path with slashes, size in bytes, whether it may be executed, where it leads if it is a link."""

    path: str
    size: int
    executable: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a template made, lying in `folder`: only files, links that stay inside, nothing of git."""

    folder: Path
    version: str
    commit: str
    files: tuple[RenderedFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def read(self, path: str) -> bytes | None:
        """The content of one of the files, None when there is no such file or it is a link."""
        found = next((file for file in self.files if file.path == path and not file.link), None)
        return (self.folder / path).read_bytes() if found else None


class TemplateRefused(Invalid):
    """A template that asks for what it may not do, or that does not keep its limits; never tried again."""


class GoldenPaths(Protocol):
    """The registry, and the templates behind it. Raises Unavailable when a source does not answer.

    `questions` and `render` run in a child process without environment and network, and raise Invalid for answers
    that the template does not take, TemplateRefused for what it may not do.
    """

    def all(self) -> Sequence[GoldenPath]: ...
    def get(self, id: str) -> GoldenPath:
        """Raises NotFound."""
        ...

    def pin(self, path: GoldenPath, version: str = "", *, commit: str = "") -> Pinned:
        """The exact state that a version means now; with `commit` the state that was pinned before (Conflict when
        it cannot be had any more). Other versions than those of `versions` are refused."""
        ...

    def versions(self, path: GoldenPath) -> Sequence[str]:
        """The tags of the source that are versions, the oldest first; one for a folder without git."""
        ...

    def folder(self, pinned: Pinned) -> Path:
        """The template's own files, to be read only."""
        ...

    def questions(self, pinned: Pinned, answers: Answers) -> Questions: ...
    def render(self, pinned: Pinned, answers: Answers, into: Path) -> Rendered:
        """Into a folder that is made anew; `answers` by the template's own names, the rest by its defaults."""
        ...

    def close(self) -> None:
        """End the child process."""
        ...

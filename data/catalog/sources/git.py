"""A git repository as a source of catalog files, read without ever checking it out."""

from dataclasses import dataclass, field
from pathlib import Path

from data.ports import Checkout


@dataclass(frozen=True, slots=True)
class GitSource:
    """`url` is https, ssh, scp-like (git@host:team/repo.git), file:// or the path of a local repository.

    `ref` is a branch, a tag or a full commit id ("" is the remote's default branch), `path` the folder, file or
    glob inside it. Fetched objects are kept below `cache`.
    """

    name: str
    url: str = field(repr=False)
    cache: Path
    ref: str = ""
    path: str = "."

    @property
    def type(self) -> str:
        return "git"

    @property
    def location(self) -> str:
        raise NotImplementedError

    def open(self) -> Checkout:
        raise NotImplementedError

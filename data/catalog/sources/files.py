"""A folder, a file or a glob on this machine as a source of catalog files."""

from dataclasses import dataclass
from pathlib import Path

from data.ports import Checkout


@dataclass(frozen=True, slots=True)
class FilesSource:
    """`path` is a folder (searched for catalog-info.yaml and .yml at any depth), a file or a glob, absolute."""

    name: str
    path: Path

    @property
    def type(self) -> str:
        return "files"

    @property
    def location(self) -> str:
        return str(self.path)

    def open(self) -> Checkout:
        raise NotImplementedError

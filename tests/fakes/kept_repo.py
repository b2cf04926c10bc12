"""A repository as the GitHub with a memory keeps it."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class KeptRepo:
    """One repository: `trees` are {path: (mode, content)} by id, `commits` {message, tree, parents} by id."""

    id: int
    name: str
    description: str
    private: bool = True
    refs: dict[str, str] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    trees: dict[str, dict[str, tuple[str, bytes]]] = field(default_factory=dict)
    commits: dict[str, Json] = field(default_factory=dict)
    pulls: list[Json] = field(default_factory=list)
    teams: dict[str, str] = field(default_factory=dict)
    protection: Json | None = None

    def files(self, branch: str = "main") -> dict[str, tuple[str, bytes]]:
        """What is on a branch."""
        return self.trees[self.commits[self.refs[f"heads/{branch}"]]["tree"]]

    def history(self, branch: str = "main") -> list[str]:
        """The messages on a branch, the newest first."""
        said, at = [], self.refs[f"heads/{branch}"]
        while at:
            said.append(self.commits[at]["message"])
            at = next(iter(self.commits[at]["parents"]), "")
        return said

"""Commits over GitHub's Git data API: no clone, no git program."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from data.errors import NotFound
from data.http.answers import understood
from data.integrations.repos.github_calls import GitHubCalls
from data.ports.repo_host import Change

INLINE: Final = 200_000  # bytes of a text that goes into the tree itself; others are blobs of their own
Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GitHubGit:
    """The Git objects of one repository; `path` is /repos/{owner}/{name}."""

    calls: GitHubCalls
    path: str

    def head(self, branch: str) -> str:
        """The newest commit of a branch, "" when there is no such branch."""
        found = self.calls.get(f"{self.path}/git/ref/{_part('heads/' + branch)}")
        with understood("GitHub"):
            return str(found["object"]["sha"]) if found else ""

    def commit(self, sha: str) -> Node:
        """{message, tree: {sha}, parents: […]} of a commit."""
        found: Node | None = self.calls.get(f"{self.path}/git/commits/{sha}")
        if found is None:
            raise NotFound("The commit is gone.")
        return found

    def make_commit(self, nodes: Sequence[Node], message: str, parents: Sequence[str], base: str = "") -> str:
        """A commit of these files, on top of the tree `base` if given; gives its id."""
        body = {"tree": list(nodes)} | ({"base_tree": base} if base else {})
        with understood("GitHub"):
            tree = self.calls.send("POST", f"{self.path}/git/trees", body, "write files")["sha"]
            made = {"message": message, "tree": tree, "parents": list(parents)}
            return str(self.calls.send("POST", f"{self.path}/git/commits", made, "commit")["sha"])

    def move(self, branch: str, sha: str, force: bool) -> None:
        self.calls.send(
            "PATCH", f"{self.path}/git/refs/{_part('heads/' + branch)}", {"sha": sha, "force": force}, "push"
        )

    def new_branch(self, branch: str, sha: str) -> None:
        self.calls.send(
            "POST", f"{self.path}/git/refs", {"ref": f"refs/heads/{branch}", "sha": sha}, "make a branch"
        )

    def delete_branch(self, branch: str) -> None:
        self.calls.send("DELETE", f"{self.path}/git/refs/{_part('heads/' + branch)}", None, "delete a branch")

    def nodes_of_folder(self, folder: Path) -> list[Node]:
        """Every file below a folder, for a tree."""
        return [
            self._node_of_file(file, str(file.relative_to(folder)))
            for file in sorted(folder.rglob("*"))
            if file.is_symlink() or file.is_file()
        ]

    def nodes_of_changes(self, changes: Mapping[str, Change | None]) -> list[Node]:
        """Files that become something else, or go away."""
        return [
            {"path": path, "mode": "100644", "type": "blob", "sha": None}
            if change is None
            else self._node(path, "100755" if change.executable else "100644", change.content)
            for path, change in changes.items()
        ]

    def download(self, sha: str, into: Path) -> None:
        """Write the files of a commit into a folder."""
        tree = self.commit(sha)["tree"]["sha"]
        listed = self.calls.get(f"{self.path}/git/trees/{tree}", {"recursive": "1"}) or {}
        for node in listed.get("tree", ()):
            if node.get("type") == "blob":
                self._write(node, sha, into)

    def _write(self, node: Node, sha: str, into: Path) -> None:
        content = self.calls.raw(f"{self.path}/contents/{quote(str(node['path']))}", {"ref": sha})
        file = into / str(node["path"])
        if not file.resolve().is_relative_to(into.resolve()) or node["mode"] == "120000":
            return  # a link, or what would leave the folder
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(0o755 if node["mode"] == "100755" else 0o644)

    def _node_of_file(self, file: Path, path: str) -> Node:
        if file.is_symlink():
            return self._node(path, "120000", str(file.readlink()).encode())
        return self._node(path, "100755" if file.stat().st_mode & 0o100 else "100644", file.read_bytes())

    def _node(self, path: str, mode: str, content: bytes) -> Node:
        node: Node = {"path": path, "mode": mode, "type": "blob"}
        if len(content) <= INLINE and b"\0" not in content:
            try:
                return node | {"content": content.decode()}
            except UnicodeDecodeError:
                pass  # it becomes a blob of its own
        body = {"content": base64.b64encode(content).decode(), "encoding": "base64"}
        with understood("GitHub"):
            return node | {"sha": self.calls.send("POST", f"{self.path}/git/blobs", body, "write a file")["sha"]}


def _part(text: str) -> str:
    """One part of a path: its slashes are no separators."""
    return quote(text, safe="")

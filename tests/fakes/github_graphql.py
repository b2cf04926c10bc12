"""The part of GitHub's GraphQL schema that is asked for, and what is told of repositories by it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import GraphQLSchema, build_schema

SCHEMA = """
type Query {
  repositoryOwner(login: String!): RepositoryOwner
  repository(owner: String!, name: String!): Repository
  nodes(ids: [ID!]!): [Node]!
}
interface Node { id: ID! }
enum RepositoryAffiliation { OWNER COLLABORATOR ORGANIZATION_MEMBER }
enum RepositoryOrderField { NAME PUSHED_AT }
enum OrderDirection { ASC DESC }
input RepositoryOrder { field: RepositoryOrderField! direction: OrderDirection! }
interface RepositoryOwner {
  repositories(
    first: Int, after: String, ownerAffiliations: [RepositoryAffiliation], orderBy: RepositoryOrder
  ): RepositoryConnection!
}
type Organization implements RepositoryOwner {
  repositories(
    first: Int, after: String, ownerAffiliations: [RepositoryAffiliation], orderBy: RepositoryOrder
  ): RepositoryConnection!
}
type PageInfo { hasNextPage: Boolean! endCursor: String }
type RepositoryConnection { totalCount: Int! nodes: [Repository] pageInfo: PageInfo! }
type Topic { name: String! }
type RepositoryTopic { topic: Topic! }
type RepositoryTopicConnection { nodes: [RepositoryTopic] }
type Target { oid: String! }
type Ref { name: String! target: Target }
interface GitObject { oid: String! }
type Blob implements GitObject { oid: String! byteSize: Int! isBinary: Boolean isTruncated: Boolean! text: String }
type TreeEntry { name: String! type: String! object: GitObject }
type Tree implements GitObject { oid: String! entries: [TreeEntry!] }
type Repository implements Node {
  id: ID! name: String! nameWithOwner: String! url: String! isArchived: Boolean! isFork: Boolean! isEmpty: Boolean!
  repositoryTopics(first: Int): RepositoryTopicConnection!
  defaultBranchRef: Ref
  object(expression: String): GitObject
}
"""

LARGEST_TEXT = 512_000


@cache
def schema() -> GraphQLSchema:
    return build_schema(SCHEMA)


@dataclass
class Repo:
    """One repository on its default branch; pushing moves its head."""

    id: str
    name: str
    files: dict[str, bytes]
    branch: str = "main"
    archived: bool = False
    fork: bool = False
    topics: tuple[str, ...] = ()
    pushes: int = 1

    @property
    def head(self) -> str:
        return hashlib.sha1(f"{self.id}.{self.pushes}".encode()).hexdigest() if self.files else ""


def page(org: str, name: str) -> str:
    """Where a person looks at a repository."""
    return f"https://github.com/{org}/{name}"


class Root:
    """What GraphQL asks from."""

    def __init__(self, org: str, repos: Mapping[str, Repo], hides: int) -> None:
        """`hides` repositories are counted but not handed out."""
        self._org, self._repos, self._hides = org, repos, hides

    def repositoryOwner(self, _info: Any, login: str) -> Any:
        return {"__typename": "Organization", "repositories": self._repositories} if login == self._org else None

    def repository(self, _info: Any, owner: str, name: str) -> Any:
        repo = self._repos.get(name)
        return self._node(repo) if repo and owner == self._org else None

    def nodes(self, _info: Any, ids: list[str]) -> list[Any]:
        by_id = {repo.id: repo for repo in self._repos.values()}
        return [self._node(by_id[each]) if each in by_id else None for each in ids]

    def _repositories(self, _info: Any, first: int = 0, after: str | None = None, **_: Any) -> Any:
        assert first <= 100, "GitHub refuses more"
        rows = sorted(self._repos.values(), key=lambda repo: repo.name)
        start = int(after or 0)
        more = start + first < len(rows)
        return {
            "totalCount": len(rows) + self._hides,
            "nodes": [self._node(repo) for repo in rows[start : start + first]],
            "pageInfo": {"hasNextPage": more, "endCursor": str(start + first)},
        }

    def _node(self, repo: Repo) -> dict[str, Any]:
        target = {"oid": repo.head}
        return {
            "__typename": "Repository",
            "id": repo.id,
            "name": repo.name,
            "nameWithOwner": f"{self._org}/{repo.name}",
            "url": page(self._org, repo.name),
            "isArchived": repo.archived,
            "isFork": repo.fork,
            "isEmpty": not repo.files,
            "repositoryTopics": lambda _info, **_: {"nodes": [{"topic": {"name": each}} for each in repo.topics]},
            "defaultBranchRef": {"name": repo.branch, "target": target} if repo.files else None,
            "object": lambda _info, expression: _object(repo, expression),
        }


def _object(repo: Repo, expression: str) -> dict[str, Any] | None:
    path = expression.partition(":")[2]
    if path in repo.files:
        return _blob(repo.files[path])
    inside = [each for each in repo.files if each.startswith(f"{path}/")]
    if not inside:
        return None
    names = sorted({each.removeprefix(f"{path}/").partition("/")[0] for each in inside})
    kinds = {name: "blob" if f"{path}/{name}" in repo.files else "tree" for name in names}
    entries = [
        {"name": name, "type": kind, "object": _object(repo, f"HEAD:{path}/{name}")}
        for name, kind in kinds.items()
    ]
    return {"__typename": "Tree", "oid": "tree", "entries": entries}


def _blob(content: bytes) -> dict[str, Any]:
    binary = b"\0" in content
    text = None if binary else content.decode(errors="replace")[:LARGEST_TEXT]
    return {
        "__typename": "Blob",
        "oid": hashlib.sha1(content).hexdigest(),
        "byteSize": len(content),
        "isBinary": binary,
        "isTruncated": len(content) > LARGEST_TEXT,
        "text": text,
    }

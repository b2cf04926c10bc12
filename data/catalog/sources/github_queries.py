"""What is asked of GitHub's GraphQL, and what its answers mean."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from data.catalog.repos.codeowners import PLACES
from data.catalog.repos.devcontainers import DEVCONTAINER
from data.catalog.repos.origins import COPIER
from data.catalog.repos.repositories import DOCS, MOST_DOCS, README

LISTED: Final = 100  # repositories of one page of the list, GitHub's most
READ: Final = 40  # repositories whose files are read with one question; halved when that is too much

_FIELDS = """id name nameWithOwner url isArchived isFork isEmpty
 repositoryTopics(first: 20) { nodes { topic { name } } }
 defaultBranchRef { name target { oid } }"""

LIST: Final = f"""query($login: String!, $after: String) {{
 repositoryOwner(login: $login) {{
  repositories(
   first: {LISTED}, after: $after, ownerAffiliations: [OWNER], orderBy: {{field: NAME, direction: ASC}}
  ) {{
   totalCount nodes {{ {_FIELDS} }} pageInfo {{ hasNextPage endCursor }}
  }} }} }}"""

COUNT: Final = """query($login: String!) {
 repositoryOwner(login: $login) { repositories(first: 1, ownerAffiliations: [OWNER]) { totalCount } } }"""

BROUGHT: Final = (
    README,
    COPIER,
    DEVCONTAINER,
    *(place for place in PLACES if not place.startswith((".gitlab", ".bitbucket"))),
)

_BLOB = "fragment B on Blob { oid byteSize isBinary isTruncated text }"


class Repo(NamedTuple):
    """One repository as GitHub lists it.

    `head` is the newest commit of its default branch, "" where a list does not tell it; `mark` moves with every
    push. `id` is "" where GraphQL is not to be had.
    """

    id: str
    name: str
    full_name: str
    url: str
    archived: bool
    fork: bool
    topics: tuple[str, ...]
    branch: str
    head: str
    mark: str


class Blob(NamedTuple):
    """A file; `text` is None when it must be read in another way: it is too large for GraphQL, or no text."""

    path: str
    text: str | None
    size: int
    binary: bool


def named(names: Sequence[str]) -> str:
    """The question for single repositories by name."""
    asked = " ".join(f"r{at}: repository(owner: $login, name: $n{at}) {{ {_FIELDS} }}" for at in range(len(names)))
    variables = " ".join(f"$n{at}: String!" for at in range(len(names)))
    return f"query($login: String!, {variables}) {{ {asked} }}"


def contents(paths: Sequence[str]) -> str:
    """The question for these files, and for the folder of documentation and those in it, of many repositories."""
    variables = " ".join(f"$p{at}: String!" for at in range(len(paths)))
    asked = " ".join(f"f{at}: object(expression: $p{at}) {{ ...B }}" for at in range(len(paths)))
    inner = "... on Tree { entries { name type object { ...B } } }"
    entries = f"... on Tree {{ entries {{ name type object {{ ...B {inner} }} }} }}"
    docs = f'docs: object(expression: "HEAD:{DOCS}") {{ {entries} }}'
    fields = f"... on Repository {{ id {asked} {docs} }}"
    return f"query($ids: [ID!]!, {variables}) {{ nodes(ids: $ids) {{ {fields} }} }} {_BLOB}"


def repo(node: Mapping[str, Any]) -> Repo | None:
    """A repository of a list; None for one that holds nothing yet."""
    branch = node.get("defaultBranchRef") or {}
    head = (branch.get("target") or {}).get("oid")
    if not head or node.get("isEmpty"):
        return None
    topics = (node.get("repositoryTopics") or {}).get("nodes") or ()
    return Repo(
        id=str(node["id"]),
        name=str(node["name"]),
        full_name=str(node["nameWithOwner"]),
        url=str(node.get("url") or ""),
        archived=bool(node.get("isArchived")),
        fork=bool(node.get("isFork")),
        topics=tuple(sorted(str(each["topic"]["name"]) for each in topics)),
        branch=str(branch["name"]),
        head=str(head),
        mark=str(head),
    )


def blobs(node: Mapping[str, Any], paths: Sequence[str]) -> Iterator[Blob]:
    """The files of one repository that are there."""
    for at, path in enumerate(paths):
        if told := node.get(f"f{at}"):
            yield _blob(path, told)
    yield from islice(_pages(DOCS, node.get("docs") or {}), MOST_DOCS)


def _pages(folder: str, tree: Mapping[str, Any]) -> Iterator[Blob]:
    """The pages of a folder, then those of the folders in it, as deep as was asked."""
    entries = [each for each in tree.get("entries") or () if each.get("object")]
    for entry in entries:
        name = str(entry.get("name"))
        if entry.get("type") == "blob" and name.endswith(".md"):
            yield _blob(f"{folder}/{name}", entry["object"])
    for entry in entries:
        if entry.get("type") == "tree":
            yield from _pages(f"{folder}/{entry.get('name')}", entry["object"])


def _blob(path: str, told: Mapping[str, Any]) -> Blob:
    cut, binary = bool(told.get("isTruncated")), bool(told.get("isBinary"))
    text = told.get("text")
    return Blob(path, None if cut or text is None else str(text), int(told.get("byteSize") or 0), binary)

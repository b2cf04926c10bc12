"""GitHub as a sync needs it: the repositories of an organisation and files in them, within its limits.

Facts: the published OpenAPI description and GraphQL schema. A token may end in the middle (401), limits answer 403
or 429 with `Retry-After` or `X-RateLimit-Reset`, GraphQL tells them as errors beside status 200, and questions
that are too heavy as 502 or as an error.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from data.catalog.sources import github_queries as queries
from data.catalog.sources.github_queries import Blob, Repo
from data.catalog.sources.github_token import Credential
from data.errors import NotAllowed, NotFound, Unavailable
from data.http.answers import Answer, TokenRefused, understood
from data.http.api import Api

VERSION: Final = "2022-11-28"
MOST: Final = 200_000  # repositories of one organisation
RAW: Final = {"accept": "application/vnd.github.raw+json"}

_NEXT = re.compile(r'<([^>]+)>\s*;\s*rel="next"')


class TooHeavy(Unavailable):
    """A question that GitHub does not get through; a smaller one may succeed."""


class GitHubApi:
    """One organisation, or one user, named `org`."""

    def __init__(self, api: Api, credential: Credential, org: str, graphql: str) -> None:
        self._api = api
        self._credential = credential
        self._org = org
        self._graphql = graphql

    def repositories(self) -> list[Repo]:
        """All repositories that hold something, by GraphQL. Raises Unavailable when pages are missing."""
        nodes: list[Mapping[str, Any]] = []
        after, total = None, 0
        for _ in range(MOST // queries.LISTED):
            data = self._ask(queries.LIST, {"login": self._org, "after": after})
            owner = data.get("repositoryOwner")
            if owner is None:
                raise NotFound(
                    f"GitHub knows no organisation {self._org}.", "Correct `org`, or the token's rights."
                )
            with understood("GitHub"):
                page = owner["repositories"]
                nodes += [node for node in page["nodes"] if node]
                total, info = int(page["totalCount"]), page["pageInfo"]
                after = info["endCursor"] if info["hasNextPage"] else None
            if after is None:
                break
        if len(nodes) < total:
            raise Unavailable(f"GitHub names {total:,} repositories but hands out {len(nodes):,} of them.")
        with understood("GitHub"):
            return [repo for node in nodes if (repo := queries.repo(node))]

    def count(self) -> int:
        """How many repositories there are to see. Raises NotFound for an organisation that is not there."""
        data = self._ask(queries.COUNT, {"login": self._org})
        with understood("GitHub"):
            if (owner := data["repositoryOwner"]) is not None:
                return int(owner["repositories"]["totalCount"])
        raise NotFound(f"GitHub knows no organisation {self._org}.", "Correct `org`, or the token's rights.")

    def named(self, names: Sequence[str]) -> list[Repo]:
        """Those of the repositories that are there."""
        variables = {f"n{at}": name for at, name in enumerate(names)}
        data = self._ask(queries.named(names), {"login": self._org, **variables}, missing=True)
        with understood("GitHub"):
            found = [queries.repo(node) for node in data.values() if node]
        return [repo for repo in found if repo]

    def contents(self, repos: Sequence[Repo], paths: Sequence[str]) -> Iterator[tuple[Repo, list[Blob]]]:
        """The files of each repository, many at once; the questions shrink when they are too heavy."""
        size = queries.READ
        waiting = list(repos)
        while waiting:
            batch = waiting[:size]
            try:
                nodes = self._contents(batch, paths)
            except TooHeavy:
                if size == 1:
                    raise
                size = max(1, size // 2)
                continue
            for repo in batch:
                if node := nodes.get(repo.id):  # else it went since the list was read
                    with understood("GitHub"):
                        blobs = list(queries.blobs(node, paths))
                    yield repo, blobs
            waiting = waiting[size:]

    def _contents(self, batch: Sequence[Repo], paths: Sequence[str]) -> Mapping[str, Any]:
        variables = {f"p{at}": f"HEAD:{path}" for at, path in enumerate(paths)}
        ids = [repo.id for repo in batch]
        data = self._ask(queries.contents(paths), {"ids": ids, **variables}, missing=True)
        return {node["id"]: node for node in data.get("nodes") or () if node}

    def file(self, repo: Repo, path: str, known: str = "") -> tuple[bytes | None, str]:
        """One file and its etag; the content is None when it is still the one of the etag that is `known`.

        Raises NotFound when there is none.
        """
        headers = RAW | ({"if-none-match": known} if known else {})
        where = f"/repos/{quote(repo.full_name)}/contents/{quote(path)}"
        answer = self.get(where, {"ref": repo.head or repo.branch}, headers, accept=(304,))
        etag = answer.headers.get("etag", "")
        return (None, known) if answer.status == 304 else (answer.content, etag)

    def tree(self, repo: Repo) -> list[str]:
        """The paths of all files of a repository. Raises Unavailable when there are too many for GitHub."""
        where = f"/repos/{quote(repo.full_name)}/git/trees/{quote(repo.head or repo.branch, safe='')}"
        told = self.get(where, {"recursive": "1"}).json()
        if told.get("truncated"):
            raise Unavailable(f"{repo.full_name} has too many files to look for a glob in it.")
        return [str(entry["path"]) for entry in told.get("tree") or () if entry.get("type") == "blob"]

    def pages(self, path: str, params: Mapping[str, Any]) -> Iterator[Any]:
        """The decoded pages of a list of the REST API."""
        where, asked = path, dict(params) | {"per_page": 100}
        for _ in range(MOST // 100):
            answer = self.get(where, asked)
            yield answer.json()
            following = _NEXT.search(answer.headers.get("link", ""))
            if not following:
                return
            where, asked = following[1], {}
        raise Unavailable(f"GitHub hands out more than {MOST:,} of them.")

    def get(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: Sequence[int] = (),
    ) -> Answer:
        """GET, with a new token when the last one has ended."""
        return self._with_token(
            lambda token: self._api.call(
                "GET", path, params=params, headers={**(headers or {}), **token}, accept=accept
            )
        )

    def close(self) -> None:
        """Give the connections back."""
        self._api.close()

    def _with_token(self, call: Callable[[Mapping[str, str]], Answer]) -> Answer:
        try:
            return call(self._headers())
        except TokenRefused:
            if not self._credential.renew():
                raise
            return call(self._headers())

    def _headers(self) -> Mapping[str, str]:
        return {"authorization": self._credential.header(self._api), "x-github-api-version": VERSION}

    def _ask(self, query: str, variables: Mapping[str, Any], *, missing: bool = False) -> Mapping[str, Any]:
        """The data of an answer; with `missing`, what is not found is null beside the rest."""
        body = {"query": query, "variables": variables}
        answer = self._with_token(
            lambda token: self._api.call(
                "POST", self._graphql, body=body, headers=token, accept=(502, 504), repeatable=True
            )
        )
        if answer.status in (502, 504):
            raise TooHeavy("GitHub does not get through with a question.")
        with understood("GitHub"):
            told: Mapping[str, Any] = answer.json()
            _check(told.get("errors") or (), missing=missing)
            data: Mapping[str, Any] | None = told.get("data")
        if data is None:
            raise Unavailable("GitHub answers no data.")
        return data


def _check(errors: Sequence[Mapping[str, Any]], *, missing: bool) -> None:
    for error in errors:
        kind, message = str(error.get("type", "")), str(error.get("message", ""))[:200]
        if kind == "NOT_FOUND":
            if missing:
                continue
            return
        if kind == "RATE_LIMITED":
            raise Unavailable("GitHub's limit for this hour is used up.", "It is tried again at the next sync.")
        if kind in {"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED"} or "timeout" in message.lower():
            raise TooHeavy("GitHub does not get through with a question.")
        if kind in {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
            raise NotAllowed("GitHub does not allow it.", message)
        raise Unavailable("GitHub does not answer the question.", message)

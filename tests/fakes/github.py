"""A GitHub organisation that keeps repositories with files, and tells of them by GraphQL, REST and webhooks.

The GraphQL side is executed by a real GraphQL library over the part of GitHub's schema that is asked for.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from graphql import graphql_sync

from tests.fakes.api import Answer, Call, FakeApi
from tests.fakes.github_graphql import Repo, Root, page, schema

# What the published description wants in each row; a fake shall not be poorer than GitHub.
_REPO_URLS = """archive assignees blobs branches collaborators comments commits compare contents contributors
deployments downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys
labels languages merges milestones notifications pulls releases stargazers statuses subscribers subscription
tags teams trees""".split()  # noqa: SIM905  # a list of many words
_USER_URLS = """avatar events followers following gists html organizations received_events repos starred
subscriptions""".split()  # noqa: SIM905  # a list of many words


@dataclass
class FakeGitHub:
    """`tokens` are accepted; `without_graphql` refuses it, `heavy` is how much one question may ask for."""

    org: str = "acme"
    tokens: set[str] = field(default_factory=lambda: {"ghp_valid"})
    repos: dict[str, Repo] = field(default_factory=dict)
    without_graphql: bool = False
    heavy: int = 100
    hides: int = 0
    limited: bool = False
    secret: str = "webhook-secret"
    issued: int = 0
    server: FakeApi = field(init=False)

    def __post_init__(self) -> None:
        self.server = FakeApi(respond=self._answer).start()

    @property
    def url(self) -> str:
        return self.server.url

    def page(self, name: str) -> str:
        return page(self.org, name)

    def create(self, name: str, files: Mapping[str, str | bytes] | None = None, **fields: Any) -> Repo:
        texts = {path: text.encode() if isinstance(text, str) else text for path, text in (files or {}).items()}
        self.repos[name] = Repo(f"R_{len(self.repos)}_{name}", name, texts, **fields)
        return self.repos[name]

    def push(self, name: str, files: Mapping[str, str | None]) -> dict[str, Any]:
        """Commit to the default branch; gives the body of the webhook."""
        repo = self.repos[name]
        added, modified = (
            [p for p in files if p not in repo.files],
            [p for p in files if p in repo.files and files[p]],
        )
        for path, text in files.items():
            if text is None:
                del repo.files[path]
            else:
                repo.files[path] = text.encode()
        repo.pushes += 1
        commit = {"added": added, "modified": modified, "removed": [p for p in files if files[p] is None]}
        return {"ref": f"refs/heads/{repo.branch}", "commits": [commit], "repository": self._hooked(repo)}

    def rename(self, name: str, to: str) -> dict[str, Any]:
        repo = self.repos.pop(name)
        repo.name = to
        self.repos[to] = repo
        changes = {"repository": {"name": {"from": name}}}
        return {"action": "renamed", "changes": changes, "repository": self._hooked(repo)}

    def remove(self, name: str, action: str = "deleted") -> dict[str, Any]:
        return {"action": action, "repository": self._hooked(self.repos.pop(name))}

    def archive(self, name: str) -> dict[str, Any]:
        self.repos[name].archived = True
        return {"action": "archived", "repository": self._hooked(self.repos[name])}

    def sign(self, body: bytes) -> str:
        return "sha256=" + hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()

    def _hooked(self, repo: Repo) -> dict[str, Any]:
        return {
            "name": repo.name,
            "full_name": f"{self.org}/{repo.name}",
            "default_branch": repo.branch,
            "owner": {"login": self.org},
        }

    def _answer(self, call: Call) -> Answer:
        if call.path.startswith("/app/"):
            return self._app(call)
        if call.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Answer(401, {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"})
        if call.path == "/graphql":
            return self._graphql(call)
        parts = call.path.strip("/").split("/")
        if parts[:1] == ["orgs"] and parts[2:] == ["repos"]:
            return self._list(call)
        if parts == ["search", "code"]:
            return self._search(call)
        if parts[0] == "repos" and parts[3:4] == ["contents"]:
            return self._contents(call, parts[2], "/".join(parts[4:]))
        if parts[0] == "repos" and parts[3:5] == ["git", "trees"]:
            return self._tree(parts[2])
        return _not_found()

    def _app(self, call: Call) -> Answer:
        if call.path == "/app/installations":
            other = self._installation(7) | {"account": self._owner() | {"login": "other"}}
            return Answer(200, [other, self._installation(42)])
        if call.path != "/app/installations/42/access_tokens":
            return _not_found()
        self.issued += 1
        token = f"ghs_{self.issued}"
        self.tokens.add(token)
        until = datetime.fromtimestamp(datetime.now(UTC).timestamp() + 3600, UTC)
        return Answer(201, {"token": token, "expires_at": until.strftime("%Y-%m-%dT%H:%M:%SZ")})

    def _installation(self, number: int) -> dict[str, Any]:
        urls = {f"{each}_url": f"{self.url}/{each}" for each in ("access_tokens", "html", "repositories")}
        return urls | {
            "id": number,
            "account": self._owner(),
            "app_id": 1,
            "app_slug": "idp",
            "target_id": 1,
            "target_type": "Organization",
            "single_file_name": None,
            "repository_selection": "all",
            "events": [],
            "permissions": {"contents": "read", "metadata": "read"},
            "created_at": "2026-03-02T09:00:00Z",
            "updated_at": "2026-03-02T09:00:00Z",
            "suspended_by": None,
            "suspended_at": None,
        }

    def _graphql(self, call: Call) -> Answer:
        if self.without_graphql:
            return Answer(403, {"message": "Resource not accessible by personal access token"})
        if self.limited:
            return Answer(200, {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]})
        asked = call.json
        if len(asked["variables"].get("ids", ())) > self.heavy:
            return Answer(502, {"message": "Server Error"})
        root = Root(self.org, self.repos, self.hides)
        result = graphql_sync(
            schema(), asked["query"], root_value=root, variable_values=asked["variables"],
            type_resolver=lambda value, *_: value["__typename"],
        )  # fmt: skip
        errors = [{"message": error.message} for error in result.errors or ()]
        missing = [key for key, value in (result.data or {}).items() if key.startswith("r") and value is None]
        errors += [{"type": "NOT_FOUND", "message": "Could not resolve to a Repository"} for _ in missing]
        return Answer(200, {"data": result.data, **({"errors": errors} if errors else {})})

    def _list(self, call: Call) -> Answer:
        if call.path.split("/")[2] != self.org:
            return _not_found()
        page, size = int(call.one("page", "1")), int(call.one("per_page", "30"))
        rows = [self._row(repo) for repo in self.repos.values()]
        headers = {}
        if page * size < len(rows):
            headers["link"] = f'<{self.url}{call.path}?type=all&per_page={size}&page={page + 1}>; rel="next"'
        return Answer(200, rows[(page - 1) * size : page * size], headers)

    def _row(self, repo: Repo) -> dict[str, Any]:
        base = f"{self.url}/repos/{self.org}/{repo.name}"
        return {
            **{f"{each}_url": f"{base}/{each}" for each in _REPO_URLS},
            "id": 1,
            "node_id": repo.id,
            "owner": self._owner(),
            "private": True,
            "description": None,
            "url": base,
            "name": repo.name,
            "full_name": f"{self.org}/{repo.name}",
            "html_url": self.page(repo.name),
            "archived": repo.archived,
            "fork": repo.fork,
            "topics": list(repo.topics),
            "default_branch": repo.branch,
            "pushed_at": f"2026-03-02T09:{repo.pushes % 60:02}:00Z" if repo.files else None,
        }

    def _owner(self) -> dict[str, Any]:
        base = f"{self.url}/users/{self.org}"
        urls = {f"{each}_url": f"{base}/{each}" for each in _USER_URLS}
        known = {
            "id": 1,
            "node_id": "O_1",
            "login": self.org,
            "gravatar_id": "",
            "type": "Organization",
            "url": base,
        }
        dates = {"created_at": "2026-03-02T09:00:00Z", "updated_at": "2026-03-02T09:00:00Z"}
        return {**urls, **known, **dates, "site_admin": False, "name": self.org, "slug": self.org}

    def _search(self, call: Call) -> Answer:
        name = call.one("q").rpartition("filename:")[2]
        url = f"{self.url}/x"
        found = [
            {
                "name": name,
                "path": path,
                "sha": hashlib.sha1(repo.files[path]).hexdigest(),
                "score": 1.0,
                "git_url": url,
                "html_url": url,
                "url": url,
                "repository": self._row(repo),
            }
            for repo in self.repos.values()
            for path in repo.files
            if path.rpartition("/")[2] == name
        ]
        return Answer(200, {"total_count": len(found), "incomplete_results": False, "items": found[:100]})

    def _contents(self, call: Call, name: str, path: str) -> Answer:
        repo = self.repos.get(name)
        if repo is None or path not in repo.files:
            return _not_found()
        etag = f'"{hashlib.sha1(repo.files[path]).hexdigest()}"'
        if call.headers.get("if-none-match") == etag:
            return Answer(304, None, {"etag": etag})
        headers = {"etag": etag, "content-type": "application/vnd.github.raw+json"}
        return Answer(200, headers=headers, content=repo.files[path])

    def _tree(self, name: str) -> Answer:
        if name not in self.repos:
            return _not_found()
        tree = [
            {"path": path, "mode": "100644", "type": "blob", "sha": "0" * 40} for path in self.repos[name].files
        ]
        return Answer(200, {"sha": self.repos[name].head, "tree": tree, "truncated": False})


def _not_found() -> Answer:
    return Answer(
        404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}
    )


def webhook(body: dict[str, Any]) -> bytes:
    """A body as GitHub sends it."""
    return orjson.dumps(body)

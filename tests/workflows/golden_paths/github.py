"""Repositories at a GitHub of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from data.catalog.sources.github_token import Token
from data.http.api import Api
from data.integrations.repos.github import GitHubHost
from data.integrations.repos.github_calls import GitHubCalls
from tests.fakes.github_host import FakeGitHubHost
from tests.workflows.house import House


@contextmanager
def at_github(house: House, shared: Path) -> Iterator[FakeGitHubHost]:
    """The house makes its repositories there, and tries again at once; in the end no call was wrong."""
    with FakeGitHubHost(shared / "specs" / "github-trimmed-openapi3.json") as fake:
        api = Api(fake.url, sleep=lambda _: None)
        calls = GitHubCalls(api, Token(fake.token), sleep=lambda _: None)
        house.idp = replace(house.idp, repo_host=GitHubHost(calls, "acme"))
        yield fake
        api.close()
    assert fake.faults == []

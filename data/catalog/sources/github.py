"""The repositories of a GitHub organisation as a source: catalog files, and what else tells of ownership."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from data.catalog.sources.github_api import GitHubApi
from data.catalog.sources.github_checkout import GitHubCheckout
from data.catalog.sources.github_queries import Repo
from data.catalog.sources.github_token import Credential
from data.http.api import Api
from data.ports.catalog import Checkout

GITHUB = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class GitHubSource:
    """All repositories of `org` that are wanted; `paths` are catalog files inside them, which may be globs.

    `topics`: of which a repository must have one; `without`: topics that it must not have; `names`: globs of which
    one must fit. `only` narrows one sync to the named repositories, and leaves everything else as it is known.
    """

    name: str
    org: str
    credential: Credential = field(repr=False)
    url: str = GITHUB
    paths: Sequence[str] = ("catalog-info.yaml",)
    names: Sequence[str] = ()
    topics: Sequence[str] = ()
    without: Sequence[str] = ()
    archived: bool = False
    forks: bool = False
    only: Sequence[str] = ()

    @property
    def type(self) -> str:
        return "github"

    @property
    def location(self) -> str:
        """The organisation with what narrows it: another choice is another place, and is read afresh."""
        host = "github.com" if self.url == GITHUB else urlsplit(self.url).netloc
        told = [*self.names, *(f"#{topic}" for topic in self.topics), *(f"not #{topic}" for topic in self.without)]
        told += [] if tuple(self.paths) == ("catalog-info.yaml",) else list(self.paths)
        return f"https://{host}/{self.org}" + (f" ({', '.join(told)})" if told else "")

    def wants(self, repo: Repo) -> bool:
        """Whether a repository is looked into."""
        if (repo.archived and not self.archived) or (repo.fork and not self.forks):
            return False
        if self.names and not any(fnmatchcase(repo.name.lower(), name.lower()) for name in self.names):
            return False
        return not set(repo.topics) & set(self.without) and (
            not self.topics or bool(set(repo.topics) & set(self.topics))
        )

    def check(self) -> str:
        """How many repositories the token sees."""
        api = self._api()
        try:
            return f"{api.count():,} repositories"
        finally:
            api.close()

    def open(self) -> Checkout:
        return GitHubCheckout(self, self._api())

    def _api(self) -> GitHubApi:
        return GitHubApi(Api(self.url), self.credential, self.org, _graphql(self.url))


def _graphql(url: str) -> str:
    """GitHub Enterprise has it beside its REST API, at /api/graphql."""
    return f"{url.rstrip('/').removesuffix('/v3')}/graphql"

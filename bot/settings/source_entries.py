"""The entries of idp.yaml for catalogs that live elsewhere: their shape, and the source that each makes."""

import os
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.settings.fault import unrepeated
from data.catalog.sources.backstage import BackstageSource
from data.catalog.sources.github import GITHUB, GitHubSource
from data.catalog.sources.github_token import App, Credential, Token
from data.errors import Invalid
from data.http.fetching import check_url

_TOKENS = ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_")  # which could be names of variables as well


def api_url(value: str) -> str:
    """The address of an API: nothing secret belongs into it."""
    try:
        check_url(value)
        parts = urlsplit(value)
    except (Invalid, ValueError):
        raise unrepeated("an address such as https://backstage.example.com; http only on this machine") from None
    if parts.username or parts.password or parts.query or parts.fragment:
        raise unrepeated("an address without user, password or query; tokens go into the environment")
    return value.rstrip("/")


def variable(value: str) -> str:
    """The name of a variable of the environment: secrets do not stand in this file."""
    if not (value.isidentifier() and value.isascii()) or value.startswith(_TOKENS):
        raise unrepeated("the name of an environment variable, such as GITHUB_TOKEN, not the token itself")
    return value


def inner_path(value: str) -> str:
    """A path inside of a repository, or a glob of one."""
    if not value or value.startswith(("/", "-")) or ".." in value.split("/") or "\\" in value:
        raise ValueError("a path in the repository, such as catalog-info.yaml or services/*/catalog-info.yaml")
    return value


Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
ApiUrl = Annotated[str, AfterValidator(api_url)]
Variable = Annotated[str, AfterValidator(variable)]
InnerPath = Annotated[str, AfterValidator(inner_path)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class BackstageEntry(_Entry):
    """A Backstage or Roadie; `filters` are its own, of which any may fit."""

    name: Name
    type: Literal["backstage"]
    url: ApiUrl
    token_env: Variable | None = None
    filters: list[str] = Field(default_factory=list)

    def source(self) -> BackstageSource:
        """What it makes; the token is read from the environment now."""
        token = os.environ.get(self.token_env, "") if self.token_env else ""
        return BackstageSource(self.name, self.url, token, tuple(self.filters), self.token_env or "")


class AppEntry(_Entry):
    """A GitHub App: `key` is the path of its private key, relative to idp.yaml."""

    client_id: str
    key: str = Field(min_length=1)
    installation: int = 0


class GitHubEntry(_Entry):
    """The repositories of an organisation; with an App instead of a token where `app` is given."""

    name: Name
    type: Literal["github"]
    org: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}$")
    url: ApiUrl = GITHUB
    token_env: Variable = "GITHUB_TOKEN"  # noqa: S105  # the name of the variable, not the token
    app: AppEntry | None = None
    webhook_secret_env: Variable = "GITHUB_WEBHOOK_SECRET"  # noqa: S105  # the same
    paths: list[InnerPath] = Field(default=["catalog-info.yaml"], min_length=1, max_length=10)
    repositories: list[str] = Field(default_factory=list)
    topics: list[str] = Field(default_factory=list)
    without_topics: list[str] = Field(default_factory=list)
    archived: bool = False
    forks: bool = False

    def source(self, folder: Path) -> GitHubSource:
        """What it makes; `folder` is where idp.yaml lies."""
        return GitHubSource(
            name=self.name,
            org=self.org,
            credential=self._credential(folder),
            url=self.url,
            paths=tuple(self.paths),
            names=tuple(self.repositories),
            topics=tuple(self.topics),
            without=tuple(self.without_topics),
            archived=self.archived,
            forks=self.forks,
        )

    def webhook_secret(self) -> str:
        """What GitHub signs its deliveries with; "" where none are expected."""
        return os.environ.get(self.webhook_secret_env, "")

    def _credential(self, folder: Path) -> Credential:
        if self.app is None:
            return Token(os.environ.get(self.token_env, ""), self.token_env)
        return App(self.app.client_id, (folder / Path(self.app.key).expanduser()), self.org, self.app.installation)

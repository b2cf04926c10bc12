"""The entries of idp.yaml for golden paths: the templates, where repositories are made, where manifests go."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.settings.source_entries import ApiUrl, AppEntry, InnerPath, Name, Variable
from data.catalog.entity import parse_ref
from data.catalog.sources.github import GITHUB
from data.catalog.sources.github_token import App, Credential, Token
from data.catalog.sources.remote import parse_remote
from data.errors import Invalid
from data.http.api import Api
from data.ports.gitops import GitOps
from data.ports.golden_paths import KNOWN, GoldenPath
from data.ports.repo_host import RepoHost

Beside = Callable[[str], Path]  # a path of idp.yaml made absolute


def group_named(value: str) -> str:
    """A group unless another kind is named."""
    try:
        return str(parse_ref(value, "group"))
    except Invalid as error:
        raise ValueError(f"a reference such as group:platform. {error.message}") from None


def full_commit(value: str) -> str:
    """Trust is in an exact state, never in a name that can move."""
    if len(value) != 40 or any(c not in "0123456789abcdef" for c in value):
        raise ValueError("a full commit id: 40 hexadecimal digits")
    return value


def known_field(value: str) -> str:
    """What the platform can answer."""
    if value not in KNOWN:
        raise ValueError("one of " + ", ".join(KNOWN))
    return value


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class GoldenPathEntry(_Entry):
    """One template: a folder beside idp.yaml or a git URL, and who may use it."""

    id: Name
    title: str = Field(min_length=1, max_length=75)
    source: str = Field(min_length=1)
    language: str = ""
    description: str = Field(default="", max_length=300)
    owner: Annotated[str, AfterValidator(group_named)] = ""
    version: str = ""
    groups: list[str] = Field(default=["*"], min_length=1)
    trusted: list[Annotated[str, AfterValidator(full_commit)]] = Field(default_factory=list)
    fields: dict[str, Annotated[str, AfterValidator(known_field)]] = Field(default_factory=dict)
    manifests: InnerPath = "deploy"
    formerly: list[str] = Field(default_factory=list, max_length=20)

    def path(self, beside: Beside) -> GoldenPath:
        """What it makes. Raises Invalid for a URL that is none."""
        local = "://" not in self.source and "@" not in self.source
        source = str(beside(self.source).resolve()) if local else self.source
        if not local:
            parse_remote(source)
        return GoldenPath(
            id=self.id,
            title=self.title,
            source=source,
            language=self.language,
            description=self.description,
            owner=self.owner,
            version=self.version,
            groups=tuple(self.groups),
            trusted=tuple(self.trusted),
            fields=self.fields,
            manifests=self.manifests,
            formerly=tuple(self.formerly),
        )


class LocalHostEntry(_Entry):
    """Bare repositories in a folder beside idp.yaml; `url` is where they can be looked at, if anywhere."""

    type: Literal["local"]
    path: str = Field(min_length=1)
    org: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}$")
    url: str = ""

    def host(self, beside: Beside) -> RepoHost:
        """What it makes."""
        from data.integrations.repos.local import LocalHost

        return LocalHost(beside(self.path), self.org, self.url)


class GitHubHostEntry(_Entry):
    """An organisation at GitHub, with an App or a token; `web` is where its pages are."""

    type: Literal["github"]
    org: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}$")
    url: ApiUrl = GITHUB
    web: ApiUrl = "https://github.com"
    token_env: Variable = "GITHUB_TOKEN"  # noqa: S105  # the name of the variable, not the token
    app: AppEntry | None = None
    visibility: Literal["private", "public"] = "private"

    def host(self, beside: Beside) -> RepoHost:
        """What it makes; the token is read from the environment now."""
        from data.integrations.repos.github import GitHubHost
        from data.integrations.repos.github_calls import GitHubCalls

        if self.app:
            key = beside(self.app.key)
            credential: Credential = App(self.app.client_id, key, self.org, self.app.installation)
        else:
            credential = Token(os.environ.get(self.token_env, ""), self.token_env)
        return GitHubHost(GitHubCalls(Api(self.url), credential), self.org, self.web, self.visibility)


class GitOpsEntry(_Entry):
    """The repository that a GitOps controller reads, and the folder of one service in it."""

    repository: str = Field(min_length=1, max_length=100)
    folder: InnerPath = "apps/{name}"

    def place(self) -> GitOps:
        """What it makes."""
        return GitOps(self.repository, self.folder)

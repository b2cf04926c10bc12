"""The entries of idp.yaml for development workspaces: their shape, and the system that each of them makes."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.settings.source_entries import ApiUrl, Variable

if TYPE_CHECKING:  # they bring an HTTP client along, which many installs do not need
    from data.ports.workspaces import Workspaces

Now = Callable[[], datetime]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FakeWorkspacesEntry(_Entry):
    """Workspaces that are only remembered, for trying the bot out; in a file they outlive a restart."""

    type: Literal["fake"]
    path: str = ""

    def connect(self, folder: Path, now: Now) -> "Workspaces":
        """What it makes; `folder` is that of idp.yaml."""
        from data.integrations.workspaces.fake import FakeWorkspaces

        return FakeWorkspaces(now, folder / self.path if self.path else None)


class CoderEntry(_Entry):
    """A Coder deployment, with a token that may create workspaces for others and see everybody's."""

    type: Literal["coder"]
    url: ApiUrl
    token_env: Variable = "CODER_TOKEN"  # noqa: S105  # the name of the variable, not the token
    organization: Name = "default"
    vscode: Literal["redirect", "direct"] = "redirect"

    def connect(self, _folder: Path, now: Now) -> "Workspaces":
        """What it makes; the token is read from the environment now."""
        from data.integrations.workspaces.coder import CoderWorkspaces
        from data.integrations.workspaces.coder_api import CoderApi

        api = CoderApi(self.url, os.environ.get(self.token_env, ""), self.organization)
        return CoderWorkspaces(api, now, self.url, self.token_env, self.vscode)


class CodespacesEntry(_Entry):
    """The Codespaces of a GitHub organisation: listed, stopped and deleted with its token, launched by a link."""

    type: Literal["codespaces"]
    org: Name
    token_env: Variable = "GITHUB_TOKEN"  # noqa: S105  # the name of the variable, not the token
    url: ApiUrl = "https://api.github.com"
    vscode: Literal["redirect", "direct"] = "redirect"

    def connect(self, _folder: Path, _now: Now) -> "Workspaces":
        """What it makes; the token is read from the environment now."""
        from data.integrations.workspaces.codespaces import Codespaces, connect

        api = connect(self.url, os.environ.get(self.token_env, ""))
        return Codespaces(api, self.org, self.token_env, self.vscode)


WorkspacesEntry = Annotated[FakeWorkspacesEntry | CoderEntry | CodespacesEntry, Field(discriminator="type")]

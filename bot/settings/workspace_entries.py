"""The entries of idp.yaml for development workspaces: their shape, and the system that each of them makes."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:  # they bring an HTTP client along, which many installs do not need
    from data.ports.workspaces import Workspaces

Now = Callable[[], datetime]


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


WorkspacesEntry = FakeWorkspacesEntry

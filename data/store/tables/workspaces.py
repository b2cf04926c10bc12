"""The table of development workspaces. `data.store.workspaces.Workspace` says what the columns mean."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from data.store.tables.catalog import UtcDateTime


class WorkspaceRow(SQLModel, table=True):
    """One workspace, made by us or found in its system."""

    __tablename__ = "workspace"
    __table_args__ = (
        Index("workspace_owner", "owner", "state"),
        Index("workspace_target", "target", "state"),
        Index("workspace_next", "next_at"),
        Index("workspace_due", "state", "due_at"),
        Index("workspace_remote", "system", "remote"),
    )

    id: int | None = Field(default=None, primary_key=True)
    live_key: str | None = Field(unique=True)  # system, owner and name while it lives: no two of one name
    request: int | None = Field(unique=True)
    system: str
    remote: str
    name: str
    template: str
    owner: str
    email: str
    target: str
    team: str
    seconds: int
    state: str
    wanted: str
    wanted_by: str
    wanted_at: datetime | None = Field(sa_type=UtcDateTime)
    extend_to: datetime | None = Field(sa_type=UtcDateTime)
    revision: int
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime | None = Field(sa_type=UtcDateTime)
    building_since: datetime | None = Field(sa_type=UtcDateTime)
    running_since: datetime | None = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(sa_type=UtcDateTime)
    warned_for: datetime | None = Field(sa_type=UtcDateTime)
    seen_at: datetime | None = Field(sa_type=UtcDateTime)
    cost: int | None
    web_url: str = Field(sa_type=Text)
    editor_url: str = Field(sa_type=Text)
    error: str = Field(sa_type=Text)
    log: str = Field(sa_type=Text)
    tries: int
    alarms: int
    starts: int
    next_at: datetime | None = Field(sa_type=UtcDateTime)

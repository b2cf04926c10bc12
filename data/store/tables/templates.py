"""The tables of the care for golden paths: their versions, and how services stand to them.

Alembic migrations create them; a test compares the two.
"""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from data.store.tables.catalog import UtcDateTime


class TemplateVersionRow(SQLModel, table=True):
    """One version of a golden path, as the clock last found it; `position` counts from the oldest, 0."""

    __tablename__ = "template_version"

    path: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    position: int
    notes: str = Field(sa_type=Text)  # what its CHANGELOG says of it, Markdown
    seen_at: datetime = Field(sa_type=UtcDateTime)  # when it was found first


class TemplateCheckRow(SQLModel, table=True):
    """How a service stood to its golden path when its repository was last looked at."""

    __tablename__ = "template_check"
    __table_args__ = (Index("template_check_path", "path"),)

    entity: str = Field(sa_column=Column("entity", primary_key=True))
    path: str
    version: str  # the one it followed
    target: str  # the one it was compared with
    outcome: str  # clean, conflicts or unknown
    edited: str = Field(sa_type=Text)  # JSON list of paths
    conflicts: str = Field(sa_type=Text)  # JSON list of paths
    note: str = Field(sa_type=Text)  # why it is unknown
    checked_at: datetime = Field(sa_type=UtcDateTime)

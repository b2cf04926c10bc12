"""The tables of golden paths: what was made from them, and forms that are being filled in."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from data.store.tables.catalog import UtcDateTime


class MadeServiceRow(SQLModel, table=True):
    """One service that a run has made; `data.store.made.MadeService` says what the columns mean."""

    __tablename__ = "made_service"
    __table_args__ = (Index("made_service_ref", "ref"),)

    request: int = Field(sa_column=Column("request", primary_key=True, autoincrement=False))
    ref: str
    repository: str
    url: str
    path: str
    version: str
    commit: str
    content: str = Field(sa_type=Text)
    made_at: datetime = Field(sa_type=UtcDateTime)


class FormDraftRow(SQLModel, table=True):
    """A form of several pages that somebody fills in; `data.store.drafts.FormDraft` says what the columns mean."""

    __tablename__ = "form_draft"

    id: str = Field(primary_key=True)
    person: str
    action: str
    given: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    dry_run: bool
    changed_at: datetime = Field(sa_type=UtcDateTime)

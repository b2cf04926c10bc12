"""The tables of what is told unasked: weekly digests, the monthly note, what teams set for them, and open Homes.

Alembic migrations create them; a test compares the two.
"""

from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from data.store.tables.catalog import UtcDateTime


class DigestRow(SQLModel, table=True):
    """One digest of one audience for one period: the pair is what makes it happen once.

    `audience` is the reference of a team, or "leadership"; `period` is 2026-W47 or 2026-11. `content` is the
    canonical JSON of what it says, fixed when it was made. `data.store.digests` says what the states mean.
    """

    __tablename__ = "digest"
    __table_args__ = (
        UniqueConstraint("audience", "period"),
        Index("digest_period", "period", "state"),
        Index("digest_state", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    audience: str
    period: str
    state: str
    due_at: datetime = Field(sa_type=UtcDateTime)
    place: str
    content: str = Field(sa_type=Text)
    picture: str  # id of the uploaded picture, "" for none
    sheet: str = Field(sa_type=Text)  # always ""; kept while a replica of the version before may still write it
    tries: int
    error: str = Field(sa_type=Text)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    reported: bool  # the platform team has heard of the trouble


class DigestSettingRow(SQLModel, table=True):
    """What a team has set for its digest; "" takes what the catalog or the configuration says."""

    __tablename__ = "digest_setting"

    team: str = Field(primary_key=True)
    muted_until: datetime | None = Field(sa_type=UtcDateTime)
    quiet: str  # 18:00-09:30 in the team's wall time
    frequency: str
    person: str  # who changed it last
    at: datetime = Field(sa_type=UtcDateTime)


class DisownedRow(SQLModel, table=True):
    """Somebody of a team said that an entity is not theirs; the digest leaves it out until then."""

    __tablename__ = "digest_disowned"

    team: str = Field(primary_key=True)
    entity: str = Field(primary_key=True)
    person: str
    at: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)


class HomeRow(SQLModel, table=True):
    """An account that has opened the app's Home."""

    __tablename__ = "home"
    __table_args__ = (Index("home_person", "person"), Index("home_opened", "opened_at"))

    account: str = Field(sa_column=Column("account", primary_key=True))
    person: str  # reference of the User entity, "" while it is not known
    opened_at: datetime = Field(sa_type=UtcDateTime)
    shown: int  # how often; who shows it finds another number there when somebody else did so meanwhile
    fingerprint: str  # of the view that was published last

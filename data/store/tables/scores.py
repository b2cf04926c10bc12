"""The tables of scorecards: facts with their history, results, and what people said about single checks.

Alembic migrations create them; a test compares the two.
"""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from data.store.tables.catalog import UtcDateTime


class FactRow(SQLModel, table=True):
    """The last good value of one fact of one entity."""

    __tablename__ = "fact"
    __table_args__ = (Index("fact_source", "source"), Index("fact_changed", "changed_at"))

    entity: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str = Field(sa_type=Text)  # JSON
    source: str
    observed_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)  # when the value became this one


class FactChangeRow(SQLModel, table=True):
    """A fact took another value; `value` "" when it was withdrawn."""

    __tablename__ = "fact_change"
    __table_args__ = (Index("fact_change_of", "entity", "name", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    entity: str
    name: str
    value: str = Field(sa_type=Text)
    source: str
    at: datetime = Field(sa_type=UtcDateTime)


class CollectorRow(SQLModel, table=True):
    """How the last run of a collector went; `told_at` is when it last learned anything."""

    __tablename__ = "collector"

    name: str = Field(primary_key=True)
    tried_at: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime | None = Field(sa_type=UtcDateTime)
    error: str = Field(sa_type=Text)
    facts: int


class ScoreRow(SQLModel, table=True):
    """The present result of one entity on one scorecard, as the clock last worked it out."""

    __tablename__ = "score"
    __table_args__ = (Index("score_owner", "owner"), Index("score_entity", "entity"))

    scorecard: str = Field(primary_key=True)
    entity: str = Field(primary_key=True)
    owner: str  # canonical reference of the owner found, "" for none
    level: str  # the highest one reached, "" for none
    points: int  # percent of the weight that is known
    outcomes: str = Field(sa_type=Text)  # JSON object: rule -> pass, fail, unknown, exempt, grace or announced
    first_at: datetime = Field(sa_type=UtcDateTime)  # when the entity was first seen here
    changed_at: datetime = Field(sa_type=UtcDateTime)


class ScoreChangeRow(SQLModel, table=True):
    """The level or an outcome of an entity changed. The first result of an entity is no change."""

    __tablename__ = "score_change"
    __table_args__ = (Index("score_change_owner", "owner", "at"), Index("score_change_at", "at"))

    id: int | None = Field(default=None, primary_key=True)
    scorecard: str
    entity: str
    owner: str
    at: datetime = Field(sa_type=UtcDateTime)
    level_before: str
    level: str
    outcomes_before: str = Field(sa_type=Text)
    outcomes: str = Field(sa_type=Text)


class LevelDayRow(SQLModel, table=True):
    """How many entities of an owner stood at a level at the end of a day (UTC)."""

    __tablename__ = "score_level_day"

    day: str = Field(sa_column=Column("day", primary_key=True))  # 2026-11-23
    scorecard: str = Field(primary_key=True)
    owner: str = Field(primary_key=True)
    level: str = Field(primary_key=True)
    entities: int


class RuleDayRow(SQLModel, table=True):
    """How many entities of an owner passed, failed or left a rule unknown at the end of a day (UTC)."""

    __tablename__ = "score_rule_day"

    day: str = Field(sa_column=Column("day", primary_key=True))
    scorecard: str = Field(primary_key=True)
    owner: str = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    passed: int
    failed: int
    unknown: int


class ClaimRow(SQLModel, table=True):
    """Somebody takes care of a failing check."""

    __tablename__ = "rule_claim"

    entity: str = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    person: str
    at: datetime = Field(sa_type=UtcDateTime)


class SnoozeRow(SQLModel, table=True):
    """Nobody is reminded of a failing check until a time; it still counts."""

    __tablename__ = "rule_snooze"

    entity: str = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    until: datetime = Field(sa_type=UtcDateTime)
    person: str
    at: datetime = Field(sa_type=UtcDateTime)


class ExemptionRow(SQLModel, table=True):
    """A check does not count for an entity until a time, with a reason and an approval (`request`)."""

    __tablename__ = "rule_exemption"
    __table_args__ = (Index("rule_exemption_of", "entity", "rule"),)

    request: int = Field(sa_column=Column("request", primary_key=True, autoincrement=False))
    entity: str
    rule: str
    until: datetime = Field(sa_type=UtcDateTime)
    reason: str = Field(sa_type=Text)
    person: str  # who asked for it
    at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(sa_type=UtcDateTime)  # taken back before its time

"""Facts with their history, results of scorecards, and what people said about single checks."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _keys(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), primary_key=True) for name in names]


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _long_texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _times(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=nullable) for name in names]


def upgrade() -> None:
    _facts()
    _results()
    _days()
    _said_by_people()


def _facts() -> None:
    op.create_table(
        "fact",
        *_keys("entity", "name"),
        *_long_texts("value"),
        *_texts("source"),
        *_times("observed_at", "changed_at"),
    )
    op.create_index("fact_source", "fact", ["source"])
    op.create_index("fact_changed", "fact", ["changed_at"])
    op.create_table(
        "fact_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_texts("entity", "name"),
        *_long_texts("value"),
        *_texts("source"),
        *_times("at"),
    )
    op.create_index("fact_change_of", "fact_change", ["entity", "name", "at"])
    op.create_table(
        "collector",
        *_keys("name"),
        *_times("tried_at"),
        *_times("told_at", nullable=True),
        *_long_texts("error"),
        *_numbers("facts"),
    )


def _results() -> None:
    op.create_table(
        "score",
        *_keys("scorecard", "entity"),
        *_texts("owner", "level"),
        *_numbers("points"),
        *_long_texts("outcomes"),
        *_times("first_at", "changed_at"),
    )
    op.create_index("score_owner", "score", ["owner"])
    op.create_index("score_entity", "score", ["entity"])
    op.create_table(
        "score_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_texts("scorecard", "entity", "owner"),
        *_times("at"),
        *_texts("level_before", "level"),
        *_long_texts("outcomes_before", "outcomes"),
    )
    op.create_index("score_change_owner", "score_change", ["owner", "at"])
    op.create_index("score_change_at", "score_change", ["at"])


def _days() -> None:
    op.create_table("score_level_day", *_keys("day", "scorecard", "owner", "level"), *_numbers("entities"))
    op.create_table(
        "score_rule_day", *_keys("day", "scorecard", "owner", "rule"), *_numbers("passed", "failed", "unknown")
    )


def _said_by_people() -> None:
    op.create_table("rule_claim", *_keys("entity", "rule"), *_texts("person"), *_times("at"))
    op.create_table("rule_snooze", *_keys("entity", "rule"), *_times("until"), *_texts("person"), *_times("at"))
    op.create_table(
        "rule_exemption",
        sa.Column("request", sa.Integer(), primary_key=True, autoincrement=False),
        *_texts("entity", "rule"),
        *_times("until"),
        *_long_texts("reason"),
        *_texts("person"),
        *_times("at"),
        *_times("ended_at", nullable=True),
    )
    op.create_index("rule_exemption_of", "rule_exemption", ["entity", "rule"])

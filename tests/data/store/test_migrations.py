"""Upgrades keep what people have: rows of every earlier revision, in every table, on both databases."""

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from data.store import schema
from data.store.database import Database, Store

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
VALUES: Mapping[type[sa.types.TypeEngine[Any]], Any] = {
    sa.Boolean: True,
    sa.Integer: 7,
    sa.Float: 1.5,
    sa.DateTime: AT,
    sa.LargeBinary: b"\x00bytes",
    sa.String: "{}",  # a text, and JSON where a text is meant to hold some
}

DROPPED = {("entity", "body"), ("home", "wanted")}  # of revisions before the first release

Rows = dict[str, list[dict[str, Any]]]


def upgrade(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with database.store() as store:
        config.attributes["connection"] = store.connection
        command.upgrade(config, revision)


def fill(database: Database) -> None:
    """One row in every table that has none."""
    with database.store() as store:
        for table in tables(store):
            if store.connection.execute(sa.select(table).limit(1)).first() is None:
                store.connection.execute(table.insert().values({each.name: value(each) for each in table.columns}))


def value(column: sa.Column[Any]) -> Any:
    return next(made for kind, made in VALUES.items() if isinstance(column.type, kind))


def tables(store: Store) -> list[sa.Table]:
    metadata = sa.MetaData()
    metadata.reflect(store.connection)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def rows(database: Database) -> Rows:
    with database.reading() as store:
        return {
            table.name: [dict(row._mapping) for row in store.connection.execute(sa.select(table))]
            for table in tables(store)
        }


def assert_kept(before: Rows, after: Rows) -> None:
    """What was there is there: a later revision may add columns and tables, and lose none of the values."""
    for name, old in before.items():
        gone = {column for table, column in DROPPED if table == name} - after[name][0].keys()
        kept = [{key: was[key] for key in was.keys() - gone} for was in old]
        assert [{key: row[key] for key in was} for was, row in zip(kept, after[name], strict=True)] == kept, name


def test_rows_of_every_revision_survive_every_later_one(empty_url: str) -> None:
    with closing(Database(empty_url)) as database:
        kept: Rows = {}
        for revision in schema.revisions():
            upgrade(database, revision)
            assert_kept(kept, rows(database))
            fill(database)
            kept = rows(database)
            assert all(kept.values()), revision
        database.check()


@pytest.mark.parametrize("at", [0, -2])
def test_an_old_and_a_recent_database_become_todays_in_one_go(empty_url: str, at: int) -> None:
    with closing(Database(empty_url)) as database:
        upgrade(database, schema.revisions()[at])
        fill(database)
        before = rows(database)
        assert database.migrate()
        assert_kept(before, rows(database))
        with database.reading() as store:
            context = MigrationContext.configure(store.connection, opts={"compare_type": True})
            assert compare_metadata(context, SQLModel.metadata) == []

"""Alembic runs this file; the connection, with its transaction, comes from `data.store.schema`."""

from alembic import context
from sqlmodel import SQLModel

from data.store import models

assert models.CatalogRow.__tablename__ in SQLModel.metadata.tables  # noqa: S101  # the import fills the metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()

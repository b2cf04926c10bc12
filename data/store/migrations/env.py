"""Alembic runs this file; the connection, with its transaction, comes from `data.store.schema`."""

from alembic import context

from data.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata(), render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()

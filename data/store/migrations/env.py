"""Alembic runs this file; the connection, with its transaction, comes from `data.store.schema`."""

from alembic import context
from sqlmodel import SQLModel

from data.store import (
    digest_models,
    golden_models,
    models,
    people,
    score_models,
    template_models,
    work_models,
    workspace_models,
)

# The imports fill the metadata.
ROWS = (
    models.CatalogRow,
    work_models.RequestRow,
    people.BindingRow,
    score_models.FactRow,
    workspace_models.WorkspaceRow,
    template_models.TemplateVersionRow,
    digest_models.DigestRow,
    golden_models.MadeServiceRow,
)
assert {row.__tablename__ for row in ROWS} <= SQLModel.metadata.tables.keys()  # noqa: S101  # see above

context.configure(
    connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()

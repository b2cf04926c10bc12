"""Alembic runs this file; the connection, with its transaction, comes from `data.store.schema`."""

from alembic import context
from sqlmodel import SQLModel

from data.store import people
from data.store.tables import catalog, digests, golden_paths, scores, templates, work, workspaces

# The imports fill the metadata.
ROWS = (
    catalog.CatalogRow,
    work.RequestRow,
    people.BindingRow,
    scores.FactRow,
    workspaces.WorkspaceRow,
    templates.TemplateVersionRow,
    digests.DigestRow,
    golden_paths.MadeServiceRow,
)
assert {row.__tablename__ for row in ROWS} <= SQLModel.metadata.tables.keys()  # noqa: S101  # see above

context.configure(
    connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()

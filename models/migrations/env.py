"""Run by Alembic: migrate on the connection that the caller holds, inside the caller's transaction."""

from __future__ import annotations

from alembic import context

from models.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,  # SQLite can not alter a column in place
    compare_type=True,
)
context.run_migrations()

"""Run by Alembic: takes the steps on the connection that `steps.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from vitascope.jobs.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,  # SQLite changes a table by building it anew
)
with context.begin_transaction():
    context.run_migrations()

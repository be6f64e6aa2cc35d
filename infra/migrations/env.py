"""Alembic's own front door: runs the steps on the connection it was handed, in one transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()

"""Alembic's entry: runs the migrations on the connection that ``store/opening.py`` hands over."""

from alembic import context

from exlogare_server.store.sql.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()

"""Alembic migrations. ``sql/schema.py`` names the newest."""

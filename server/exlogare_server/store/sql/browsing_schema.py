"""The table of figures by kind of failure; see ``schema.py``."""

import sqlalchemy as sa

from exlogare_server.store.sql.schema import metadata

# Only failures, and only by days: the dashboard reads at most a quarter of a year, some sixty rows a day.
stats_kind = sa.Table(
    "stats_kind", metadata,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("category", sa.String(64), primary_key=True),
    sa.Column("severity", sa.String(8), primary_key=True),
    sa.Column("failures", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

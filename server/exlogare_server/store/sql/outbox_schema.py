"""The tables of what is owed to the outside; see ``schema.py``."""

import sqlalchemy as sa

from exlogare_server.store.sql.schema import metadata

receivers = sa.Table(
    "receivers", metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("tenants.id"), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("address", sa.String(2048), nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("events", sa.String(256), nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("severity_min", sa.String(8), nullable=False),
    sa.Column("novel_only", sa.Boolean, nullable=False),
    sa.Column("consecutive_failures", sa.Integer, nullable=False),
    sa.Column("last_delivery_at_us", sa.BigInteger),
    sa.Column("last_status", sa.Integer),
    sa.Column("last_error", sa.Text),
    sa.Column("disabled_at_us", sa.BigInteger),
    sa.Column("created_at_us", sa.BigInteger, nullable=False),
    sa.Index(None, "tenant_id", "created_at_us"),
)  # fmt: skip

deliveries = sa.Table(
    "deliveries", metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("receiver_id", sa.Uuid, sa.ForeignKey("receivers.id", ondelete="CASCADE"), nullable=False),
    sa.Column("analysis_id", sa.Uuid, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    # A claim moves it into the future: what a worker leaves behind when it dies is due again by itself.
    sa.Column("due_at_us", sa.BigInteger, nullable=False),
    sa.Column("lease", sa.Uuid),
    sa.Column("created_at_us", sa.BigInteger, nullable=False),
    sa.Index(None, "due_at_us"),
    sa.Index(None, "receiver_id"),
)  # fmt: skip

attempts = sa.Table(
    "attempts", metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("receiver_id", sa.Uuid, sa.ForeignKey("receivers.id", ondelete="CASCADE"), nullable=False),
    sa.Column("delivery_id", sa.Uuid, nullable=False),
    # None for a test.
    sa.Column("analysis_id", sa.Uuid),
    sa.Column("at_us", sa.BigInteger, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("error", sa.Text),
    sa.Index(None, "receiver_id", "at_us"),
)  # fmt: skip

"""The table of links that let people in; see ``schema.py``."""

import sqlalchemy as sa

from exlogare_server.store.sql.schema import metadata

invitations = sa.Table(
    "invitations", metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("tenants.id"), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("sha256", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("created_by", sa.String(254), nullable=False),
    sa.Column("created_at_us", sa.BigInteger, nullable=False),
    sa.Column("expires_at_us", sa.BigInteger, nullable=False),
    # One open link a person; a new one takes the place of the old one.
    sa.UniqueConstraint("tenant_id", "email"),
)  # fmt: skip

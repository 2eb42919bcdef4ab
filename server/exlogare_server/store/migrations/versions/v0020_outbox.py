"""Receivers and the deliveries that are owed to them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "receivers",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("tenant_id", sa.Uuid, nullable=False),
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
        sa.PrimaryKeyConstraint("id", name="pk_receivers"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_receivers_tenant_id"),
    )
    op.create_index("ix_receivers_tenant_id_created_at_us", "receivers", ["tenant_id", "created_at_us"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("receiver_id", sa.Uuid, nullable=False),
        sa.Column("analysis_id", sa.Uuid, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at_us", sa.BigInteger, nullable=False),
        sa.Column("lease", sa.Uuid),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["receiver_id"], ["receivers.id"], name="fk_deliveries_receiver_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_deliveries_due_at_us", "deliveries", ["due_at_us"])
    op.create_index("ix_deliveries_receiver_id", "deliveries", ["receiver_id"])

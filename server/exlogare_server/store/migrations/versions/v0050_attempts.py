"""The last attempts of each receiver, for people to see why a delivery does not arrive."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0040"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "attempts",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("receiver_id", sa.Uuid, nullable=False),
        sa.Column("delivery_id", sa.Uuid, nullable=False),
        sa.Column("analysis_id", sa.Uuid),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
        sa.ForeignKeyConstraint(["receiver_id"], ["receivers.id"], name="fk_attempts_receiver_id", ondelete="CASCADE"),
    )
    op.create_index("ix_attempts_receiver_id_at_us", "attempts", ["receiver_id", "at_us"])

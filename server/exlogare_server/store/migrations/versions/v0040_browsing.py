"""Indexes and figures for people who browse, and why the engine is sure of what it says."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0030"

_DAY_US = 86_400_000_000


def upgrade() -> None:
    """Make them; the figures are made of the analyses there."""
    op.add_column("analyses", sa.Column("reasons", sa.Text))
    for column in ("branch", "category", "provider_label"):
        op.create_index(
            f"ix_analyses_tenant_id_{column}_created_at_us_id", "analyses", ["tenant_id", column, "created_at_us", "id"]
        )
    for column in ("first_seen_at_us", "regressed_at_us"):
        op.create_index(f"ix_clusters_tenant_id_{column}_id", "clusters", ["tenant_id", column, "id"])
    op.create_table(
        "stats_kind",
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("day", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("severity", sa.String(8), nullable=False),
        sa.Column("failures", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "day", "category", "severity", name="pk_stats_kind"),
        sqlite_with_rowid=False,
    )
    # Whole numbers on both sides: a division of integers, in both databases.
    op.execute(
        sa.text(
            "INSERT INTO stats_kind (tenant_id, day, category, severity, failures) "  # noqa: S608 - a number of ours
            f"SELECT tenant_id, created_at_us / {_DAY_US}, category, severity, COUNT(*) FROM analyses "
            f"WHERE cluster_id IS NOT NULL GROUP BY tenant_id, created_at_us / {_DAY_US}, category, severity"
        )
    )

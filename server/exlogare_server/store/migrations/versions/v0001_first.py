"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make tenants, users, memberships, tokens and analyses."""
    op.create_table(
        "tenants",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("slug", sa.String(128), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("plan", sa.String(16), nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tenants"),
        sa.UniqueConstraint("slug", name="uq_tenants_slug"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("display_name", sa.String(254), nullable=False),
        sa.Column("password_hash", sa.String(256), nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )
    op.create_table(
        "memberships",
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", name="pk_memberships"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_memberships_tenant_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_memberships_user_id"),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("prefix", sa.String(12), nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("scopes", sa.String(128), nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("expires_at_us", sa.BigInteger),
        sa.Column("revoked_at_us", sa.BigInteger),
        sa.Column("last_used_at_us", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("sha256", name="uq_api_tokens_sha256"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_api_tokens_tenant_id"),
    )
    op.create_index("ix_api_tokens_tenant_id_created_at_us", "api_tokens", ["tenant_id", "created_at_us"])
    op.create_table(
        "analyses",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("run_key", sa.LargeBinary(32), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("provider_label", sa.String(32), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("ci_run_id", sa.String(640), nullable=False),
        sa.Column("ci_job_id", sa.String(256)),
        sa.Column("project", sa.String(512), nullable=False),
        sa.Column("pipeline_url", sa.String(2048)),
        sa.Column("job_url", sa.String(2048)),
        sa.Column("job_name", sa.String(512)),
        sa.Column("build_number", sa.String(64)),
        sa.Column("branch", sa.String(256)),
        sa.Column("commit_sha", sa.String(64)),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("failure", sa.Boolean, nullable=False),
        sa.Column("root_cause", sa.Text, nullable=False),
        sa.Column("explanation", sa.Text, nullable=False),
        sa.Column("fix_suggestion", sa.Text, nullable=False),
        sa.Column("severity", sa.String(8), nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.String(128), nullable=False),
        sa.Column("tool", sa.String(64)),
        sa.Column("cause_line", sa.BigInteger),
        sa.Column("needs_more_context", sa.Boolean, nullable=False),
        sa.Column("missing_context_hint", sa.Text),
        sa.Column("rca_ms", sa.BigInteger, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("updated_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_analyses"),
        sa.UniqueConstraint("tenant_id", "run_key", name="uq_analyses_tenant_id_run_key"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_analyses_tenant_id"),
    )
    op.create_index("ix_analyses_tenant_id_created_at_us_id", "analyses", ["tenant_id", "created_at_us", "id"])
    op.create_index(
        "ix_analyses_tenant_id_project_created_at_us_id",
        "analyses",
        ["tenant_id", "project", "created_at_us", "id"],
    )

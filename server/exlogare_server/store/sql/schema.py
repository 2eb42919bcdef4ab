"""The tables, as the code uses them. The migrations make them; a test holds the two together.

Portable between SQLite and PostgreSQL: times are microseconds since 1970 in 64-bit integers, ids are ``Uuid``
(native on PostgreSQL, 32 hex digits on SQLite, both in the same order), structured values are JSON text.
"""

import sqlalchemy as sa

# The newest migration. A server refuses a database that is at another one.
REVISION = "0001"

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

tenants = sa.Table(
    "tenants", metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("slug", sa.String(128), nullable=False, unique=True),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("plan", sa.String(16), nullable=False),
    sa.Column("created_at_us", sa.BigInteger, nullable=False),
)  # fmt: skip

users = sa.Table(
    "users", metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("email", sa.String(254), nullable=False, unique=True),
    sa.Column("display_name", sa.String(254), nullable=False),
    sa.Column("password_hash", sa.String(256), nullable=False),
    sa.Column("created_at_us", sa.BigInteger, nullable=False),
)  # fmt: skip

memberships = sa.Table(
    "memberships", metadata,
    sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("tenants.id"), primary_key=True),
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("created_at_us", sa.BigInteger, nullable=False),
)  # fmt: skip

api_tokens = sa.Table(
    "api_tokens", metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("tenants.id"), nullable=False),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("prefix", sa.String(12), nullable=False),
    sa.Column("sha256", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("scopes", sa.String(128), nullable=False),
    sa.Column("created_at_us", sa.BigInteger, nullable=False),
    sa.Column("expires_at_us", sa.BigInteger),
    sa.Column("revoked_at_us", sa.BigInteger),
    sa.Column("last_used_at_us", sa.BigInteger),
    sa.Index(None, "tenant_id", "created_at_us"),
)  # fmt: skip

analyses = sa.Table(
    "analyses", metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("tenants.id"), nullable=False),
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
    # One row a run; renewal is an update of it.
    sa.UniqueConstraint("tenant_id", "run_key"),
    # Every list is read along one of these two, newest first, without sorting.
    sa.Index(None, "tenant_id", "created_at_us", "id"),
    sa.Index(None, "tenant_id", "project", "created_at_us", "id"),
)  # fmt: skip

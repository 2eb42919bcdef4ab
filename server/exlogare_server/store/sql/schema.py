"""The tables, as the code uses them. The migrations make them; a test holds the two together.

Portable between SQLite and PostgreSQL: times are microseconds since 1970 in 64-bit integers, ids are ``Uuid``
(native on PostgreSQL, 32 hex digits on SQLite, both in the same order), structured values are JSON text.
"""

import sqlalchemy as sa

# The newest migration. A server refuses a database that is at another one.
REVISION = "0060"

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
    # JSON; missing in rows of before it was kept.
    sa.Column("reasons", sa.Text),
    sa.Column("created_at_us", sa.BigInteger, nullable=False),
    sa.Column("updated_at_us", sa.BigInteger, nullable=False),
    sa.Column("cluster_id", sa.Uuid),
    # One row a run; renewal is an update of it.
    sa.UniqueConstraint("tenant_id", "run_key"),
    # Every list is read along one of these, newest first, without sorting.
    sa.Index(None, "tenant_id", "created_at_us", "id"),
    sa.Index(None, "tenant_id", "project", "created_at_us", "id"),
    sa.Index(None, "tenant_id", "project", "severity", "created_at_us", "id"),
    sa.Index(None, "tenant_id", "severity", "created_at_us", "id"),
    sa.Index(None, "tenant_id", "source", "created_at_us", "id"),
    sa.Index(None, "tenant_id", "branch", "created_at_us", "id"),
    sa.Index(None, "tenant_id", "category", "created_at_us", "id"),
    sa.Index(None, "tenant_id", "provider_label", "created_at_us", "id"),
    # The oldest and the newest analysis of a cluster, when one leaves it.
    sa.Index(None, "cluster_id", "created_at_us", "id"),
)  # fmt: skip

sessions = sa.Table(
    "sessions", metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("tenants.id"), nullable=False),
    sa.Column("sha256", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("access_sha256", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("created_at_us", sa.BigInteger, nullable=False),
    sa.Column("expires_at_us", sa.BigInteger, nullable=False),
    sa.Column("access_expires_at_us", sa.BigInteger, nullable=False),
    sa.Column("last_used_at_us", sa.BigInteger, nullable=False),
    sa.Column("client", sa.String(64)),
    sa.Index(None, "user_id"),
)  # fmt: skip

audit_events = sa.Table(
    "audit_events", metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("tenants.id"), nullable=False),
    sa.Column("created_at_us", sa.BigInteger, nullable=False),
    sa.Column("action", sa.String(64), nullable=False),
    sa.Column("actor_id", sa.Uuid),
    sa.Column("actor", sa.String(254), nullable=False),
    sa.Column("target", sa.String(254), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Index(None, "tenant_id", "created_at_us", "id"),
)  # fmt: skip

clusters = sa.Table(
    "clusters", metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("tenant_id", sa.Uuid, sa.ForeignKey("tenants.id"), nullable=False),
    sa.Column("fingerprint_hash", sa.String(64), nullable=False),
    sa.Column("last_root_cause", sa.Text, nullable=False),
    sa.Column("last_severity", sa.String(8), nullable=False),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("first_seen_at_us", sa.BigInteger, nullable=False),
    sa.Column("last_seen_at_us", sa.BigInteger, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("last_analysis_id", sa.Uuid, nullable=False),
    sa.Column("acknowledged_at_us", sa.BigInteger),
    sa.Column("resolved_at_us", sa.BigInteger),
    sa.Column("regressed_at_us", sa.BigInteger),
    sa.UniqueConstraint("tenant_id", "fingerprint_hash"),
    sa.Index(None, "tenant_id", "last_seen_at_us", "id"),
    sa.Index(None, "tenant_id", "status", "last_seen_at_us", "id"),
    # What is new, and what is back.
    sa.Index(None, "tenant_id", "first_seen_at_us", "id"),
    sa.Index(None, "tenant_id", "regressed_at_us", "id"),
)  # fmt: skip

# The figures of a day, kept in the transaction of the analyses that they count. `day` is days since 1970, UTC,
# of the analysis's `created_at_us`. A row may come down to zero; whoever reads leaves such rows out. Where there
# are many rows a day, those of 7 and of 28 days together are kept as well: `span` says of how many days, `day`
# which one is the first.
stats_daily = sa.Table(
    "stats_daily", metadata,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("failures", sa.BigInteger, nullable=False),
    sa.Column("low", sa.BigInteger, nullable=False),
    sa.Column("medium", sa.BigInteger, nullable=False),
    sa.Column("high", sa.BigInteger, nullable=False),
    sa.Column("rca_ms_sum", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

stats_rca = sa.Table(
    "stats_rca", metadata,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("span", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    # See `store/durations.py`.
    sa.Column("bucket", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("analyses", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

stats_project = sa.Table(
    "stats_project", metadata,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("span", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("project", sa.String(512), primary_key=True),
    sa.Column("failures", sa.BigInteger, nullable=False),
    sa.Column("low", sa.BigInteger, nullable=False),
    sa.Column("medium", sa.BigInteger, nullable=False),
    sa.Column("high", sa.BigInteger, nullable=False),
    sa.Index(None, "tenant_id", "project", "span", "day"),
    sqlite_with_rowid=False,
)  # fmt: skip

stats_cause = sa.Table(
    "stats_cause", metadata,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("span", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("cluster_id", sa.Uuid, primary_key=True),
    sa.Column("failures", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

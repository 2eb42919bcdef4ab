"""Sessions, the audit log, clusters, and the daily figures; both of the last are made of the analyses there."""

import hashlib
import uuid
from collections import Counter, defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0001"

_DAY_US = 86_400_000_000
_ROWS = 5_000
_SPANS = (1, 7, 28)


def upgrade() -> None:
    """Make the tables, and fill those that count."""
    _people()
    _clusters()
    _figures()
    _fill(op.get_bind())


def _people() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("access_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("expires_at_us", sa.BigInteger, nullable=False),
        sa.Column("access_expires_at_us", sa.BigInteger, nullable=False),
        sa.Column("last_used_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("sha256", name="uq_sessions_sha256"),
        sa.UniqueConstraint("access_sha256", name="uq_sessions_access_sha256"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_sessions_tenant_id"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "audit_events",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("actor_id", sa.Uuid),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("target", sa.String(254), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_events"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_audit_events_tenant_id"),
    )
    op.create_index("ix_audit_events_tenant_id_created_at_us_id", "audit_events", ["tenant_id", "created_at_us", "id"])


def _clusters() -> None:
    op.add_column("analyses", sa.Column("cluster_id", sa.Uuid))
    op.create_index("ix_analyses_cluster_id_created_at_us_id", "analyses", ["cluster_id", "created_at_us", "id"])
    for column in ("severity", "source"):
        op.create_index(
            f"ix_analyses_tenant_id_{column}_created_at_us_id",
            "analyses",
            ["tenant_id", column, "created_at_us", "id"],
        )
    op.create_table(
        "clusters",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("tenant_id", sa.Uuid, nullable=False),
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
        sa.PrimaryKeyConstraint("id", name="pk_clusters"),
        sa.UniqueConstraint("tenant_id", "fingerprint_hash", name="uq_clusters_tenant_id_fingerprint_hash"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_clusters_tenant_id"),
    )
    op.create_index("ix_clusters_tenant_id_last_seen_at_us_id", "clusters", ["tenant_id", "last_seen_at_us", "id"])
    op.create_index(
        "ix_clusters_tenant_id_status_last_seen_at_us_id", "clusters", ["tenant_id", "status", "last_seen_at_us", "id"]
    )


def _figures() -> None:
    op.create_table(
        "stats_daily",
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("day", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("failures", sa.BigInteger, nullable=False),
        sa.Column("low", sa.BigInteger, nullable=False),
        sa.Column("medium", sa.BigInteger, nullable=False),
        sa.Column("high", sa.BigInteger, nullable=False),
        sa.Column("rca_ms_sum", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "day", name="pk_stats_daily"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stats_rca",
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("span", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("day", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("bucket", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("analyses", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "span", "day", "bucket", name="pk_stats_rca"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stats_project",
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("span", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("day", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("project", sa.String(512), nullable=False),
        sa.Column("failures", sa.BigInteger, nullable=False),
        sa.Column("low", sa.BigInteger, nullable=False),
        sa.Column("medium", sa.BigInteger, nullable=False),
        sa.Column("high", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "span", "day", "project", name="pk_stats_project"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_stats_project_tenant_id_project_span_day", "stats_project", ["tenant_id", "project", "span", "day"]
    )
    op.create_table(
        "stats_cause",
        sa.Column("tenant_id", sa.Uuid, nullable=False),
        sa.Column("span", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("day", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("cluster_id", sa.Uuid, nullable=False),
        sa.Column("failures", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "span", "day", "cluster_id", name="pk_stats_cause"),
        sqlite_with_rowid=False,
    )


# Written out once more, as everything here: a migration must go on doing what it did when it was released.
def _bucket(duration_ms: int) -> int:
    value = max(0, duration_ms)
    shift = max(0, value.bit_length() - 4)
    return shift * 8 + (value >> shift)


def _hash(fingerprint: str, root_cause: str) -> str:
    return hashlib.sha256((fingerprint or f"cause:{root_cause}").encode()).hexdigest()


def _table(name: str, *columns: str) -> sa.TableClause:
    uuids = ("id", "tenant_id", "cluster_id", "last_analysis_id")
    return sa.table(name, *(sa.column(c, sa.Uuid() if c in uuids else None) for c in columns))


def _fill(connection: sa.Connection) -> None:
    analyses = _table(
        "analyses", "id", "tenant_id", "project", "failure", "severity", "rca_ms", "created_at_us", "fingerprint",
        "root_cause", "cluster_id",
    )  # fmt: skip
    clusters: dict[tuple[uuid.UUID, str], dict[str, Any]] = {}
    days: defaultdict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    durations: Counter[tuple[Any, ...]] = Counter()
    projects: defaultdict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    causes: Counter[tuple[Any, ...]] = Counter()
    members: list[dict[str, Any]] = []
    rows = connection.execute(sa.select(analyses).order_by(analyses.c.created_at_us, analyses.c.id))
    for row in rows.yield_per(_ROWS):
        day = row.created_at_us // _DAY_US
        counted = {"failures": int(bool(row.failure)), row.severity: 1}
        days[row.tenant_id, day].update({**counted, "rca_ms_sum": row.rca_ms})
        for span in _SPANS:
            projects[row.tenant_id, span, day - day % span, row.project].update(counted)
            durations[row.tenant_id, span, day - day % span, _bucket(row.rca_ms)] += 1
        if not row.failure:
            continue
        key = (row.tenant_id, _hash(row.fingerprint, row.root_cause))
        cluster = clusters.setdefault(
            key,
            {
                "id": uuid.uuid4(), "tenant_id": row.tenant_id, "fingerprint_hash": key[1], "count": 0,
                "first_seen_at_us": row.created_at_us, "status": "active",
            },
        )  # fmt: skip
        cluster["count"] += 1
        cluster["last_root_cause"], cluster["last_severity"] = row.root_cause, row.severity
        cluster["last_seen_at_us"], cluster["last_analysis_id"] = row.created_at_us, row.id
        for span in _SPANS:
            causes[row.tenant_id, span, day - day % span, cluster["id"]] += 1
        members.append({"of_analysis": row.id, "to_cluster": cluster["id"]})
    counters = ("failures", "low", "medium", "high")
    _insert(
        connection,
        _table(
            "clusters", "id", "tenant_id", "fingerprint_hash", "count", "first_seen_at_us", "status",
            "last_root_cause", "last_severity", "last_seen_at_us", "last_analysis_id",
        ),
        list(clusters.values()),
    )  # fmt: skip
    _insert(
        connection,
        _table("stats_daily", "tenant_id", "day", *counters, "rca_ms_sum"),
        [
            {"tenant_id": tenant, "day": day, **{name: counted[name] for name in (*counters, "rca_ms_sum")}}
            for (tenant, day), counted in days.items()
        ],
    )
    _insert(
        connection,
        _table("stats_project", "tenant_id", "span", "day", "project", *counters),
        [
            {
                "tenant_id": tenant,
                "span": span,
                "day": day,
                "project": project,
                **{name: counted[name] for name in counters},
            }
            for (tenant, span, day, project), counted in projects.items()
        ],
    )
    _insert(
        connection,
        _table("stats_rca", "tenant_id", "span", "day", "bucket", "analyses"),
        [
            {"tenant_id": tenant, "span": span, "day": day, "bucket": bucket, "analyses": count}
            for (tenant, span, day, bucket), count in durations.items()
        ],
    )
    _insert(
        connection,
        _table("stats_cause", "tenant_id", "span", "day", "cluster_id", "failures"),
        [
            {"tenant_id": tenant, "span": span, "day": day, "cluster_id": cluster, "failures": count}
            for (tenant, span, day, cluster), count in causes.items()
        ],
    )
    if members:
        connection.execute(
            sa.update(analyses)
            .where(analyses.c.id == sa.bindparam("of_analysis", type_=sa.Uuid()))
            .values(cluster_id=sa.bindparam("to_cluster", type_=sa.Uuid())),
            members,
        )


def _insert(connection: sa.Connection, table: sa.TableClause, values: list[dict[str, Any]]) -> None:
    if values:
        connection.execute(sa.insert(table), values)

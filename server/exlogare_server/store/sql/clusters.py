"""Statements about clusters: failures of a tenant with the same cause. Transactions are the caller's."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from exlogare_server.errors import NotFoundError
from exlogare_server.store.protocol import AuditEvent, Cluster, ClusterStatus, NewAnalysis
from exlogare_server.store.sql import people, rows
from exlogare_server.store.sql.prepared import Prepared
from exlogare_server.store.sql.schema import analyses, clusters
from exlogare_server.times import from_us, to_us


class Joined(msgspec.Struct, frozen=True):
    """What a failure did to its cluster: see ``Saved``."""

    cluster_id: UUID
    first_time: bool
    regression: bool


def hash_of(record: NewAnalysis) -> str:
    """Give 64 hex digits that are the same for the same cause; without a fingerprint the sentence stands in."""
    return hashlib.sha256((record.fingerprint or f"cause:{record.root_cause}").encode()).hexdigest()


def _insert_if_new(dialect: str) -> sa.Executable:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(clusters)
    # The id comes back only when there was none: psycopg's count of rows is not kept for an insert.
    made: sa.Executable = insert.on_conflict_do_nothing(
        index_elements=[clusters.c.tenant_id, clusters.c.fingerprint_hash]
    ).returning(clusters.c.id)
    return made


_INSERT_IF_NEW = Prepared(_insert_if_new)
_FIND = Prepared(
    sa.select(clusters.c.id, clusters.c.status, clusters.c.last_seen_at_us, clusters.c.first_seen_at_us)
    .where(clusters.c.tenant_id == sa.bindparam("of_tenant"), clusters.c.fingerprint_hash == sa.bindparam("of_hash"))
    # Whoever comes second waits, and then counts on.
    .with_for_update()
)
_COUNT_ON = Prepared(
    sa.update(clusters).where(clusters.c.id == sa.bindparam("known")).values(count=clusters.c.count + 1)
)
_RENEW = Prepared(
    sa.update(clusters).where(
        clusters.c.id == sa.bindparam("known"), clusters.c.last_analysis_id == sa.bindparam("of_analysis")
    )
)


def join(
    connection: sa.Connection, record: NewAnalysis, analysis_id: UUID, created_at_us: int, *, reopens: bool
) -> Joined:
    """Count a failure in the cluster of its cause, which is made if it is new.

    Args:
        connection: inside a transaction.
        record: the failure.
        analysis_id: its id.
        created_at_us: when it was posted first.
        reopens: whether a resolved cluster becomes active by it.
    """
    fingerprint_hash = hash_of(record)
    keys = {"of_tenant": record.tenant_id, "of_hash": fingerprint_hash}
    newest = {
        "last_root_cause": record.root_cause,
        "last_severity": record.severity,
        "last_seen_at_us": created_at_us,
        "last_analysis_id": analysis_id,
    }
    known = _FIND.one_or_none(connection, keys)
    if known is None:
        new = uuid.uuid4()
        made = _INSERT_IF_NEW.one_or_none(
            connection,
            {
                "id": new, "tenant_id": record.tenant_id, "fingerprint_hash": fingerprint_hash, "count": 1,
                "first_seen_at_us": created_at_us, "status": "active", **newest,
            },
        )  # fmt: skip
        if made is not None:
            return Joined(new, first_time=True, regression=False)
        # Another connection made it meanwhile.
        known = _FIND.one_or_none(connection, keys)
    changes: dict[str, Any] = {}
    if created_at_us >= known.last_seen_at_us:
        changes |= newest
    if created_at_us < known.first_seen_at_us:
        changes["first_seen_at_us"] = created_at_us
    regression = reopens and known.status == "resolved"
    if regression:
        changes |= {
            "status": "active", "acknowledged_at_us": None, "resolved_at_us": None, "regressed_at_us": created_at_us,
        }  # fmt: skip
    _COUNT_ON.run(connection, {"known": known.id, **changes})
    return Joined(known.id, first_time=False, regression=regression)


def renew(connection: sa.Connection, record: NewAnalysis, analysis_id: UUID, cluster_id: UUID) -> None:
    """Take over the words of a renewed analysis, if it is the cluster's newest one."""
    words = {"last_root_cause": record.root_cause, "last_severity": record.severity}
    _RENEW.run(connection, {"known": cluster_id, "of_analysis": analysis_id, **words})


def leave(connection: sa.Connection, cluster_id: UUID) -> None:
    """Take one failure out of a cluster's count, after its row was changed or deleted.

    A cluster that nothing is left of goes; of another the oldest and the newest analysis are found anew.
    """
    # Whoever joins meanwhile waits, and finds it as it is afterwards.
    connection.execute(sa.select(clusters.c.id).where(clusters.c.id == cluster_id).with_for_update()).all()
    members = sa.select(analyses.c.id, analyses.c.created_at_us, analyses.c.root_cause, analyses.c.severity).where(
        analyses.c.cluster_id == cluster_id
    )
    newest = connection.execute(
        members.order_by(analyses.c.created_at_us.desc(), analyses.c.id.desc()).limit(1)
    ).one_or_none()
    oldest = connection.execute(members.order_by(analyses.c.created_at_us, analyses.c.id).limit(1)).one_or_none()
    if newest is None or oldest is None:
        connection.execute(sa.delete(clusters).where(clusters.c.id == cluster_id))
        return
    connection.execute(
        sa.update(clusters)
        .where(clusters.c.id == cluster_id)
        .values(
            count=clusters.c.count - 1,
            first_seen_at_us=oldest.created_at_us,
            last_seen_at_us=newest.created_at_us,
            last_analysis_id=newest.id,
            last_root_cause=newest.root_cause,
            last_severity=newest.severity,
        )
    )


def page(
    connection: sa.Connection, tenant_id: UUID, status: ClusterStatus | None, offset: int, rows_max: int
) -> tuple[Cluster, ...]:
    """List clusters along an index, the one that failed last first."""
    statement = sa.select(clusters).where(clusters.c.tenant_id == tenant_id)
    if status is not None:
        statement = statement.where(clusters.c.status == status)
    statement = statement.order_by(clusters.c.last_seen_at_us.desc(), clusters.c.id.desc())
    return tuple(cluster_of(row) for row in connection.execute(statement.limit(rows_max).offset(offset)))


def one(connection: sa.Connection, tenant_id: UUID, cluster_id: UUID) -> Cluster | None:
    """Find one cluster of this tenant."""
    row = connection.execute(
        sa.select(clusters).where(clusters.c.id == cluster_id, clusters.c.tenant_id == tenant_id)
    ).one_or_none()
    return None if row is None else cluster_of(row)


def by_status(connection: sa.Connection, tenant_id: UUID) -> dict[ClusterStatus, int]:
    """Count clusters by status."""
    found = connection.execute(
        sa.select(clusters.c.status, sa.func.count())
        .where(clusters.c.tenant_id == tenant_id)
        .group_by(clusters.c.status)
    )
    counts: dict[ClusterStatus, int] = {"active": 0, "acknowledged": 0, "resolved": 0}
    counts.update({status: int(number) for status, number in found})
    return counts


def of_analyses(connection: sa.Connection, tenant_id: UUID, analysis_ids: Sequence[UUID]) -> dict[UUID, Cluster]:
    """Find the clusters of analyses."""
    # By their keys alone, the tenant is looked at afterwards: SQLite without statistics takes an index of the tenant
    # rather than the key, and reads all that the tenant has.
    members = connection.execute(
        sa.select(analyses.c.id, analyses.c.cluster_id, analyses.c.tenant_id).where(analyses.c.id.in_(analysis_ids))
    ).all()
    wanted = {row.cluster_id for row in members if row.tenant_id == tenant_id and row.cluster_id is not None}
    if not wanted:
        return {}
    found = {
        row.id: cluster_of(row) for row in connection.execute(sa.select(clusters).where(clusters.c.id.in_(wanted)))
    }
    return {row.id: found[row.cluster_id] for row in members if row.tenant_id == tenant_id and row.cluster_id in found}


def set_status(
    connection: sa.Connection,
    tenant_id: UUID,
    cluster_id: UUID,
    status: ClusterStatus,
    now: datetime,
    *,
    event: AuditEvent | None = None,
) -> Cluster:
    """Change a cluster's status; the same again changes nothing. Raises ``NotFoundError``."""
    mine = sa.and_(clusters.c.id == cluster_id, clusters.c.tenant_id == tenant_id)
    changes: dict[str, Any] = {"status": status}
    if status == "active":
        changes |= {"acknowledged_at_us": None, "resolved_at_us": None}
    elif status == "acknowledged":
        changes |= {"acknowledged_at_us": to_us(now), "resolved_at_us": None}
    else:
        changes["resolved_at_us"] = to_us(now)
    changed = connection.execute(sa.update(clusters).where(mine, clusters.c.status != status).values(changes))
    if changed.rowcount:
        people.record(connection, event)
    found = one(connection, tenant_id, cluster_id)
    if found is None:
        raise NotFoundError("There is no such cluster.")
    return found


def cluster_of(row: sa.Row[Any]) -> Cluster:
    """Read a row of ``clusters``."""
    columns = row._mapping  # noqa: SLF001 - the public name of a row's columns; `row.count` is a method
    return Cluster(
        id=row.id,
        fingerprint_hash=row.fingerprint_hash,
        last_root_cause=row.last_root_cause,
        last_severity=row.last_severity,
        count=columns["count"],
        first_seen_at=from_us(row.first_seen_at_us),
        last_seen_at=from_us(row.last_seen_at_us),
        status=row.status,
        last_analysis_id=row.last_analysis_id,
        acknowledged_at=rows.maybe_time(row.acknowledged_at_us),
        resolved_at=rows.maybe_time(row.resolved_at_us),
        regressed_at=rows.maybe_time(row.regressed_at_us),
    )

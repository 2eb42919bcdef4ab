"""Statements about kinds of failures and about clusters over days. Transactions are the caller's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from exlogare_server import limits
from exlogare_server.store.browsing import KindCounts, Novelty
from exlogare_server.store.protocol import Cluster, ClusterStatus, Severity
from exlogare_server.store.sql.browsing_schema import stats_kind
from exlogare_server.store.sql.clusters import cluster_of
from exlogare_server.store.sql.schema import clusters, stats_cause
from exlogare_server.times import to_us

_BY_NAME: Final[tuple[Severity, ...]] = ("high", "low", "medium")


def failures_by_kind(connection: sa.Connection, tenant_id: UUID, first_day: int) -> KindCounts:
    """Count failures by day and severity, and by category.

    Added up in the database: a quarter has thousands of rows.
    """
    columns = stats_kind.c
    mine = (columns.tenant_id == tenant_id, columns.day >= first_day)
    # A column for each severity, so that the rows are added up in the order in which they lie, without sorting.
    sums = (sa.func.sum(sa.case((columns.severity == severity, columns.failures), else_=0)) for severity in _BY_NAME)
    days = connection.execute(sa.select(columns.day, *sums).where(*mine).group_by(columns.day).order_by(columns.day))
    total = sa.func.sum(columns.failures)
    categories = connection.execute(
        sa.select(columns.category, total)
        .where(*mine)
        .group_by(columns.category)
        .having(total > 0)
        .order_by(total.desc(), columns.category)
    )
    return KindCounts(
        tuple(
            (int(day), severity, int(count))
            for day, *counts in days
            for severity, count in zip(_BY_NAME, counts, strict=True)
            if count
        ),
        tuple((str(category), int(count)) for category, count in categories),
    )


def cluster_days(
    connection: sa.Connection, tenant_id: UUID, cluster_ids: Sequence[UUID], first_day: int, last_day: int
) -> dict[UUID, dict[int, int]]:
    """Count the failures of clusters by day: the key of the table is looked up for each day and cluster."""
    days: dict[UUID, dict[int, int]] = {cluster_id: {} for cluster_id in cluster_ids}
    if not cluster_ids:
        return days
    columns = stats_cause.c
    found = connection.execute(
        sa.select(columns.cluster_id, columns.day, columns.failures).where(
            columns.tenant_id == tenant_id,
            columns.span == 1,
            # Named one by one: a range of days would be read whole, with the clusters of everybody.
            columns.day.in_(range(first_day, last_day + 1)),
            columns.cluster_id.in_(cluster_ids),
            columns.failures > 0,
        )
    )
    for cluster_id, day, failures in found:
        days[cluster_id][int(day)] = int(failures)
    return days


def cluster_counts(connection: sa.Connection, tenant_id: UUID, cluster_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Say how many runs failed of each of these clusters.

    By their keys alone; why the tenant is looked at afterwards stands at ``clusters.of_analyses``.
    """
    columns = clusters.c
    found = connection.execute(
        sa.select(columns.id, columns.tenant_id, columns["count"]).where(columns.id.in_(cluster_ids))
    )
    return {cluster_id: int(count) for cluster_id, owner_id, count in found if owner_id == tenant_id}


def clusters_since(
    connection: sa.Connection, tenant_id: UUID, novelty: Novelty, since: datetime, rows_max: int
) -> tuple[int, tuple[Cluster, ...]]:
    """List what is new or back."""
    column = clusters.c.first_seen_at_us if novelty == "new" else clusters.c.regressed_at_us
    mine = (clusters.c.tenant_id == tenant_id, column >= to_us(since))
    statement = sa.select(clusters).where(*mine).order_by(column.desc(), clusters.c.id.desc()).limit(rows_max)
    found = tuple(cluster_of(row) for row in connection.execute(statement))
    if len(found) < rows_max:
        return len(found), found
    return int(connection.execute(sa.select(sa.func.count()).select_from(clusters).where(*mine)).scalar_one()), found


def clusters_like(
    connection: sa.Connection, tenant_id: UUID, text: str, status: ClusterStatus | None, *, offset: int, rows_max: int
) -> tuple[Cluster, ...]:
    """List clusters by the words of their cause."""
    newest = (clusters.c.last_seen_at_us.desc(), clusters.c.id.desc())
    looked_at = sa.select(clusters).where(clusters.c.tenant_id == tenant_id)
    if status is not None:
        looked_at = looked_at.where(clusters.c.status == status)
    seen = looked_at.order_by(*newest).limit(limits.CLUSTERS_SEARCHED_MAX).subquery()
    statement = (
        sa.select(seen)
        .where(seen.c.last_root_cause.icontains(text, autoescape=True))
        .order_by(seen.c.last_seen_at_us.desc(), seen.c.id.desc())
        .limit(rows_max)
        .offset(offset)
    )
    return tuple(cluster_of(row) for row in connection.execute(statement))

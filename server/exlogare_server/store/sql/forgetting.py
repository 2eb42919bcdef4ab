"""Statements that delete old analyses. Each takes a connection; transactions are the caller's."""

from collections import Counter
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from exlogare_server.store.sql import rollups
from exlogare_server.store.sql.browsing_schema import stats_kind
from exlogare_server.store.sql.schema import (
    analyses,
    clusters,
    stats_cause,
    stats_daily,
    stats_project,
    stats_rca,
    tenants,
)
from exlogare_server.times import to_us

_DAY_US = 86_400_000_000
_FIGURES = (stats_daily, stats_project, stats_rca, stats_cause, stats_kind)


def tenants_with_old(connection: sa.Connection, before: datetime) -> tuple[UUID, ...]:
    """List the tenants that have analyses, or figures, of before a day."""
    # Asked of each tenant along the index that its lists use.
    old = sa.exists().where(analyses.c.tenant_id == tenants.c.id, analyses.c.created_at_us < to_us(before))
    counted = sa.exists().where(stats_daily.c.tenant_id == tenants.c.id, stats_daily.c.day < to_us(before) // _DAY_US)
    return tuple(
        connection.execute(sa.select(tenants.c.id).where(sa.or_(old, counted)).order_by(tenants.c.id)).scalars()
    )


def forget(connection: sa.Connection, tenant_id: UUID, before: datetime, rows_max: int) -> int:
    """Delete a tenant's oldest analyses of before a day, and the figures of those days after the last one.

    Args:
        connection: inside a transaction.
        tenant_id: whose.
        before: the beginning of a day in UTC.
        rows_max: how many analyses at most.

    Returns:
        How many analyses were deleted.
    """
    columns = analyses.c
    old = connection.execute(
        sa.select(columns.id, columns.cluster_id)
        .where(columns.tenant_id == tenant_id, columns.created_at_us < to_us(before))
        .order_by(columns.created_at_us, columns.id)
        .limit(rows_max)
        # A renewal that holds one of them goes first, and so does another worker.
        .with_for_update()
    ).all()
    if old:
        connection.execute(sa.delete(analyses).where(columns.id.in_([row.id for row in old])))
        gone = Counter(row.cluster_id for row in old if row.cluster_id is not None)
        # In one order, so that two transactions never wait for each other.
        for cluster_id in sorted(gone):
            _shrink(connection, cluster_id, gone[cluster_id])
    if len(old) < rows_max:
        for table in _FIGURES:
            # The key of some begins with the span; naming all of them keeps this a range of the key.
            spans = [table.c.span.in_(rollups.SPANS)] if "span" in table.c else []
            day = to_us(before) // _DAY_US
            connection.execute(sa.delete(table).where(table.c.tenant_id == tenant_id, *spans, table.c.day < day))
    return len(old)


def _shrink(connection: sa.Connection, cluster_id: UUID, count: int) -> None:
    """Take the oldest failures out of a cluster; one that nothing is left of goes."""
    connection.execute(sa.select(clusters.c.id).where(clusters.c.id == cluster_id).with_for_update()).all()
    oldest_us = connection.execute(
        sa.select(analyses.c.created_at_us)
        .where(analyses.c.cluster_id == cluster_id)
        .order_by(analyses.c.created_at_us, analyses.c.id)
        .limit(1)
    ).scalar_one_or_none()
    if oldest_us is None:
        connection.execute(sa.delete(clusters).where(clusters.c.id == cluster_id))
    else:
        connection.execute(
            sa.update(clusters)
            .where(clusters.c.id == cluster_id)
            .values(count=clusters.c.count - count, first_seen_at_us=oldest_us)
        )

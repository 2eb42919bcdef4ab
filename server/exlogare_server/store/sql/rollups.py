"""The figures of a day, kept in the transaction of the analysis that they count."""

from functools import cache
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from exlogare_server.store import durations
from exlogare_server.store.protocol import CauseCount, Overview, Severity
from exlogare_server.store.sql.schema import (
    clusters,
    stats_cause_daily,
    stats_daily,
    stats_project_daily,
    stats_rca_daily,
)

DAY_US = 86_400_000_000
_SEVERITIES = ("low", "medium", "high")


class Contribution(msgspec.Struct, frozen=True):
    """What one analysis adds to the figures.

    Attributes:
        created_at_us: the first post's time, which says the day.
        cluster_id: ``None`` for what is no failure.
    """

    tenant_id: UUID
    created_at_us: int
    project: str
    severity: Severity
    rca_ms: int
    cluster_id: UUID | None


@cache
def _adding(table: sa.Table, dialect: str) -> sa.Insert:
    """Make the statement that adds to a row's counters, or begins the row; the two dialects agree on its words."""
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    counters = {column.name: column + insert.excluded[column.name] for column in table.c if not column.primary_key}
    made: sa.Insert = insert.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=counters)
    return made


def count(connection: sa.Connection, what: Contribution, sign: int = 1) -> None:
    """Add an analysis to the figures of its day (``sign`` 1), or take it out of them (-1).

    The tables are written in the same order by everyone, so that two transactions do not wait for each other
    in a circle.
    """
    dialect = connection.dialect.name
    day = {"tenant_id": what.tenant_id, "day": what.created_at_us // DAY_US}
    failures = sign if what.cluster_id is not None else 0
    by_severity = {name: sign if name == what.severity else 0 for name in _SEVERITIES}
    row: dict[str, Any] = {**day, "failures": failures, **by_severity, "rca_ms_sum": sign * what.rca_ms}
    connection.execute(_adding(stats_daily, dialect), row)
    connection.execute(
        _adding(stats_rca_daily, dialect), {**day, "bucket": durations.bucket_of(what.rca_ms), "analyses": sign}
    )
    connection.execute(
        _adding(stats_project_daily, dialect),
        {**day, "project": what.project, "failures": failures, **by_severity},
    )
    if what.cluster_id is not None:
        connection.execute(
            _adding(stats_cause_daily, dialect), {**day, "cluster_id": what.cluster_id, "failures": sign}
        )


def overview(connection: sa.Connection, tenant_id: UUID, first_day: int) -> Overview:
    """Sum the figures from a day on."""
    names = ("failures", *_SEVERITIES, "rca_ms_sum")
    sums = connection.execute(
        sa.select(*(sa.func.coalesce(sa.func.sum(stats_daily.c[name]), 0).label(name) for name in names)).where(
            stats_daily.c.tenant_id == tenant_id, stats_daily.c.day >= first_day
        )
    ).one()
    total = sa.func.sum(stats_rca_daily.c.analyses)
    buckets = connection.execute(
        sa.select(stats_rca_daily.c.bucket, total)
        .where(stats_rca_daily.c.tenant_id == tenant_id, stats_rca_daily.c.day >= first_day)
        .group_by(stats_rca_daily.c.bucket)
        .having(total > 0)
        .order_by(stats_rca_daily.c.bucket)
    )
    return Overview(
        **{name: int(getattr(sums, name)) for name in names},
        rca_ms_buckets=tuple((int(bucket), int(analyses)) for bucket, analyses in buckets),
    )


def failures_by_day(connection: sa.Connection, tenant_id: UUID, first_day: int) -> dict[int, int]:
    """Count failures a day."""
    found = connection.execute(
        sa.select(stats_daily.c.day, stats_daily.c.failures).where(
            stats_daily.c.tenant_id == tenant_id, stats_daily.c.day >= first_day
        )
    )
    return {int(day): int(failures) for day, failures in found}


def top_projects(
    connection: sa.Connection, tenant_id: UUID, first_day: int, rows_max: int
) -> tuple[tuple[str, int], ...]:
    """List the projects with the most failures."""
    table = stats_project_daily.c
    total = sa.func.sum(table.failures)
    found = connection.execute(
        sa.select(table.project, total)
        .where(table.tenant_id == tenant_id, table.day >= first_day, table.failures > 0)
        .group_by(table.project)
        .order_by(total.desc(), table.project)
        .limit(rows_max)
    )
    return tuple((str(project), int(failures)) for project, failures in found)


def top_causes(connection: sa.Connection, tenant_id: UUID, first_day: int, rows_max: int) -> tuple[CauseCount, ...]:
    """List the causes with the most failures."""
    table = stats_cause_daily.c
    total = sa.func.sum(table.failures).label("total")
    best = (
        sa.select(table.cluster_id, total)
        .where(table.tenant_id == tenant_id, table.day >= first_day, table.failures > 0)
        .group_by(table.cluster_id)
        .order_by(total.desc(), table.cluster_id)
        .limit(rows_max)
        .subquery()
    )
    found = connection.execute(
        sa.select(clusters.c.last_root_cause, clusters.c.last_severity, best.c.total)
        .join_from(best, clusters, clusters.c.id == best.c.cluster_id)
        .order_by(best.c.total.desc(), best.c.cluster_id)
    )
    return tuple(CauseCount(cause, severity, int(number)) for cause, severity, number in found)


def count_analyses(connection: sa.Connection, tenant_id: UUID, severity: Severity | None, project: str | None) -> int:
    """Count analyses by adding up their days."""
    table = stats_daily if project is None else stats_project_daily
    names = _SEVERITIES if severity is None else (severity,)
    total = sum((sa.func.coalesce(sa.func.sum(table.c[name]), 0) for name in names), sa.literal(0))
    statement = sa.select(total).where(table.c.tenant_id == tenant_id)
    if project is not None:
        statement = statement.where(stats_project_daily.c.project == project)
    return int(connection.execute(statement).scalar_one())

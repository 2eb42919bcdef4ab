"""Statements about analyses. Each takes a connection; transactions are the caller's."""

import uuid
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from exlogare_server.store.protocol import AnalysisFilter, NewAnalysis, Position, Saved, StoredAnalysis
from exlogare_server.store.sql import clusters, rollups, rows, walking
from exlogare_server.store.sql.prepared import Prepared
from exlogare_server.store.sql.schema import analyses
from exlogare_server.store.sql.schema import clusters as clusters_table
from exlogare_server.store.sql.walking import NEWEST_FIRST
from exlogare_server.times import to_us

# The lock makes two renewals of one run follow each other where several connections write.
_FIND_RUN = Prepared(
    sa.select(
        analyses.c.id, analyses.c.created_at_us, analyses.c.project, analyses.c.severity, analyses.c.rca_ms,
        analyses.c.category, analyses.c.branch, analyses.c.cluster_id,
    )
    .where(analyses.c.tenant_id == sa.bindparam("of_tenant"), analyses.c.run_key == sa.bindparam("of_run"))
    .with_for_update()
)  # fmt: skip
_INSERT = Prepared(sa.insert(analyses))
_RENEW = Prepared(sa.update(analyses).where(analyses.c.id == sa.bindparam("known")))
_HASH = Prepared(sa.select(clusters_table.c.fingerprint_hash).where(clusters_table.c.id == sa.bindparam("of_cluster")))
# What makes the run's key is the same when the key is (``source`` goes with ``provider``); what else has an index is
# mostly the same. A column that is not set costs no write to its indexes.
_OF_THE_KEY = ("tenant_id", "run_key", "provider", "provider_label", "source", "ci_run_id", "ci_job_id", "project")
_INDEXED = ("severity", "category", "branch", "cluster_id")


def save(connection: sa.Connection, record: NewAnalysis, now: datetime) -> Saved:
    """Insert an analysis, or renew the run's one; its cluster and the figures of its day follow.

    ``created_at_us`` never changes, paging relies on it.
    """
    known = _FIND_RUN.one_or_none(connection, {"of_tenant": record.tenant_id, "of_run": record.run_key})
    if known is not None:
        return _renew(connection, record, known, now)
    new, now_us = uuid.uuid4(), to_us(now)
    joined = clusters.join(connection, record, new, now_us, reopens=True) if record.failure else None
    cluster_id = None if joined is None else joined.cluster_id
    _INSERT.run(
        connection,
        {
            **rows.analysis_values(record),
            "id": new, "created_at_us": now_us, "updated_at_us": now_us, "cluster_id": cluster_id,
        },
    )  # fmt: skip
    rollups.count(connection, _contribution(record, now_us, cluster_id))
    return Saved(
        id=new,
        cluster_id=cluster_id,
        is_new=True,
        first_time=joined is not None and joined.first_time,
        regression=joined is not None and joined.regression,
    )


def _renew(connection: sa.Connection, record: NewAnalysis, known: Any, now: datetime) -> Saved:
    """Put a run's new analysis in the place of its old one: it still counts once, and reopens nothing."""
    old, created_at_us = known.cluster_id, known.created_at_us
    stays = old is not None and record.failure and _hash_of(connection, old) == clusters.hash_of(record)
    cluster_id, first_time = old if stays else None, False
    if record.failure and not stays:
        joined = clusters.join(connection, record, known.id, created_at_us, reopens=False)
        cluster_id, first_time = joined.cluster_id, joined.first_time
    values = {**rows.analysis_values(record), "updated_at_us": to_us(now), "cluster_id": cluster_id, "known": known.id}
    same = [name for name in _INDEXED if values[name] == getattr(known, name)]
    for name in (*_OF_THE_KEY, *same):
        del values[name]
    _RENEW.run(connection, values)
    if stays:
        clusters.renew(connection, record, known.id, old)
    elif old is not None:
        clusters.leave(connection, old)
    before = rollups.Contribution(
        record.tenant_id, created_at_us, known.project, known.severity, known.category, known.rca_ms, old
    )
    after = _contribution(record, created_at_us, cluster_id)
    rollups.count(connection, after, instead_of=before)
    return Saved(id=known.id, cluster_id=cluster_id, is_new=False, first_time=first_time)


def _hash_of(connection: sa.Connection, cluster_id: UUID) -> str | None:
    found = _HASH.one_or_none(connection, {"of_cluster": cluster_id})
    return None if found is None else str(found.fingerprint_hash)


def _contribution(record: NewAnalysis, created_at_us: int, cluster_id: UUID | None) -> rollups.Contribution:
    return rollups.Contribution(
        record.tenant_id, created_at_us, record.project, record.severity, record.category, record.rca_ms, cluster_id
    )


def one(connection: sa.Connection, tenant_id: UUID, analysis_id: UUID) -> StoredAnalysis | None:
    """Find one analysis of this tenant."""
    row = connection.execute(
        sa.select(analyses).where(analyses.c.id == analysis_id, analyses.c.tenant_id == tenant_id)
    ).one_or_none()
    return None if row is None else rows.analysis(row)


def page(
    connection: sa.Connection,
    tenant_id: UUID,
    where: AnalysisFilter,
    after: Position | None,
    rows_max: int,
) -> tuple[StoredAnalysis, ...]:
    """List a tenant's analyses behind a place, newest first, along an index."""
    conditions = _conditions(connection, tenant_id, where, after)
    statement = sa.select(analyses).where(*conditions).order_by(*NEWEST_FIRST).limit(rows_max)
    return tuple(rows.analysis(row) for row in connection.execute(statement))


def page_at(
    connection: sa.Connection, tenant_id: UUID, where: AnalysisFilter, offset: int, rows_max: int
) -> tuple[StoredAnalysis, ...]:
    """List a tenant's analyses after so many, newest first; what is left out is counted along an index only."""
    conditions = _conditions(connection, tenant_id, where, None)
    wanted = sa.select(analyses.c.id).where(*conditions).order_by(*NEWEST_FIRST)
    statement = (
        sa.select(analyses).where(analyses.c.id.in_(wanted.limit(rows_max).offset(offset))).order_by(*NEWEST_FIRST)
    )
    return tuple(rows.analysis(row) for row in connection.execute(statement))


def any_of(connection: sa.Connection, tenant_id: UUID) -> bool:
    """Say whether a tenant has any analysis."""
    found = connection.execute(sa.select(analyses.c.id).where(analyses.c.tenant_id == tenant_id).limit(1))
    return found.one_or_none() is not None


def _conditions(
    connection: sa.Connection, tenant_id: UUID, where: AnalysisFilter, after: Position | None
) -> list[sa.ColumnElement[bool]]:
    columns = analyses.c
    conditions: list[sa.ColumnElement[bool]] = [columns.tenant_id == tenant_id, *rows.in_time(where, after)]
    names = walking.given(where)
    if not names:
        return conditions
    led = walking.leaders(connection, where, names, conditions)
    conditions += [columns[name] == getattr(where, name) for name in led]
    conditions += [
        walking.without_index(connection, columns[name]) == getattr(where, name) for name in names if name not in led
    ]
    return conditions
